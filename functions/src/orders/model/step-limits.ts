import type { Order, OrderEvent } from '../../contract/orders.js';
import { accept, refuse, type Outcome } from '../../core/outcome.js';
import type { OrderCommand } from './order-command.js';

/** Changes that a kitchen may propose or make to one order. */
export const MAX_EDITS = 10;
/** Approvals of edits that wait for a second hold: each may be sent again and again. */
export const MAX_APPROVALS = 20;
/** Second holds for dearer edits: the contract has room for five. */
export const MAX_TOP_UPS = 4;
/** Calls at one door: two are enough to declare a delivery failed. */
export const MAX_CONTACTS = 6;
/** Couriers who may give one order back before operators look after it. */
export const MAX_HAND_BACKS = 12;
/** Cancellations that operators may undo. */
export const MAX_RESTORES = 5;
/**
 * From this many events on, no party may take a step that leaves the order where it was. The contract has room for 200:
 * reminders, answers and the longest way to the end need fewer than the other half.
 */
export const MAX_REPEATED_STEPS = 100;

const REPEATABLE: readonly OrderCommand['action'][] = ['edit', 'assign', 'arrive', 'contact', 'restore'];

/** Refuses a step that would make the order larger than the contract allows, well before it would. */
export function checkStepLimits({ events, payment }: Order, command: OrderCommand): Outcome<null> {
  const count = (action: OrderEvent['action']) => events.filter((event) => event.action === action).length;
  // An answer that opens a hold leaves the edit as it was; every other one ends it.
  const opens = command.action === 'answerEdit' && command.reason === 'approved' && command.topUpIntentId !== undefined;
  if ((opens || REPEATABLE.includes(command.action)) && events.length >= MAX_REPEATED_STEPS)
    return refuse('TOO_MANY_STEPS', { max: MAX_REPEATED_STEPS });
  switch (command.action) {
    case 'edit':
      return count('edit') < MAX_EDITS ? accept(null) : refuse('TOO_MANY_EDITS', { max: MAX_EDITS });
    case 'answerEdit':
      if (!opens) return accept(null);
      return count('answerEdit') < MAX_APPROVALS
        ? checkTopUps(payment)
        : refuse('TOO_MANY_EDITS', { max: MAX_APPROVALS });
    case 'contact':
      return count('contact') < MAX_CONTACTS ? accept(null) : refuse('TOO_MANY_CONTACTS', { max: MAX_CONTACTS });
    case 'assign':
      return count('unassign') < MAX_HAND_BACKS ? accept(null) : refuse('TOO_MANY_STEPS', { max: MAX_HAND_BACKS });
    case 'restore':
      return count('restore') < MAX_RESTORES ? accept(null) : refuse('TOO_MANY_STEPS', { max: MAX_RESTORES });
    default:
      return accept(null);
  }
}

/** May a further hold be opened for a dearer edit? */
export function checkTopUps({ topUps = [] }: Pick<Order['payment'], 'topUps'>): Outcome<null> {
  return topUps.length < MAX_TOP_UPS ? accept(null) : refuse('TOO_MANY_TOP_UPS', { max: MAX_TOP_UPS });
}
