import type { Query, QueryDocumentSnapshot } from 'firebase-admin/firestore';
import type { Place } from '../contract/common.js';
import type { Courier } from '../contract/couriers.js';
import type { Order } from '../contract/orders.js';
import type { Zone, ZoneLimits } from '../contract/zones.js';
import { filterReadable, readOne } from '../platform/isolate.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { getWave, type WaitingOrder } from './model/plan.js';
import { isNew, needsCourier, wasPostponed } from '../orders/model/search-windows.js';

/** The number of orders of one matching; a window with more has several, one after the other. */
export const POOL_LIMIT = 50;
/** Source: Firestore documentation, "in" takes up to 30 values. */
const IN_LIMIT = 30;

/** An order as it was found. */
interface Ordered {
  orderId: string;
  order: Order;
}

export interface PoolRequest {
  uid: string;
  offer: NonNullable<Courier['offer']>;
}

/** One page of a zone's orders that need a courier. */
export interface Pool {
  /** All orders of the page, with or without an open offer. */
  orders: Ordered[];
  waiting: WaitingOrder[];
}

/** Queries the orders of a zone that need a courier when a window ends. */
export const queryOrdersToMatch = ({ db }: Context, zoneId: string, endMs: number): Query<Order> =>
  paths.orders(db).where('zoneId', '==', zoneId).where('searchFromMs', '<=', endMs).orderBy('searchFromMs');

/**
 * Reads the orders of a page that can be read, and those of them without an open offer. An order that is new in this
 * window cannot have an offer yet, unless the window is handled late or the kitchen postponed the search: usually the
 * query of offers is not needed.
 */
export async function readPool(
  ctx: Context,
  { limits }: Zone,
  { docs, atMs, isLate }: { docs: readonly QueryDocumentSnapshot<Order>[]; atMs: number; isLate: boolean },
): Promise<Pool> {
  const read = await filterReadable(ctx, 'matchWindow', docs);
  const orders = read.map(({ id, data }) => ({ orderId: id, order: data }));
  const old = orders.filter(
    ({ order }) => isLate || wasPostponed(order) || !isNew(order.searchFromMs ?? 0, atMs, limits),
  );
  const [openOffers, searches] = await Promise.all([readOpenOffers(ctx, old), readSearches(ctx, old)]);
  const waiting = orders.map((one) => ({ ...one, search: searches.get(one.orderId) ?? null }));
  return { orders, waiting: waiting.filter((one) => isWaiting(one, openOffers, limits)) };
}

/** After the zone's last wave an operator decides, and no further courier gets an offer. */
function isWaiting(one: WaitingOrder, openOffers: readonly PoolRequest[], limits: ZoneLimits): boolean {
  const isAsked = openOffers.some(({ offer }) => offer.orderId === one.orderId);
  return needsCourier(one.order) && !isAsked && getWave(one) <= limits.offerWaves;
}

/** Reads the open offers for these orders. */
export async function readOpenOffers(ctx: Context, orders: readonly Ordered[]): Promise<PoolRequest[]> {
  const ids = orders.map(({ orderId }) => orderId);
  const parts = Array.from({ length: Math.ceil(ids.length / IN_LIMIT) }, (_, part) =>
    ids.slice(part * IN_LIMIT, (part + 1) * IN_LIMIT),
  );
  const found = await Promise.all(
    parts.map((part) =>
      paths
        .couriers(ctx.db)
        .where('offer.orderId', 'in', part)
        .limit(POOL_LIMIT * 5)
        .get(),
    ),
  );
  const couriers = await filterReadable(
    ctx,
    'matchWindow',
    found.flatMap(({ docs }) => docs),
  );
  return couriers.flatMap(({ id, data: { offer } }) => (offer ? [{ uid: id, offer }] : []));
}

async function readSearches(ctx: Context, orders: readonly Ordered[]): Promise<Map<string, WaitingOrder['search']>> {
  const read = await Promise.all(
    orders.map(async ({ orderId }): Promise<[string, WaitingOrder['search']]> => {
      const search = await readOne(ctx, 'matchWindow', await paths.search(ctx.db, orderId).get());
      return [orderId, search?.data ?? null];
    }),
  );
  return new Map(read);
}

/** Reads the drop-offs of orders: only for those that may share a courier's route. */
export async function readDropOffPlaces(ctx: Context, waiting: readonly WaitingOrder[]): Promise<Map<string, Place>> {
  const stored = await Promise.all(waiting.map(({ orderId }) => paths.quote(ctx.db, orderId).get()));
  const quotes = await filterReadable(ctx, 'matchWindow', stored);
  return new Map(quotes.flatMap(({ id, data: { dropOff } }): [string, Place][] => (dropOff ? [[id, dropOff]] : [])));
}
