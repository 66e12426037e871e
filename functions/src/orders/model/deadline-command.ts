import type { Due, Order } from '../../contract/orders.js';
import type { OrderCommand } from './order-command.js';
import { toUnansweredAction } from './edits.js';
import { isUnderReview } from './doubts.js';

/** The reason of the cancellation of a pickup order that the customer did not collect. */
export const NO_SHOW = 'no_show';

/** The reason of the cancellation of a scheduled order whose saved card was declined and that was not paid since. */
export const PAYMENT_FAILED = 'payment_failed';

/** Builds the system's command for an order whose deadline has passed. */
export function toDeadlineCommand(order: Order, kind: Due['kind'], taken = false): OrderCommand {
  switch (kind) {
    case 'reject':
      return { action: 'reject', reason: 'no_answer' };
    case 'overdue':
      return { action: 'escalate' };
    case 'noCourier':
      return { action: 'cancel', reason: 'no_courier' };
    case 'noArrival':
      return { action: 'unassign', reason: 'no_arrival' };
    case 'noShow':
      return { action: 'cancel', reason: NO_SHOW };
    case 'fixPayment':
      return { action: 'cancel', reason: PAYMENT_FAILED };
    // The card was charged or declined before: see deferred-charge.ts.
    case 'authorize':
      return { action: 'failPayment', reason: 'no_answer' };
    case 'holdLapse':
      return commandBeforeHoldExpires(order);
    case 'editLapse':
      return editExpiryCommand(order);
    case 'complete':
    case 'payOut':
      return { action: kind, taken };
    default:
      return { action: kind };
  }
}

/** Food that left the kitchen is charged, unless an operator has to decide; any other PaymentIntent is released. */
function commandBeforeHoldExpires(order: Order): OrderCommand {
  if (order.status === 'picked_up') return { action: 'presumeDelivered' };
  if (order.status !== 'undeliverable') return { action: 'cancel', reason: 'hold_lapses' };
  return isUnderReview(order) ? { action: 'return', liable: 'platform' } : { action: 'return' };
}

function editExpiryCommand({ edit }: Order): OrderCommand {
  const action = toUnansweredAction(edit?.ifUnavailable ?? 'refund');
  return action === 'cancel' ? { action, reason: 'edit_unanswered' } : { action, reason: 'unanswered' };
}
