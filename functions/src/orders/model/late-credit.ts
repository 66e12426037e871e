import type { Doubt } from '../../contract/held-pays.js';
import type { Late, Order, Payment } from '../../contract/orders.js';
import type { Settlement } from '../../pricing/settle.js';
import { computeLateCredit, isDoorReport } from './delivery-promise.js';
import type { Facts } from './order-command.js';

const MINUTE_MS = 60_000;

/**
 * Computes the credit for the lateness of a delivery that ends now: at most what the customer paid for it, in money and
 * credit. A customer who is related to the kitchen gets no credit at the platform's cost. Null for none.
 */
export function computeCreditForLateness(
  order: Order,
  settlement: Settlement,
  doubts: readonly Doubt[],
  facts: Facts,
): Late | null {
  const late = computeLateCredit(withCredibleArrival(order, doubts, facts), facts.nowMs, facts.limits);
  if (!late) return null;
  const paidMinor = settlement.captureMinor + settlement.creditMinor;
  const capped: Late = { ...late, creditMinor: Math.min(late.creditMinor, paidMinor) };
  const creditMinor = facts.conflict ? computeMerchantPartMinor(capped, settlement) : capped.creditMinor;
  return creditMinor > 0 ? { ...capped, creditMinor } : null;
}

/**
 * Returns the order with the courier's reports from the door as far as they are credible: the wait at the door is at
 * most the time until a delivery may be given up, and after an impossible arrival no report counts.
 */
function withCredibleArrival(order: Order, doubts: readonly Doubt[], { nowMs, limits }: Facts): Order {
  const earliestMs = doubts.includes('speed') ? nowMs : nowMs - limits.undeliverableMinutes * MINUTE_MS;
  const events = order.events.map((event) =>
    isDoorReport(event) ? { ...event, atMs: Math.max(event.atMs, earliestMs) } : event,
  );
  return { ...order, events };
}

/**
 * Computes the merchant's part of the credit: a late kitchen pays for it, as far as it earns something; otherwise the
 * platform does.
 */
export function computeMerchantPartMinor({ leg, creditMinor }: Late, { split }: Settlement): number {
  return leg === 'kitchen' ? Math.min(creditMinor, split.merchantMinor) : 0;
}

/** Returns the payment with the merchant's part of the credit. */
export function withLateCredit(payment: Payment, late: Late, settlement: Settlement): Payment {
  const merchantMinor = computeMerchantPartMinor(late, settlement);
  if (merchantMinor === 0) return payment;
  return { ...payment, merchantBearsMinor: (payment.merchantBearsMinor ?? 0) + merchantMinor };
}
