import type { LivePosition } from '../../../functions/src/contract/couriers.js';
import type { Order, Quote } from '../../../functions/src/contract/orders.js';
import { filterText } from '../../../functions/src/moderation/filter.js';
import { NAMELESS } from '../../../functions/src/contract/privacy.js';
import { when } from './breach.js';
import { FINAL, type Books } from './snapshot.js';

/** Nobody reads what their role does not need in the state that an order is in. */
export function privacyBreaches(books: Books): string[] {
  const quotes = new Map(books.quotes ?? []);
  const orders = new Map(books.orders);
  return [
    ...books.orders.flatMap(([id, order]) => orderBreaches(id, order, quotes.get(id))),
    ...(books.positions ?? []).flatMap(([path, position]) => positionBreaches(path, position, orders)),
    ...(books.messages ?? []).flatMap(([path, { state, text }]) =>
      when(state === 'shown' && filterText(text).contacts > 0, `${path} shows how to reach somebody`),
    ),
  ];
}

/** The address is never in the order, the name until the order is over for good. */
function orderBreaches(id: string, order: Order, quote: Quote | undefined): string[] {
  const { status, due, customerName } = order;
  const isOver = FINAL.includes(status) && due === null;
  // Courier and customer may bear the same name.
  const text = JSON.stringify({ ...order, customerName: NAMELESS, courierName: null });
  const { addressLine, doorCode, phone, contactName } = quote?.dropOff ?? {};
  const personal = Object.entries({ addressLine, doorCode, phone, ...(isOver && { contactName }) });
  return [
    ...when(isOver && customerName !== NAMELESS, `order ${id}: ${status}, and still says for whom`),
    ...personal.flatMap(([what, said]) =>
      when(said !== undefined && text.includes(JSON.stringify(said)), `order ${id}: says the ${what}`),
    ),
  ];
}

/** A courier is followed from the counter to the door, by whom the food is for. */
function positionBreaches(
  path: string,
  { customerId, restaurantId }: LivePosition,
  orders: ReadonlyMap<string, Order>,
): string[] {
  const [, uid = '', , orderId = ''] = path.split('/');
  const order = orders.get(orderId);
  const isCarried = order?.courierId === uid && ['picked_up', 'undeliverable'].includes(order.status);
  const isTheirs = order?.customerId === customerId && order.restaurantId === restaurantId;
  return [
    ...when(!isCarried, `courier ${uid}: still followed for ${orderId}`),
    ...when(!isTheirs, `courier ${uid}: followed by others for ${orderId}`),
  ];
}
