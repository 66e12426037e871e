import type { KitchenDay } from '../contract/books.js';
import type { Journal, Order } from '../contract/orders.js';
import { summarizeKitchenDay } from '../orders/model/kitchen-day.js';
import { filterReadable } from '../platform/isolate.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';

/** The orders of a day that were fulfilled, by the path of their restaurant. */
export type FulfilledOrders = Map<string, Set<string>>;

/** Adds the orders whose sale is in these journals. */
export function addFulfilledOrders(orders: FulfilledOrders, journals: readonly Journal[]): void {
  for (const { orderId, sale } of journals) {
    if (orderId === null || !sale?.fulfilled) continue;
    const owner = `restaurants/${sale.restaurantId}`;
    orders.set(owner, (orders.get(owner) ?? new Set()).add(orderId));
  }
}

/** The number of orders that are read at once. */
const AT_ONCE = 50;

/** Reads what the kitchen sold in these orders. One that cannot be read is left out and becomes an operator task. */
export async function readKitchenDay(ctx: Context, orderIds: ReadonlySet<string>): Promise<KitchenDay> {
  const ids = [...orderIds].toSorted();
  const orders: Order[] = [];
  for (let first = 0; first < ids.length; first += AT_ONCE) {
    const found = await Promise.all(
      ids.slice(first, first + AT_ONCE).map((orderId) => paths.order(ctx.db, orderId).get()),
    );
    orders.push(...(await filterReadable(ctx, 'rollUpDays', found)).map(({ data }) => data));
  }
  return summarizeKitchenDay(orders);
}
