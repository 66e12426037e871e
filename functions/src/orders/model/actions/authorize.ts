import { check } from '../guards.js';
import { NO_MONEY, noDoubts, noEffects, noFields, noReads, buildStaySteps } from './parts.js';
import type { ActionSpec } from './action-spec.js';

/** The saved card of a slot beyond a PaymentIntent's lifetime was charged shortly before the slot. */
export const authorizeAction: ActionSpec<'authorize'> = {
  steps: buildStaySteps(['scheduled'], ['system']),
  money: NO_MONEY,
  reads: noReads,
  asksMembership: false,
  guard: ({ order }) => check(order.payment.status === 'deferred', 'MOVE_NOT_ALLOWED'),
  editsLines: null,
  changes: ({ order, command }) => ({ payment: { ...order.payment, ...command.payment } }),
  details: noFields,
  doubts: noDoubts,
  marksDoubts: false,
  keepsEdit: false,
  effects: noEffects,
  showsPickUpCode: false,
};
