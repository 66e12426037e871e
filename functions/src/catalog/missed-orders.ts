import type { Order, OrderEvent, OrderStatus } from '../contract/orders.js';
import { readable } from '../platform/isolate.js';
import { zoneOf } from '../platform/caches.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { update } from '../platform/stored.js';

/** Only the system's own rejection: the reason of any other step is its author's text. */
const isMiss = ({ action, by, reason }: OrderEvent): boolean =>
  action === 'reject' && by === 'system' && reason === 'no_answer';

/**
 * Did the latest orders, so many, all expire without an answer? What the customer cancelled before was not asked about.
 */
function isUnanswered(orders: readonly Pick<Order, 'events'>[], missedBeforePause: number): boolean {
  const answers = orders.flatMap(
    ({ events }) => events.find(({ action }) => action === 'accept' || action === 'reject') ?? [],
  );
  const latest = answers.toSorted((a, b) => b.atMs - a.atMs).slice(0, missedBeforePause);
  return latest.length >= missedBeforePause && latest.every(isMiss);
}

/**
 * The status of every order that its restaurant answered or missed: not one that is unpaid, due later or still open.
 */
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
 * Pauses a store whose latest orders, as many as the zone says, all expired without an answer. The order in which
 * orders were answered or missed counts, not the one in which they were created. A closed store stays closed.
 */
export async function pauseIfUnanswered(ctx: Context, { restaurantId, zoneId }: Order): Promise<void> {
  const { limits } = await zoneOf(ctx, zoneId);
  const latest = await paths
    .orders(ctx.db)
    .where('restaurantId', '==', restaurantId)
    .where('status', 'in', ANSWERED)
    .orderBy('createdAtMs', 'desc')
    .limit(Math.max(LOOK, 2 * limits.missedOrdersBeforePause))
    .get();
  const orders = await readable(ctx, 'pauseIfUnanswered', latest.docs);
  if (
    !isUnanswered(
      orders.map(({ data }) => data),
      limits.missedOrdersBeforePause,
    )
  )
    return;
  const ref = paths.restaurant(ctx.db, restaurantId);
  await ctx.db.runTransaction(async (tx) => {
    const store = (await tx.get(ref)).data();
    if (store?.availability === 'offline') return;
    // An operator may have paused it for longer.
    const untilMs = Math.max(store?.pausedUntilMs ?? 0, ctx.now() + limits.pauseMinutes * 60_000);
    update(tx, ref, { availability: 'paused', pausedUntilMs: untilMs });
  });
}
