import { notifyCustomer } from '../effect.js';
import { check } from '../guards.js';
import { NO_MONEY, noDoubts, noFields, noReads, buildStaySteps } from './parts.js';
import type { ActionSpec } from './action-spec.js';

/** The saved card of such a slot was declined: the customer has some time to pay by other means. */
export const failPaymentAction: ActionSpec<'failPayment'> = {
  steps: buildStaySteps(['scheduled'], ['system']),
  money: NO_MONEY,
  reads: noReads,
  asksMembership: false,
  guard: ({ order }) => check(order.payment.status === 'deferred', 'MOVE_NOT_ALLOWED'),
  editsLines: null,
  changes: noFields,
  details: noFields,
  doubts: noDoubts,
  marksDoubts: false,
  keepsEdit: false,
  effects: (order) => [notifyCustomer(order, 'payment_failed')],
  showsPickUpCode: false,
};
