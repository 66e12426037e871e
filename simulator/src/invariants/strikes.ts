import type { Order } from '../../../functions/src/contract/orders.js';
import type { Books } from './snapshot.js';

const BEFORE_PICK_UP: readonly Order['status'][] = ['scheduled', 'placed', 'accepted', 'preparing', 'ready'];

/** A kitchen's strikes are exactly the orders whose cancellation it bears, as far as none is forgotten yet. */
export function strikeBreaches({ orders, strikes }: Books): string[] {
  if (!strikes) return [];
  const counted = new Set(
    strikes.flatMap(([id, one]) => Object.keys(one.strikes).map((orderId) => `${id} ${orderId}`)),
  );
  return orders.flatMap(([id, order]) => {
    const [isCounted, isCancelled] = [counted.has(`${order.restaurantId} ${id}`), isCancelledAtItsCost(order)];
    if (isCounted === isCancelled) return [];
    return [
      `order ${id}: ${isCounted ? 'is a strike and was not' : 'is no strike and was'} cancelled at its kitchen's cost`,
    ];
  });
}

/** By the kitchen itself, or at its cost by another role; an operator may have undone it. */
function isCancelledAtItsCost({ status, events }: Order): boolean {
  const end = events.findLast(({ action }) => action === 'cancel');
  if (status !== 'cancelled' || !end?.from || !BEFORE_PICK_UP.includes(end.from)) return false;
  return end.by === 'merchant' || end.liable === 'merchant';
}
