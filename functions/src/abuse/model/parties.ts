import type { AccountLinks } from '../../contract/abuse.js';
import type { Courier } from '../../contract/couriers.js';
import type { Order } from '../../contract/orders.js';
import { toStaffKey } from '../../core/staff-key.js';

/**
 * How a customer is related to the staff of the restaurant: works there, shares a device or card with them, worked
 * there until recently, or has ordered to an address of theirs. The first two show a common interest; the others are a
 * risk, not a proof. `unknown`: the document that would show it cannot be read, which is a risk as well.
 */
export type Conflict = 'staff' | 'linked' | 'formerStaff' | 'address' | 'unknown';

/**
 * True where the customer shares the restaurant's interest. A risk alone costs the platform's promotions and its credit
 * for lateness.
 */
export const isSameParty = (conflict: Conflict | null): boolean => conflict === 'staff' || conflict === 'linked';

/** Lists the restaurants whose staff the account left so recently that it still counts. */
export function listFormerEmployers(
  { formerStaffOf = {} }: Pick<AccountLinks, 'formerStaffOf'>,
  nowMs: number,
): string[] {
  return Object.entries(formerStaffOf).flatMap(([restaurantId, untilMs]) => (untilMs > nowMs ? [restaurantId] : []));
}

/**
 * True where the courier must not carry the order: the courier is its customer, belongs to the restaurant's staff, or
 * shares a device or card with one of them.
 */
export function isConflicted(
  { customerId, restaurantId, staffKeys }: Pick<Order, 'customerId' | 'restaurantId' | 'staffKeys'>,
  uid: string,
  { staffOf = [], linked = [] }: Pick<Courier, 'staffOf' | 'linked'>,
): boolean {
  if (uid === customerId || staffOf.includes(restaurantId)) return true;
  return linked.length > 0 && [toStaffKey(customerId), ...staffKeys].some((key) => linked.includes(key));
}
