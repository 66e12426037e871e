import type { Courier, CourierBadge } from '../../contract/couriers.js';
import type { Order, OrderStatus } from '../../contract/orders.js';

/** The customer may see plate and photo of the courier while the order has one of these statuses. */
const CARRIED: readonly OrderStatus[] = ['accepted', 'preparing', 'ready', 'picked_up', 'undeliverable'];

/**
 * Returns the order with plate and photo of its courier: those of the courier who is assigned now, or of the one who has
 * it. Removes them once the ride has ended or the courier has returned the order.
 */
export function withCourierBadge({ courierBadge, ...order }: Order, assigned: Courier | null): Order {
  const badge = assigned ? toBadge(assigned) : courierBadge;
  const isCarried = order.courierId !== null && CARRIED.includes(order.status);
  return badge && isCarried ? { ...order, courierBadge: badge } : order;
}

/** Undefined for a courier without plate and photo. */
function toBadge({ plate, photo }: Courier): CourierBadge | undefined {
  if (plate === undefined && photo === undefined) return undefined;
  return { ...(plate !== undefined && { plate }), ...(photo !== undefined && { photo }) };
}
