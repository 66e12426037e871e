import type { Order } from '../../contract/orders.js';
import type { Facts } from './order-command.js';

type CarrierFields = Pick<Order, 'courierId' | 'courierName' | 'courierVehicle'>;

/** Returns the fields of an order with its courier. */
export function toFieldsWithCourier(courierId: string | null, courier: Facts['courier']): CarrierFields {
  return { courierId, courierName: courier?.name ?? null, courierVehicle: courier?.vehicle ?? null };
}

/**
 * Returns the fields of an order without a courier. The previous courier stays in the query for an erasure, which
 * removes the courier from the events.
 */
export function toFieldsWithoutCourier({ courierId, pastCourierIds = [] }: Order): Partial<Order> {
  const past = courierId === null ? null : [...new Set([...pastCourierIds, courierId])];
  return { ...toFieldsWithCourier(null, null), ...(past && { pastCourierIds: past }) };
}
