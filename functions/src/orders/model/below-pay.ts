import type { Order, OrderEvent, Quote } from '../../contract/orders.js';
import type { EditVerdict } from './edits.js';
import type { TransitionRequest } from './order-command.js';

const EDITS: readonly OrderEvent['action'][] = ['edit', 'answerEdit'];

/**
 * True for an edit after which the customer pays less, in money and credit, than the kitchen and the courier earn,
 * although not before: a delivery that the platform pays from a minimum on keeps its discount. An operator's edit is a
 * decision.
 */
export function isEditedBelowPay({ actor, facts }: TransitionRequest, edited: EditVerdict | null): boolean {
  if (edited?.type !== 'apply' || actor.role === 'operator' || !facts.quote) return false;
  return !isBelowPay(facts.quote) && isBelowPay(edited.quote);
}

function isBelowPay({ pricing: { totals, split } }: Pick<Quote, 'pricing'>): boolean {
  return totals.totalMinor + totals.creditMinor < split.merchantMinor + split.courierMinor;
}

/** True for an order with such an edit. */
export function wasEditedBelowPay({ events }: Pick<Order, 'events'>): boolean {
  return events.some(({ action, review }) => EDITS.includes(action) && review === true);
}
