import type { Order } from '../../contract/orders.js';
import type { Trust } from '../../contract/zones.js';
import { accept, refuse, type Outcome } from '../../core/outcome.js';
import { lookUp } from '../../core/look-up.js';

/** The open orders of the accounts of one customer, device or card, the order in question included. */
export interface OpenOrders {
  unpaid: number;
  cash: number;
  /** The reserved units, by unpaid orders, of the order's counted item with the most of them. */
  units: number;
  /**
   * Places in kitchens' quarters of an hour that orders reserve before a kitchen accepts them: cancelling them is free.
   */
  places: number;
}

export const OPEN_KINDS = ['unpaid', 'cash', 'units', 'places'] as const;
type OpenKind = (typeof OPEN_KINDS)[number];

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
  };
  const exceeded = OPEN_KINDS.find((kind) => open[kind] > toAllowance(base[kind], completed, trust));
  if (exceeded === undefined) return accept(null);
  return refuse('TOO_MANY_OPEN_ORDERS', { kind: exceeded, max: toAllowance(base[exceeded], completed, trust) });
}

/**
 * Sums the reservations of open orders for the resources that an order reserves too; the order itself is among the
 * unpaid. Units count while they are unpaid, places until the kitchen accepts.
 */
export function sumReserved(
  { restaurantId, reserved }: Pick<Order, 'restaurantId' | 'reserved'>,
  unpaid: readonly Pick<Order, 'restaurantId' | 'reserved'>[],
  paid: readonly Pick<Order, 'restaurantId' | 'reserved'>[] = [],
): Pick<OpenOrders, 'units' | 'places'> {
  const here = unpaid.filter((one) => one.restaurantId === restaurantId);
  const units = Object.keys(reserved?.stock ?? {}).map((itemId) =>
    here.reduce((sum, one) => sum + (lookUp(one.reserved?.stock, itemId) ?? 0), 0),
  );
  const takesPlace = (one: Pick<Order, 'reserved'>) => one.reserved !== undefined && one.reserved.slotMs !== null;
  return {
    units: Math.max(0, ...units),
    places: takesPlace({ ...(reserved && { reserved }) }) ? [...unpaid, ...paid].filter(takesPlace).length : 0,
  };
}
