import type { Courier } from '../../contract/couriers.js';
import type { Order } from '../../contract/orders.js';
import type { Zone, ZoneLimits } from '../../contract/zones.js';
import { isGeohashOf } from '../../core/geo.js';
import { sum } from '../../pricing/money.js';

/** The amount to collect at the door, and how much of the platform's cash a courier may carry. */
export interface CashTerms {
  dueMinor: number;
  floatMinor: number;
}

/** The number of orders that a courier carries at most where operators assign them by hand, beyond the zone's capacity. */
export const MAX_ASSIGNED_BY_HAND = 5;

/** Returns the cash terms of an order; null for an order that is not paid in cash. */
export function toCashTerms({ payment, totals }: Order, { cash }: Zone): CashTerms | null {
  if (payment.method !== 'cash') return null;
  return { dueMinor: totals.totalMinor, floatMinor: cash?.courierFloatMinor ?? Infinity };
}

/** True where the cash of one more order fits the courier's float. */
export function fitsFloat(courier: Courier, { dueMinor, floatMinor }: CashTerms): boolean {
  return dueMinor <= computeCashRoomMinor(courier, floatMinor);
}

/**
 * Computes the float less the cash that the courier carries and less the amounts of the other cash orders under way.
 */
export function computeCashRoomMinor(
  { cashMinor = 0, active }: Courier,
  floatMinor: number,
  exceptOrderId?: string,
): number {
  const reserved = Object.entries(active).filter(([orderId]) => orderId !== exceptOrderId);
  return floatMinor - cashMinor - sum(reserved.map(([, delivery]) => delivery.floatMinor ?? 0));
}

/**
 * True where the courier may get an offer now: online, with a recent heartbeat, without an open offer, with room for
 * one more order. The search orders couriers by the geohash that their phones write: one that names another place would
 * come first without being near.
 */
export function isAvailable(courier: Courier, nowMs: number, limits: ZoneLimits): boolean {
  const { approved, online, offer, presence, active } = courier;
  const heardOf = presence !== null && presence.at >= nowMs - limits.presenceStaleSeconds * 1000;
  const isHere = presence !== null && isGeohashOf(presence.geohash, presence);
  const isFree = offer === null && Object.keys(active).length < limits.courierCapacity;
  return approved && online && isFree && heardOf && isHere;
}
