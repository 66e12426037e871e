import { computeChatEndMs } from '../contract/chat.js';
import type { Order } from '../contract/orders.js';
import { closeMessages } from '../orders/flow/close-messages.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';

const HOUR_MS = 3_600_000;
/** An order scheduled for later may wait for weeks. */
const SCHEDULED_LOOK_MS = 12 * HOUR_MS;

/** Schedules the end of the other parties' access to an order's chat: by the order's end, or a later check. */
export async function scheduleClose(ctx: Context, orderId: string, order: Order): Promise<void> {
  // While the order is under way its end is unknown: a check within the two hours that access lasts after the end. At
  // whole hours, so that a busy chat creates few tasks.
  const waitMs = order.status === 'scheduled' ? SCHEDULED_LOOK_MS : HOUR_MS;
  const atMs = computeChatEndMs(order) ?? Math.ceil((ctx.now() + waitMs) / HOUR_MS) * HOUR_MS;
  await ctx.tasks.schedule(`chat-${orderId}-${atMs}`, Math.max(atMs, ctx.now()), { type: 'closeChat', orderId });
}

/**
 * Ends the courier's and the restaurant's access to an order's chat two hours after the order's end: the messages no
 * longer contain their ids, which the rules require. The customer keeps the messages until their TTL. For an order
 * under way a later check is scheduled.
 */
export async function closeChat(ctx: Context, orderId: string): Promise<void> {
  const order = (await paths.order(ctx.db, orderId).get()).data();
  const endsAtMs = order ? computeChatEndMs(order) : 0;
  if (order && (endsAtMs === null || endsAtMs > ctx.now())) return scheduleClose(ctx, orderId, order);
  await closeMessages(ctx, (await paths.messages(ctx.db, orderId).get()).docs);
}
