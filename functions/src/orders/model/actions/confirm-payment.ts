import { computePromiseMs } from '../delivery-promise.js';
import { notifyOfPlaced } from '../effect.js';
import { buildStep, NO_MONEY, noDoubts, noFields, noGuard, noReads } from './parts.js';
import type { ActionSpec } from './action-spec.js';

/** The payment is authorised, or nothing has to be paid: the restaurant gets the order, or it waits for its slot. */
export const confirmPaymentAction: ActionSpec<'confirmPayment'> = {
  steps: [
    { ...buildStep('pending_payment', 'placed', ['system']), waits: false },
    { ...buildStep('pending_payment', 'scheduled', ['system']), waits: true },
  ],
  money: NO_MONEY,
  reads: noReads,
  asksMembership: false,
  guard: noGuard,
  editsLines: null,
  changes: ({ order, command, facts }) => ({
    payment: { ...order.payment, ...command.payment },
    promisedAtMs: computePromiseMs(order, facts.nowMs),
  }),
  details: noFields,
  doubts: noDoubts,
  marksDoubts: false,
  keepsEdit: false,
  effects: notifyOfPlaced,
  showsPickUpCode: false,
};
