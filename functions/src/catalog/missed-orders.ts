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
 * True where all of the latest orders expired without an answer. Orders that the customer cancelled before an answer do
 * not count.
 */
function isUnanswered(orders: readonly Pick<Order, 'events'>[], missedBeforePause: number): boolean {
  const answers = orders.flatMap(
    ({ events }) => events.find(({ action }) => action === 'accept' || action === 'reject') ?? [],
  );
  const latest = answers.toSorted((a, b) => b.atMs - a.atMs).slice(0, missedBeforePause);
  return latest.length >= missedBeforePause && latest.every(isMiss);
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
 * Pauses a store whose latest orders all expired without an answer; the zone says how many. The time of the answer or
 * expiry counts, not the time of creation. A closed store stays closed.
 */
export async function pauseUnansweringStore(ctx: Context, { restaurantId, zoneId }: Order): Promise<void> {
  const { limits } = await getZone(ctx, zoneId);
  const latest = await paths
    .orders(ctx.db)
    .where('restaurantId', '==', restaurantId)
    .where('status', 'in', ANSWERED)
    .orderBy('createdAtMs', 'desc')
    .limit(Math.max(LOOK, 2 * limits.missedOrdersBeforePause))
    .get();
  const orders = await filterReadable(ctx, 'pauseIfUnanswered', latest.docs);
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
