import type { Courier } from '../../../functions/src/contract/couriers.js';
import type { Order, OrderStatus } from '../../../functions/src/contract/orders.js';
import { when } from './breach.js';
import type { Books } from './snapshot.js';

const CARRIED: readonly OrderStatus[] = ['accepted', 'preparing', 'ready', 'picked_up', 'undeliverable'];

export function carrierBreaches(id: string, { courierId, status, kind }: Order, { couriers }: Books): string[] {
  const carrying = couriers.filter(([, courier]) => courier.active[id] !== undefined).map(([uid]) => uid);
  const expected = courierId !== null && CARRIED.includes(status) ? [courierId] : [];
  const agree = carrying.length === expected.length && carrying.every((uid) => expected.includes(uid));
  return [
    ...when(
      !agree,
      `order ${id}: ${status} of ${courierId ?? 'nobody'}, but carried by ${carrying.join(', ') || 'nobody'}`,
    ),
    ...when(kind === 'pickup' && courierId !== null, `order ${id}: a courier for an order that is collected`),
    ...when(status === 'picked_up' && courierId === null, `order ${id}: picked up by nobody`),
  ];
}

export function courierBreaches(
  uid: string,
  { active, load, offer }: Courier,
  { orders, courierCapacity = 2 }: Books,
): string[] {
  const carried = Object.keys(active);
  const expected = carried.length + (offer === null ? 0 : 1);
  const known = new Set(orders.map(([id]) => id));
  return [
    ...when(carried.length > courierCapacity, `courier ${uid}: ${carried.length} deliveries at once`),
    ...when(
      load !== expected,
      `courier ${uid}: load ${load}, but ${carried.length} deliveries and ${offer ? 'an' : 'no'} offer`,
    ),
    ...carried.filter((id) => !known.has(id)).map((id) => `courier ${uid}: carries ${id}, which is no order`),
  ];
}
