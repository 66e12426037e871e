import type { Doubt } from '../../contract/held-pays.js';
import type { Late, Order, Payment } from '../../contract/orders.js';
import type { Settlement } from '../../pricing/settle.js';
import { lateCredit } from './delivery-promise.js';
import type { Facts } from './order-command.js';

const MINUTE_MS = 60_000;

/**
 * What the customer of a delivery that ends now is credited for its lateness: at most what the customer paid for it, in
 * money and credit. A customer who is tied to the kitchen gets nothing at the platform's cost. Null for nothing.
 */
export function creditForLateness(
  order: Order,
  settlement: Settlement,
  doubts: readonly Doubt[],
  facts: Facts,
): Late | null {
  const late = lateCredit(asArrived(order, doubts, facts), facts.nowMs, facts.limits);
  if (!late) return null;
  const paidMinor = settlement.captureMinor + settlement.creditMinor;
  const capped: Late = { ...late, creditMinor: Math.min(late.creditMinor, paidMinor) };
  const creditMinor = facts.conflict ? borneByMerchantMinor(capped, settlement) : capped.creditMinor;
  return creditMinor > 0 ? { ...capped, creditMinor } : null;
}

/**
 * The order with the courier's word for the arrival at the door as far as it is believed: nobody waits there longer
 * than until a delivery may be given up, and an impossible arrival was none.
 */
function asArrived(order: Order, doubts: readonly Doubt[], { nowMs, limits }: Facts): Order {
  const earliestMs = doubts.includes('speed') ? nowMs : nowMs - limits.undeliverableMinutes * MINUTE_MS;
  const events = order.events.map((event) =>
    event.action === 'arrive' && event.from === 'picked_up'
      ? { ...event, atMs: Math.max(event.atMs, earliestMs) }
      : event,
  );
  return { ...order, events };
}

/** A late kitchen pays for it, as far as it earns something; whoever else was late, the platform does. */
export function borneByMerchantMinor({ leg, creditMinor }: Late, { split }: Settlement): number {
  return leg === 'kitchen' ? Math.min(creditMinor, split.merchantMinor) : 0;
}

/** The payment with what the merchant bears of the credit. */
export function withLateCredit(payment: Payment, late: Late, settlement: Settlement): Payment {
  const merchantMinor = borneByMerchantMinor(late, settlement);
  if (merchantMinor === 0) return payment;
  return { ...payment, merchantBearsMinor: (payment.merchantBearsMinor ?? 0) + merchantMinor };
}
