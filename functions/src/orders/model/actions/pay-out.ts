import { refuse } from '../../../core/outcome.js';
import { guardPayout } from '../guards.js';
import { noDoubts, noEffects, noFields, reading, buildStaySteps } from './parts.js';
import type { ActionSpec } from './action-spec.js';

/** A kitchen that cooked is paid, although the order failed; or its pay was held until after the order was complete. */
export const payOutAction: ActionSpec<'payOut'> = {
  steps: buildStaySteps(['cancelled', 'returned', 'completed'], ['system']),
  money: { type: 'transfer' },
  reads: reading('quote', 'account'),
  asksMembership: false,
  guard: ({ order, command }) =>
    order.due?.kind === 'payOut' ? guardPayout(order, command) : refuse('MOVE_NOT_ALLOWED'),
  editsLines: null,
  changes: noFields,
  details: noFields,
  doubts: noDoubts,
  marksDoubts: false,
  keepsEdit: false,
  effects: noEffects,
  showsPickUpCode: false,
};
