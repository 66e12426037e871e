import type { Order, OrderEvent } from '../../contract/orders.js';
import type { ErrorReason } from '../../core/errors.js';
import { accept, refuse, type Outcome } from '../../core/outcome.js';

/** Changes that a kitchen may propose or make to one order. */
export const MAX_EDITS = 10;
/** Approvals of edits that wait for a second hold: each may be sent again and again. */
export const MAX_APPROVALS = 20;
/** Second holds for dearer edits: the contract has room for five. */
export const MAX_TOP_UPS = 4;
/** Calls of one courier at the door: two are enough to declare a delivery failed. */
export const MAX_CONTACTS = 6;
/** Arrivals of one courier at one stop: two are enough, and one that is not credible is reported again. */
export const MAX_ARRIVALS = 6;
/** Couriers who may return one order before an operator takes over. */
export const MAX_HAND_BACKS = 12;
/** Cancellations that operators may undo. */
export const MAX_RESTORES = 5;
/**
 * From this number of events on, no party may take a step that keeps the order's status. The contract has room for 200:
 * reminders, answers and the longest lifecycle need fewer than the other half.
 */
const MAX_REPEATED_STEPS = 100;
/**
 * The same for the steps by which an order goes on even after its parties repeated theirs: an operator's, and the assignment of
 * another courier.
 */
const MAX_RESERVED_STEPS = 150;

/** Refuses a party's step that would make the order larger than the contract allows, well before it would. */
export function checkRepetition({ events }: Order): Outcome<null> {
  return checkEvents(events, MAX_REPEATED_STEPS);
}

/** Refuses an operator's step, or an assignment, once the order has no reserve of events left. */
export function checkReserve({ events }: Order): Outcome<null> {
  return checkEvents(events, MAX_RESERVED_STEPS);
}

function checkEvents({ length }: readonly OrderEvent[], max: number): Outcome<null> {
  return length < max ? accept(null) : refuse('TOO_MANY_STEPS', { max });
}

/** Refuses with `reason` once there are `max` events of the action. */
export function checkCount(
  { events }: Pick<Order, 'events'>,
  action: OrderEvent['action'],
  max: number,
  reason: ErrorReason,
): Outcome<null> {
  return events.filter((event) => event.action === action).length < max ? accept(null) : refuse(reason, { max });
}

/** Checks whether a further PaymentIntent may be opened for a dearer edit. */
export function checkTopUps({ topUps = [] }: Pick<Order['payment'], 'topUps'>): Outcome<null> {
  return topUps.length < MAX_TOP_UPS ? accept(null) : refuse('TOO_MANY_TOP_UPS', { max: MAX_TOP_UPS });
}

/** Refuses a step that was decided before one of these actions, where the app says what it had read. */
export function checkSeen(
  { events }: Pick<Order, 'events'>,
  seen: number | undefined,
  actions: readonly OrderEvent['action'][],
): Outcome<null> {
  const last = events.findLast(({ action }) => actions.includes(action));
  return seen === undefined || !last || last.n <= seen
    ? accept(null)
    : refuse('ORDER_CHANGED', { events: events.length });
}
