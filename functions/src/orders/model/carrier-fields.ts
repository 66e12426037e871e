import type { Order } from '../../contract/orders.js';
import type { Facts } from './order-command.js';

type CarrierFields = Pick<Order, 'courierId' | 'courierName' | 'courierVehicle'>;

export function carriedBy(courierId: string | null, courier: Facts['courier']): CarrierFields {
  return { courierId, courierName: courier?.name ?? null, courierVehicle: courier?.vehicle ?? null };
}

/** The courier who had the order stays findable: an erasure takes the courier out of the events. */
export function carriedByNobody({ courierId, pastCourierIds = [] }: Order): Partial<Order> {
  const past = courierId === null ? null : [...new Set([...pastCourierIds, courierId])];
  return { ...carriedBy(null, null), ...(past && { pastCourierIds: past }) };
}
