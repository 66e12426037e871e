import type { Order, OrderEvent, OrderStatus } from '../contract/orders.js';
import { filterReadable } from '../platform/isolate.js';
import { getZone } from '../platform/caches.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { update } from '../platform/stored.js';

/** Counts only the system's own rejection: the reason of any other step is its author's text. */
const isMiss = ({ action, by, reason }: OrderEvent): boolean =>
  action === 'reject' && by === 'system' && reason === 'no_answer';

/**
 * Finds when the latest order expired, where all of the latest ones expired without an answer; otherwise null. Orders
 * that the customer cancelled before an answer do not count.
 */
function findLastMissMs(orders: readonly Pick<Order, 'events'>[], missedBeforePause: number): number | null {
  const answers = orders.flatMap(
    ({ events }) => events.find(({ action }) => action === 'accept' || action === 'reject') ?? [],
  );
  const latest = answers.toSorted((a, b) => b.atMs - a.atMs).slice(0, missedBeforePause);
  return latest.length >= missedBeforePause && latest.every(isMiss) ? (latest[0]?.atMs ?? null) : null;
}

/** Final answers of a restaurant; orders that are unpaid, scheduled for later or still open are not among them. */
const ANSWERED: readonly OrderStatus[] = [
  'accepted',
  'preparing',
  'ready',
  'picked_up',
  'delivered',
  'collected',
  'undeliverable',
  'returned',
  'completed',
  'rejected',
  'cancelled',
];
/**
 * Orders that are read to find the latest answers: some were answered later than orders that were created after them.
 */
const LOOK = 30;

/**
 * Finds until when a store is paused whose latest orders all expired without an answer; the zone says how many. The time
 * of the answer or expiry counts, not the time of creation. Null where the store has answered since. Epoch ms.
 */
export async function findUnansweredUntilMs(
  ctx: Context,
  { restaurantId, zoneId }: Pick<Order, 'restaurantId' | 'zoneId'>,
): Promise<number | null> {
  const { limits } = await getZone(ctx, zoneId);
  const latest = await paths
    .orders(ctx.db)
    .where('restaurantId', '==', restaurantId)
    .where('status', 'in', ANSWERED)
    .orderBy('createdAtMs', 'desc')
    .limit(Math.max(LOOK, 2 * limits.missedOrdersBeforePause))
    .get();
  const orders = await filterReadable(ctx, 'pauseIfUnanswered', latest.docs);
  const lastMissMs = findLastMissMs(
    orders.map(({ data }) => data),
    limits.missedOrdersBeforePause,
  );
  return lastMissMs === null ? null : lastMissMs + limits.pauseMinutes * 60_000;
}

/** Pauses a store whose latest orders all expired without an answer. A closed store stays closed. */
export async function pauseUnansweringStore(ctx: Context, { restaurantId, zoneId }: Order): Promise<void> {
  if ((await findUnansweredUntilMs(ctx, { restaurantId, zoneId })) === null) return;
  const { limits } = await getZone(ctx, zoneId);
  const ref = paths.restaurant(ctx.db, restaurantId);
  await ctx.db.runTransaction(async (tx) => {
    const store = (await tx.get(ref)).data();
    if (store?.availability === 'offline') return;
    // An operator may have paused it for longer.
    const untilMs = Math.max(store?.pausedUntilMs ?? 0, ctx.now() + limits.pauseMinutes * 60_000);
    update(tx, ref, { availability: 'paused', pausedUntilMs: untilMs });
  });
}
