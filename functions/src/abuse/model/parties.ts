import type { Courier } from '../../contract/couriers.js';
import type { Order } from '../../contract/orders.js';
import { staffKeyOf } from '../../core/staff-key.js';

/**
 * How a customer is tied to the staff of the restaurant: works there, shares a device or card with them, worked there
 * until lately, or has ordered to an address of theirs. The first two show one interest; the others are a risk, no
 * proof. `unknown`: the document that would say so cannot be read, which is a risk as well.
 */
export type Conflict = 'staff' | 'linked' | 'formerStaff' | 'address' | 'unknown';

/** Does the customer have the restaurant's interest? A risk alone costs the platform's promotions and its credit for lateness. */
export const isSameParty = (conflict: Conflict | null): boolean => conflict === 'staff' || conflict === 'linked';

/**
 * May this courier not carry this order? Its customer may not, nor the restaurant's staff, nor an account that shares a
 * device or card with one of them.
 */
export function isConflicted(
  { customerId, restaurantId, staffKeys }: Pick<Order, 'customerId' | 'restaurantId' | 'staffKeys'>,
  uid: string,
  { staffOf = [], linked = [] }: Pick<Courier, 'staffOf' | 'linked'>,
): boolean {
  if (uid === customerId || staffOf.includes(restaurantId)) return true;
  return linked.length > 0 && [staffKeyOf(customerId), ...staffKeys].some((key) => linked.includes(key));
}
