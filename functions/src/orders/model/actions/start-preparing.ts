import { buildStep, NO_MONEY, noDoubts, noEffects, noFields, noGuard, noReads } from './parts.js';
import type { ActionSpec } from './action-spec.js';

/** The kitchen has begun to cook. */
export const startPreparingAction: ActionSpec<'startPreparing'> = {
  steps: [buildStep('accepted', 'preparing', ['merchant', 'operator'])],
  money: NO_MONEY,
  reads: noReads,
  asksMembership: false,
  guard: noGuard,
  editsLines: null,
  changes: noFields,
  details: noFields,
  doubts: noDoubts,
  marksDoubts: false,
  keepsEdit: true,
  effects: noEffects,
  showsPickUpCode: true,
};
