import type { Order, OrderEvent } from '../contract/orders.js';
import { readable } from '../operations/isolate.js';
import { zoneOf } from '../platform/caches.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { update } from '../platform/stored.js';

/** Only the system's own rejection: the reason of any other step is its author's text. */
const isUnanswered = ({ action, by, reason }: OrderEvent): boolean =>
  action === 'reject' && by === 'system' && reason === 'no_answer';

/** A store that let the zone's number of orders in a row lapse is not there: it pauses. A closed one stays closed. */
export async function pauseIfUnanswered(ctx: Context, { restaurantId, zoneId }: Order): Promise<void> {
  const { limits } = await zoneOf(ctx, zoneId);
  const latest = await paths
    .orders(ctx.db)
    .where('restaurantId', '==', restaurantId)
    .orderBy('createdAtMs', 'desc')
    .limit(limits.missedOrdersBeforePause)
    .get();
  const orders = await readable(ctx, 'pauseIfUnanswered', latest.docs);
  const unanswered = orders.filter(({ data }) => data.events.some(isUnanswered));
  if (unanswered.length < limits.missedOrdersBeforePause) return;
  const ref = paths.restaurant(ctx.db, restaurantId);
  await ctx.db.runTransaction(async (tx) => {
    if ((await tx.get(ref)).data()?.availability === 'offline') return;
    update(tx, ref, { availability: 'paused', pausedUntilMs: ctx.now() + limits.pauseMinutes * 60_000 });
  });
}
