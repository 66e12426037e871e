import type { Courier } from '../../../functions/src/contract/couriers.js';
import type { Order, OrderStatus } from '../../../functions/src/contract/orders.js';
import { listIf } from './breach.js';
import type { Books } from './snapshot.js';

const CARRIED: readonly OrderStatus[] = ['accepted', 'preparing', 'ready', 'picked_up', 'undeliverable'];

export function carrierBreaches(id: string, { courierId, rider, status, kind }: Order, { couriers }: Books): string[] {
  const carrying = couriers.filter(([, courier]) => courier.active[id] !== undefined).map(([uid]) => uid);
  const expected = courierId !== null && CARRIED.includes(status) ? [courierId] : [];
  const agree = carrying.length === expected.length && carrying.every((uid) => expected.includes(uid));
  return [
    ...listIf(
      !agree,
      `order ${id}: ${status}, carried by ${carrying.join(', ') || 'no courier'}, expected ${expected[0] ?? 'no courier'}`,
    ),
    ...listIf(kind === 'pickup' && courierId !== null, `order ${id}: a courier is assigned to a pickup order`),
    ...listIf(status === 'picked_up' && courierId === null && !rider, `order ${id}: picked up without a courier`),
    ...listIf(rider !== undefined && courierId !== null, `order ${id}: carried by a courier and a rider`),
  ];
}

export function courierBreaches(
  uid: string,
  { active, load, offer }: Courier,
  { orders, courierCapacity = 2 }: Books,
): string[] {
  const carried = Object.keys(active);
  const expected = carried.length + (offer === null ? 0 : 1);
  const known = new Map(orders);
  const byHand = carried.filter((id) => isAssignedByHand(known.get(id)));
  return [
    ...listIf(
      carried.length > MOST_BY_HAND,
      `courier ${uid}: ${carried.length} deliveries at once, operators may assign ${MOST_BY_HAND}`,
    ),
    ...listIf(
      carried.length - byHand.length > courierCapacity,
      `courier ${uid}: ${carried.length} deliveries at once, ${courierCapacity} allowed`,
    ),
    ...listIf(
      load !== expected,
      `courier ${uid}: load ${load}, but ${carried.length} deliveries and ${offer ? 1 : 0} offers`,
    ),
    ...carried.filter((id) => !known.has(id)).map((id) => `courier ${uid}: carries ${id}, but no such order exists`),
  ];
}

/** The number of orders that a courier carries at most, those that operators assigned included. */
const MOST_BY_HAND = 5;

/** An operator may assign more orders than dispatch would, up to a hard limit. */
function isAssignedByHand(order: Order | undefined): boolean {
  const assigned = order?.events.findLast(({ action }) => action === 'assign' || action === 'handOver');
  return assigned?.by === 'operator';
}
