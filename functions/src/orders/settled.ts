import type { LiableParty, Order } from '../contract/orders.js';
import type { Pricing, SettlementScope } from '../contract/pricing.js';
import { settle, type Settlement } from '../pricing/settle.js';

/** How the end of an order was settled; null while it is not. */
export function settledAs(order: Order, pricing: Pricing): Settlement | null {
  const scope = settledScope(order);
  if (scope === null) return null;
  const liable = order.events.findLast((event) => event.scope !== undefined)?.liable;
  return settle(pricing, scope, isRidePaid(order, liable));
}

/** A courier who took the order is paid the ride unless it ended by the courier's own fault. */
export function isRidePaid({ courierId }: Pick<Order, 'courierId'>, liable: LiableParty | undefined): boolean {
  return courierId !== null && liable !== 'courier';
}

/** How much of an order was charged at its end. */
function settledScope({ status, due, events, payment }: Order): SettlementScope | null {
  if (['delivered', 'collected', 'completed'].includes(status)) return 'all';
  const settled = due?.kind !== 'settle' && (status === 'cancelled' || status === 'returned');
  if (!settled) return null;
  const scope = events.findLast((event) => event.scope !== undefined)?.scope ?? 'none';
  // Cash changes hands at the door or not at all.
  return payment.method === 'cash' ? cashScope(scope) : scope;
}

/** Cash changes hands at the door or not at all: what a cancellation would charge is the platform's loss. */
export function cashScope(scope: SettlementScope): SettlementScope {
  const asAgreed: readonly SettlementScope[] = ['all', 'none', 'platformPaysCourier'];
  return asAgreed.includes(scope) ? scope : 'platformPaysKitchen';
}
