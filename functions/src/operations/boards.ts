import { BOARD_STATUSES, type Board } from '../contract/operations.js';
import type { Zone } from '../contract/zones.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { handleEach, readPages } from '../platform/isolate.js';

/**
 * Counts the orders and couriers of each zone: from the index, at a read for each thousand, so that an order never
 * writes to a counter. One write a minute for each zone.
 */
export async function rollUpBoards(ctx: Context): Promise<void> {
  for await (const page of readPages(paths.zones(ctx.db).orderBy('__name__'))) {
    await handleEach(ctx, 'rollUpBoards', page, async ({ id, data }) => {
      await paths.board(ctx.db, id).set(await countBoard(ctx, id, data));
    });
  }
}

async function countBoard(ctx: Context, zoneId: string, { pricing, currency }: Zone): Promise<Board> {
  const orders = paths.orders(ctx.db).where('zoneId', '==', zoneId);
  const online = paths.couriers(ctx.db).where('zoneId', '==', zoneId).where('online', '==', true);
  const [overdue, couriersOnline, couriersFree, ...byStatus] = await Promise.all(
    [
      orders.where('due.atMs', '<=', ctx.now()),
      online,
      online.where('load', '==', 0),
      ...BOARD_STATUSES.map((status) => orders.where('status', '==', status)),
    ].map(async (query) => (await query.count().get()).data().count),
  );
  const counted = BOARD_STATUSES.map((status, index) => [status, byStatus[index] ?? 0] as const);
  return {
    atMs: ctx.now(),
    orders: Object.fromEntries(counted.filter(([, count]) => count > 0)),
    overdue: overdue ?? 0,
    couriersOnline: couriersOnline ?? 0,
    couriersFree: couriersFree ?? 0,
    surgePpm: pricing.surgePpm,
    currency,
  };
}
