import { guardPayout } from '../guards.js';
import { buildStep, noDoubts, noEffects, noFields, reading } from './parts.js';
import type { ActionSpec } from './action-spec.js';

/** Some time after its end the merchant is paid, and the order is final. */
export const completeAction: ActionSpec<'complete'> = {
  steps: [buildStep('delivered', 'completed', ['system']), buildStep('collected', 'completed', ['system'])],
  money: { type: 'transfer' },
  reads: reading('quote', 'account'),
  asksMembership: false,
  guard: ({ order, command }) => guardPayout(order, command),
  editsLines: null,
  changes: noFields,
  details: noFields,
  doubts: noDoubts,
  marksDoubts: false,
  keepsEdit: false,
  effects: noEffects,
  showsPickUpCode: false,
};
