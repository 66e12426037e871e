import type { Order } from '../../contract/orders.js';

/** True where a courier or a rider carries the order, or rides to its counter: dispatch need not search. */
export function hasCarrier({ courierId, rider }: Pick<Order, 'courierId' | 'rider'>): boolean {
  return courierId !== null || rider !== undefined;
}
