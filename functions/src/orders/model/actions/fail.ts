import type { Order } from '../../../contract/orders.js';
import { accept, refuse, type Outcome } from '../../../core/outcome.js';
import { findDoorArrivalMs } from '../delivery-promise.js';
import { listEvidenceDoubts, listFailureDoubts } from '../doubts.js';
import { askOperator, notifyCustomer } from '../effect.js';
import { listCurrentLegEvents } from '../guards.js';
import type { Facts } from '../order-command.js';
import { buildStep, NO_MONEY, noFields, listPositionFacts } from './parts.js';
import type { ActionSpec } from './action-spec.js';

const MINUTE_MS = 60_000;
const CONTACTS_BEFORE_FAILURE = 2;

/** The customer was not at the door, or no person there could prove the age: the courier takes the food back. */
export const failAction: ActionSpec<'fail'> = {
  steps: [buildStep('picked_up', 'undeliverable', ['courier', 'operator'], 'delivery')],
  money: NO_MONEY,
  reads: ({ order, actor }) => ['quote', ...(actor.role === 'courier' ? listPositionFacts(order) : [])],
  asksMembership: false,
  guard: ({ order, command, actor, facts }) => {
    if (command.cause === 'id_check' && order.ageLimit === undefined) return refuse('NO_AGE_LIMIT');
    if (actor.role === 'operator') return accept(null);
    return command.cause === 'id_check' ? guardIdFailure(order) : guardFailure(order, facts);
  },
  editsLines: null,
  changes: noFields,
  details: ({ command: { cause } }) => (cause === undefined ? {} : { cause }),
  doubts: ({ order, command, actor, facts }) => {
    if (actor.role === 'operator') return [];
    // The courier need not wait for the customer.
    return command.cause === 'id_check' ? listEvidenceDoubts(order, facts) : listFailureDoubts(order, facts);
  },
  marksDoubts: true,
  keepsEdit: false,
  effects: (order, { cause }) => [
    notifyCustomer(order, cause === 'id_check' ? 'age_not_proven' : 'order_undeliverable'),
    askOperator('undeliverable'),
  ],
  showsPickUpCode: false,
};

/** The courier is at the door, by an arrival that is reported there. */
const guardIdFailure = (order: Order): Outcome<null> =>
  findDoorArrivalMs(order) === undefined ? refuse('TOO_FAR_FROM_STOP') : accept(null);

/**
 * By the server's clock and count: the phone's would be the courier's own claim. The customer need not be there before
 * the requested slot.
 */
function guardFailure(order: Order, { nowMs, limits }: Facts): Outcome<null> {
  const contacts = listCurrentLegEvents(order).filter((event) => event.action === 'contact').length;
  const waitedMs = nowMs - Math.max(findDoorArrivalMs(order) ?? nowMs, order.scheduledForMs ?? 0);
  const tried = contacts >= CONTACTS_BEFORE_FAILURE && waitedMs >= limits.undeliverableMinutes * MINUTE_MS;
  const details = { minutes: limits.undeliverableMinutes, contacts: CONTACTS_BEFORE_FAILURE };
  return tried ? accept(null) : refuse('TOO_EARLY', details);
}
