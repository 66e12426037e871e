import type { Order } from '../../../contract/orders.js';
import { accept, type Outcome } from '../../../core/outcome.js';
import { decideEditAnswer } from '../edits.js';
import { notifyCustomer, notifyMerchant } from '../effect.js';
import { firstRefusal } from '../guards.js';
import type { OrderCommand } from '../order-command.js';
import { withTopUp } from '../payment-intents.js';
import { checkCount, checkTopUps, MAX_APPROVALS, checkRepetition } from '../step-limits.js';
import { COOKING, NO_MONEY, noDoubts, noFields, buildStaySteps } from './parts.js';
import type { ActionSpec } from './action-spec.js';

/** The customer answers a proposed edit or pays its difference, or does not answer in time. */
export const answerEditAction: ActionSpec<'answerEdit'> = {
  steps: buildStaySteps(COOKING, ['customer', 'system']),
  money: NO_MONEY,
  reads: ({ order }) => ['quote', ...(order.payment.method === 'cash' ? (['cashLimit'] as const) : [])],
  asksMembership: false,
  guard: ({ order, command }) => (opensHold(command) ? guardHold(order) : accept(null)),
  editsLines: (request) => decideEditAnswer(request, request.command),
  changes: ({ order, command }) => (command.topUp ? { payment: withTopUp(order.payment, command.topUp) } : {}),
  details: noFields,
  doubts: noDoubts,
  marksDoubts: false,
  keepsEdit: false,
  effects: (order, event) => [
    notifyMerchant(order, 'edit_answered'),
    ...(event.by === 'system' ? [notifyCustomer(order, 'order_edited')] : []),
  ],
  showsPickUpCode: false,
};

/** An answer that opens a PaymentIntent leaves the edit as it was; every other one ends it. */
function opensHold({ reason, topUpIntentId }: OrderCommand<'answerEdit'>): boolean {
  return reason === 'approved' && topUpIntentId !== undefined;
}

function guardHold(order: Order): Outcome<null> {
  return firstRefusal(
    checkRepetition(order),
    checkCount(order, 'answerEdit', MAX_APPROVALS, 'TOO_MANY_EDITS'),
    checkTopUps(order.payment),
  );
}
