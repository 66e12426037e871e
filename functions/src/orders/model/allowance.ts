import type { Order } from '../../contract/orders.js';
import type { Trust } from '../../contract/zones.js';
import { accept, refuse, type Outcome } from '../../core/outcome.js';
import { lookUp } from '../../core/look-up.js';

/** The open orders of the accounts of one customer, device or card, the order in question included. */
export interface OpenOrders {
  unpaid: number;
  cash: number;
  /**
   * What orders reserve before a kitchen accepts them, since cancelling them is free until then, paid or not: the units
   * of the order's counted item with the most of them, places in kitchens' quarters of an hour, and uses of the order's
   * limited promotion with the most of them.
   */
  units: number;
  places: number;
  uses: number;
}

export const OPEN_KINDS = ['unpaid', 'cash', 'units', 'places', 'uses'] as const;
export type OpenKind = (typeof OPEN_KINDS)[number];

/**
 * Computes an allowance: a base for a new account, and one more for each completed order without a dispute, up to the
 * zone's maximum.
 */
export function toAllowance(base: number, completed: number, { most }: Pick<Trust, 'most'>): number {
  return Math.max(base, Math.min(most, base + completed));
}

/** Checks the open orders; refuses with the first limit that is exceeded. */
export function checkAllowance(open: OpenOrders, completed: number, trust: Trust): Outcome<null> {
  const base: Readonly<Record<OpenKind, number>> = {
    unpaid: trust.unpaidOrders,
    cash: trust.cashOrders,
    units: trust.reservedUnits,
    places: trust.reservedPlaces,
    uses: trust.unpaidOrders,
  };
  const exceeded = OPEN_KINDS.find((kind) => open[kind] > toAllowance(base[kind], completed, trust));
  if (exceeded === undefined) return accept(null);
  return refuse('TOO_MANY_OPEN_ORDERS', { kind: exceeded, max: toAllowance(base[exceeded], completed, trust) });
}

type Reserving = Pick<Order, 'restaurantId' | 'reserved'>;

/**
 * Sums what orders that a kitchen has not accepted yet reserve of the resources that one of them reserves too. The order
 * itself is among them.
 */
export function sumReserved(
  { restaurantId, reserved }: Reserving,
  orders: readonly Reserving[],
): Pick<OpenOrders, 'units' | 'places' | 'uses'> {
  const here = orders.filter((one) => one.restaurantId === restaurantId);
  const units = Object.keys(reserved?.stock ?? {}).map((itemId) =>
    here.reduce((sum, one) => sum + (lookUp(one.reserved?.stock, itemId) ?? 0), 0),
  );
  const uses = (reserved?.promotions ?? []).map(
    ({ id }) => orders.filter((one) => one.reserved?.promotions.some((used) => used.id === id)).length,
  );
  const takesPlace = (one: Reserving) => one.reserved !== undefined && one.reserved.slotMs !== null;
  return {
    units: Math.max(0, ...units),
    places: takesPlace({ restaurantId, ...(reserved && { reserved }) }) ? orders.filter(takesPlace).length : 0,
    uses: Math.max(0, ...uses),
  };
}
