import type { LivePosition } from '../../../functions/src/contract/couriers.js';
import type { Order, Quote } from '../../../functions/src/contract/orders.js';
import { filterText } from '../../../functions/src/moderation/filter.js';
import { NAMELESS } from '../../../functions/src/contract/privacy.js';
import { listIf } from './breach.js';
import { FINAL, type Books } from './snapshot.js';

/** No party can read personal data that its role does not need in the order's status. */
export function privacyBreaches(books: Books): string[] {
  const quotes = new Map(books.quotes ?? []);
  const orders = new Map(books.orders);
  return [
    ...books.orders.flatMap(([id, order]) => orderBreaches(id, order, quotes.get(id))),
    ...(books.positions ?? []).flatMap(([path, position]) => positionBreaches(path, position, orders)),
    ...(books.messages ?? []).flatMap(([path, { state, text }]) =>
      listIf(state === 'shown' && filterText(text).contacts > 0, `${path} shows contact details`),
    ),
  ];
}

/** The address is never in the order. The name is removed once the order is final and has no deadline. */
function orderBreaches(id: string, order: Order, quote: Quote | undefined): string[] {
  const { status, due, customerName } = order;
  const isOver = FINAL.includes(status) && due === null;
  // Courier and customer may have the same name.
  const text = JSON.stringify({ ...order, customerName: NAMELESS, courierName: null });
  const { addressLine, doorCode, phone, contactName } = quote?.dropOff ?? {};
  const personal = Object.entries({ addressLine, doorCode, phone, ...(isOver && { contactName }) });
  return [
    ...listIf(isOver && customerName !== NAMELESS, `order ${id}: ${status}, but still has the customer's name`),
    ...personal.flatMap(([what, said]) =>
      listIf(
        said !== undefined && text.includes(JSON.stringify(said)),
        `order ${id}: contains the ${what} of the customer`,
      ),
    ),
  ];
}

/** A courier's position is shared from pick-up to delivery, with the customer and the restaurant of the order. */
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
    ...listIf(!isCarried, `courier ${uid}: the position is still shared for ${orderId}`),
    ...listIf(
      !isTheirs,
      `courier ${uid}: the position for ${orderId} is shared with others than its customer and restaurant`,
    ),
  ];
}
