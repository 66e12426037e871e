import type { Courier } from '../../contract/couriers.js';
import type { Order } from '../../contract/orders.js';
import type { Zone, ZoneLimits } from '../../contract/zones.js';
import { sum } from '../../pricing/money.js';

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

/** Does the cash of one more order fit the courier's float? */
export function fitsFloat(courier: Courier, { dueMinor, floatMinor }: CashTerms): boolean {
  return dueMinor <= cashRoomMinor(courier, floatMinor);
}

/**
 * The float less the cash that the courier carries and less what the cash orders under way, but for one, will bring.
 */
export function cashRoomMinor({ cashMinor = 0, active }: Courier, floatMinor: number, exceptOrderId?: string): number {
  const reserved = Object.entries(active).filter(([orderId]) => orderId !== exceptOrderId);
  return floatMinor - cashMinor - sum(reserved.map(([, delivery]) => delivery.floatMinor ?? 0));
}

/** May be asked now: at work, heard of lately, not asked already, with room for one more. */
export function isAvailable(courier: Courier, nowMs: number, limits: ZoneLimits): boolean {
  const { approved, online, offer, presence, active } = courier;
  const heardOf = presence !== null && presence.at >= nowMs - limits.presenceStaleSeconds * 1000;
  return approved && online && offer === null && heardOf && Object.keys(active).length < limits.courierCapacity;
}
