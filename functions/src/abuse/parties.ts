import type { Courier } from '../contract/couriers.js';
import type { Order } from '../contract/orders.js';
import { staffKeyOf } from '../merchants/staff-key.js';

/** How a customer is tied to the staff of the restaurant: works there, or shares a device, card or address with them. */
export type Conflict = 'staff' | 'linked';

/**
 * May this courier not carry this order? Its customer may not, nor the restaurant's staff, nor an account that shares a
 * device, card or address with one of them.
 */
export function isConflicted(
  { customerId, restaurantId, staffKeys }: Pick<Order, 'customerId' | 'restaurantId' | 'staffKeys'>,
  uid: string,
  { staffOf = [], linked = [] }: Pick<Courier, 'staffOf' | 'linked'>,
): boolean {
  if (uid === customerId || staffOf.includes(restaurantId)) return true;
  return linked.length > 0 && [staffKeyOf(customerId), ...staffKeys].some((key) => linked.includes(key));
}
