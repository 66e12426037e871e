import type { Courier } from '../contract/couriers.js';
import type { Order } from '../contract/orders.js';
import type { Zone, ZoneLimits } from '../contract/zones.js';

/** What a courier would take at the door, and how much of the platform's cash a courier may carry. */
export interface CashTerms {
  dueMinor: number;
  floatMinor: number;
}

/** Null for an order that is not paid at the door. */
export function cashTermsOf({ payment, totals }: Order, { cash }: Zone): CashTerms | null {
  if (payment.method !== 'cash') return null;
  return { dueMinor: totals.totalMinor, floatMinor: cash?.courierFloatMinor ?? Infinity };
}

/** Counts what is carried, and what the cash orders under way will bring. */
export function fitsFloat({ cashMinor = 0, active }: Courier, { dueMinor, floatMinor }: CashTerms): boolean {
  const reservedMinor = Object.values(active).reduce((sum, delivery) => sum + (delivery.floatMinor ?? 0), 0);
  return cashMinor + reservedMinor + dueMinor <= floatMinor;
}

/** May be asked now: at work, heard of lately, not asked already, with room for one more. */
export function isAvailable(courier: Courier, nowMs: number, limits: ZoneLimits): boolean {
  const { approved, online, offer, presence, active } = courier;
  const heardOf = presence !== null && presence.at >= nowMs - limits.presenceStaleSeconds * 1000;
  return approved && online && offer === null && heardOf && Object.keys(active).length < limits.courierCapacity;
}
