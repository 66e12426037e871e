import type { Place } from '../contract/common.js';
import type { Courier } from '../contract/couriers.js';
import type { Order } from '../contract/orders.js';
import type { ZoneLimits } from '../contract/zones.js';
import { zoneOf } from '../platform/caches.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { waveOf, type Waiting } from './plan.js';
import { isNew, wantsCourier } from './windows.js';

/** One window matches so many orders; the rest waits for the next. */
export const POOL_LIMIT = 50;
/** Source: Firestore documentation, "in" takes up to 30 values. */
const IN_LIMIT = 30;

/** An order as it was found. */
interface Ordered {
  orderId: string;
  order: Order;
}

export interface Asked {
  uid: string;
  offer: NonNullable<Courier['offer']>;
}

export interface Pool {
  /** All of the pool, whether somebody is asked about it or not. */
  orders: Ordered[];
  waiting: Waiting[];
  /** There may be more than one window takes. */
  isFull: boolean;
}

/**
 * The orders of a zone that want a courier and about which nobody is asked now. An order that is new in this window
 * cannot have been asked about, unless the window is handled late: the usual case is spared the look.
 */
export async function readPool(ctx: Context, zoneId: string, endMs: number, late: boolean): Promise<Pool> {
  const { limits } = await zoneOf(ctx, zoneId);
  const found = await paths.orders(ctx.db).where('zoneId', '==', zoneId).where('searchFromMs', '<=', endMs).orderBy('searchFromMs').limit(POOL_LIMIT).get(); // prettier-ignore
  const orders = found.docs.map((one) => ({ orderId: one.id, order: one.data() }));
  const old = orders.filter(({ order }) => late || !isNew(order.searchFromMs ?? 0, endMs, limits));
  const [asked, searches] = await Promise.all([openOffers(ctx, old), searchesOf(ctx, old)]);
  const waiting = orders.map((one) => ({ ...one, search: searches.get(one.orderId) ?? null }));
  return { orders, waiting: waiting.filter((one) => isWaiting(one, asked, limits)), isFull: found.size === POOL_LIMIT };
}

/** After the zone's last wave an operator is asked, and no courier any more. */
function isWaiting(one: Waiting, asked: readonly Asked[], limits: ZoneLimits): boolean {
  const isAsked = asked.some(({ offer }) => offer.orderId === one.orderId);
  return wantsCourier(one.order) && !isAsked && waveOf(one) <= limits.offerWaves;
}

/** Who is asked about these orders now. */
export async function openOffers(ctx: Context, orders: readonly Ordered[]): Promise<Asked[]> {
  const ids = orders.map(({ orderId }) => orderId);
  const parts = Array.from({ length: Math.ceil(ids.length / IN_LIMIT) }, (_, part) =>
    ids.slice(part * IN_LIMIT, (part + 1) * IN_LIMIT),
  );
  const found = await Promise.all(
    parts.map((part) => paths.couriers(ctx.db).where('offer.orderId', 'in', part).limit(POOL_LIMIT * 5).get()),
  ); // prettier-ignore
  return found.flatMap(({ docs }) =>
    docs.flatMap((courier) => {
      const { offer } = courier.data();
      return offer ? [{ uid: courier.id, offer }] : [];
    }),
  );
}

async function searchesOf(ctx: Context, orders: readonly Ordered[]): Promise<Map<string, Waiting['search']>> {
  const read = await Promise.all(orders.map(({ orderId }) => paths.search(ctx.db, orderId).get()));
  return new Map(orders.map(({ orderId }, index) => [orderId, read[index]?.data() ?? null]));
}

/** Where orders go: only who may share a courier's way is worth the read. */
export async function doorsOf(ctx: Context, waiting: readonly Waiting[]): Promise<Map<string, Place>> {
  const quotes = await Promise.all(waiting.map(({ orderId }) => paths.quote(ctx.db, orderId).get()));
  return new Map(
    waiting.flatMap(({ orderId }, index): [string, Place][] => {
      const dropOff = quotes[index]?.data()?.dropOff;
      return dropOff ? [[orderId, dropOff]] : [];
    }),
  );
}
