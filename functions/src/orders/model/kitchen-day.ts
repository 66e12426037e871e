import { DAY_ITEMS, type KitchenDay } from '../../contract/books.js';
import type { Order } from '../../contract/orders.js';
import { computePromiseReport } from './delivery-promise.js';

/** A shorter delay is not late: people do not tap to the second. */
const LATE_MS = 60_000;

type Item = KitchenDay['items'][number];
type Fulfilled = Pick<Order, 'kind' | 'lines' | 'events' | 'promisedAtMs' | 'travelSeconds'>;

/** Sums up the items and the punctuality of a restaurant's fulfilled orders, in any order. */
export function summarizeKitchenDay(orders: readonly Fulfilled[]): KitchenDay {
  const sold = sumItems(orders).toSorted((a, b) => b.quantity - a.quantity || (a.itemId < b.itemId ? -1 : 1));
  const delays = orders.map(isLate);
  return {
    orders: orders.length,
    late: delays.filter(({ order }) => order).length,
    kitchenLate: delays.filter(({ kitchen }) => kitchen).length,
    items: sold.slice(0, DAY_ITEMS),
    others: sold.slice(DAY_ITEMS).reduce(addUnits, { quantity: 0, grossMinor: 0 }),
  };
}

function sumItems(orders: readonly Fulfilled[]): Item[] {
  const items = new Map<string, Item>();
  for (const { itemId, name, quantity, grossMinor } of orders.flatMap(({ lines }) => lines)) {
    const known = items.get(itemId) ?? { itemId, name, quantity: 0, grossMinor: 0 };
    items.set(itemId, { ...known, ...addUnits(known, { quantity, grossMinor }) });
  }
  return [...items.values()];
}

type Units = Pick<Item, 'quantity' | 'grossMinor'>;
const addUnits = (one: Units, other: Units): Units => ({
  quantity: one.quantity + other.quantity,
  grossMinor: one.grossMinor + other.grossMinor,
});

/** True for an order that was late, and for one that was ready late. A customer may collect a pickup at any time. */
function isLate(order: Fulfilled): { order: boolean; kitchen: boolean } {
  const ended = order.events.findLast(({ to, from }) => from !== to && (to === 'delivered' || to === 'collected'));
  const { lateMs, legs } = computePromiseReport(order, ended?.atMs ?? order.promisedAtMs);
  const kitchen = legs.kitchen >= LATE_MS;
  return { kitchen, order: order.kind === 'pickup' ? kitchen : lateMs >= LATE_MS };
}
