import type { Query } from 'firebase-admin/firestore';
import { BOARD_STATUSES, type Board } from '../contract/operations.js';
import type { Order } from '../contract/orders.js';
import type { Zone } from '../contract/zones.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { handleEach, readPages } from '../platform/isolate.js';
import { updateSurge } from './update-surge.js';

/**
 * Counts the orders and couriers of each zone: from the index, at a read for each thousand, so that an order never
 * writes to a counter. One write a minute for each zone. The automatic surge follows from the counts.
 */
export async function rollUpBoards(ctx: Context): Promise<void> {
  for await (const page of readPages(paths.zones(ctx.db).orderBy('__name__'))) {
    await handleEach(ctx, 'rollUpBoards', page, async ({ id, data }) => {
      const counted = await countBoard(ctx, id, data);
      const surgePpm = await updateSurge(ctx, id, data, counted.couriersFree);
      await paths.board(ctx.db, id).set({ ...counted, surgePpm });
    });
  }
}

async function countBoard(ctx: Context, zoneId: string, { currency }: Zone): Promise<Omit<Board, 'surgePpm'>> {
  const orders = paths.orders(ctx.db).where('zoneId', '==', zoneId);
  const online = paths.couriers(ctx.db).where('zoneId', '==', zoneId).where('online', '==', true);
  const [overdue, couriersOnline, couriersFree, byStatus] = await Promise.all([
    count(orders.where('due.atMs', '<=', ctx.now())),
    count(online),
    count(online.where('load', '==', 0)),
    countByStatus(orders),
  ]);
  return { atMs: ctx.now(), orders: byStatus, overdue, couriersOnline, couriersFree, currency };
}

const count = async (query: Query): Promise<number> => (await query.count().get()).data().count;

/** A zone with fewer orders under way is read instead of counted. */
const FEW = 4;

/**
 * Counts the orders under way by status. A few are read: each costs as much as the count of one status, and most zones
 * have few orders most of the time.
 */
async function countByStatus(orders: Query<Order>): Promise<Board['orders']> {
  const few = await orders.withConverter(null).where('status', 'in', BOARD_STATUSES).select('status').limit(FEW).get();
  const statuses = few.docs.map((order): unknown => order.get('status'));
  const isAll = few.size < FEW;
  const counted = await Promise.all(
    BOARD_STATUSES.map(async (status) => {
      const found = isAll
        ? statuses.filter((one) => one === status).length
        : await count(orders.where('status', '==', status));
      return [status, found] as const;
    }),
  );
  return Object.fromEntries(counted.filter(([, found]) => found > 0));
}
