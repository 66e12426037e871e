import type { LiableParty, Order, Quote } from '../../contract/orders.js';
import type { SettlementScope } from '../../contract/pricing.js';
import { computeRideMinor } from '../../pricing/courier-pay.js';
import { computeShare } from '../../pricing/money.js';
import { isPickedUp } from './delivery-promise.js';
import { NOTHING, payMore, settle, withCommissionTax, type Settlement } from '../../pricing/settle.js';

/** The pricing of an order, and the zone's rules of that time. */
export type Priced = Pick<Quote, 'pricing' | 'rules'>;

/** Computes how the end of an order was settled; null while it is not. */
export function findSettlement(order: Order, quote: Priced): Settlement | null {
  const scope = findSettledScope(order);
  if (scope === null) return null;
  const liable = order.events.findLast((event) => event.scope !== undefined)?.liable;
  return settleEnd(order, quote, { scope, liable, cameBack: order.status === 'returned' });
}

interface End {
  scope: SettlementScope;
  liable: LiableParty | undefined;
  /** The food was returned to the kitchen: the courier rode twice. */
  cameBack: boolean;
}

/** Computes what the end of an order charges, and the pay of each party. */
export function settleEnd(order: Carried, { pricing, rules }: Priced, end: End): Settlement {
  if (end.scope === 'none') return NOTHING;
  const isPaid = isRidePaid(order, end.liable);
  const settlement = withCommissionTax(settle(pricing, end.scope, isPaid), rules.pricing.commissionTaxPpm);
  if (!isPaid) return settlement;
  // The fee of an outside rider was agreed for all of it.
  if (order.rider?.type === 'outside') return payMore(settlement, order.rider.feeMinor - computeRideMinor(pricing));
  if (!end.cameBack) return settlement;
  return payMore(
    settlement,
    computeShare(computeRideMinor(pricing), rules.pricing.courierPay.wayBackPpm, rules.pricing.rounding),
  );
}

type Carried = Pick<Order, 'courierId' | 'rider' | 'events'>;

/**
 * True where the ride is paid: to a courier always after accepting the order, to a rider after the pick-up; unless the
 * order ended by the fault of the party that is paid.
 */
function isRidePaid({ courierId, rider, events }: Carried, liable: LiableParty | undefined): boolean {
  if (liable === 'courier') return false;
  if (!rider) return courierId !== null;
  return isPickedUp({ events }) && !(rider.type === 'own' && liable === 'merchant');
}

/** Reads how much of an order was charged at its end. */
function findSettledScope({ status, due, events, payment }: Order): SettlementScope | null {
  if (['delivered', 'collected', 'completed'].includes(status)) return 'all';
  const settled = due?.kind !== 'settle' && (status === 'cancelled' || status === 'returned');
  if (!settled) return null;
  const scope = events.findLast((event) => event.scope !== undefined)?.scope ?? 'none';
  // Cash is paid at the door or not at all.
  return payment.method === 'cash' ? toCashScope(scope) : scope;
}

/**
 * Returns the scope for a cash order. Cash is paid at the door or not at all: the charge of a cancellation is the
 * platform's loss.
 */
export function toCashScope(scope: SettlementScope): SettlementScope {
  const asAgreed: readonly SettlementScope[] = ['all', 'none', 'platformPaysCourier', 'merchantPaysCourier'];
  return asAgreed.includes(scope) ? scope : 'platformPaysKitchen';
}
