import { buildStep, noDoubts, noEffects, noFields, noGuard, noReads, VOIDS } from './parts.js';
import type { ActionSpec } from './action-spec.js';

/** The order was not paid in time, or the customer cancelled before paying. */
export const expireAction: ActionSpec<'expire'> = {
  steps: [buildStep('pending_payment', 'expired', ['system', 'customer'])],
  money: VOIDS,
  reads: noReads,
  asksMembership: false,
  guard: noGuard,
  editsLines: null,
  changes: noFields,
  details: noFields,
  doubts: noDoubts,
  marksDoubts: false,
  keepsEdit: false,
  effects: noEffects,
  showsPickUpCode: false,
};
