import type { DocumentSnapshot } from 'firebase-admin/firestore';
import { computeChatEndMs, type ChatMessage } from '../contract/chat.js';
import type { Order } from '../contract/orders.js';
import { filterReadable } from '../platform/isolate.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { update } from '../platform/stored.js';

const HOUR_MS = 3_600_000;
/** An order scheduled for later may wait for weeks. */
const SCHEDULED_LOOK_MS = 12 * HOUR_MS;
/** Writes per batch. Source: Firestore documentation, "Quotas and limits". */
const PAGE = 400;

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

/** Ends the access of couriers who no longer have the order to the messages exchanged with its customer. */
export async function closeFormerChats(ctx: Context, orderId: string): Promise<void> {
  const order = (await paths.order(ctx.db, orderId).get()).data();
  const { docs } = await paths.messages(ctx.db, orderId).where('courierId', '!=', null).get();
  await closeMessages(
    ctx,
    docs.filter((message) => message.get('courierId') !== order?.courierId),
  );
}

async function closeMessages(ctx: Context, docs: readonly DocumentSnapshot<ChatMessage>[]): Promise<void> {
  await filterReadable(ctx, 'closeChat', docs);
  const open = docs.filter((message) => findOtherParty(message) !== null);
  for (let from = 0; from < open.length; from += PAGE) {
    const batch = ctx.db.batch();
    for (const message of open.slice(from, from + PAGE)) {
      const closed = findOtherParty(message);
      if (closed) update(batch, message.ref, { restaurantId: null, courierId: null, closed });
    }
    await batch.commit();
  }
}

/**
 * Returns the party with whom the customer speaks; null once the chat is closed. Reads single fields, as rules do: a
 * message whose other fields cannot be read is closed too.
 */
function findOtherParty(message: DocumentSnapshot<ChatMessage>): ChatMessage['closed'] | null {
  if ((message.get('courierId') ?? null) !== null) return 'courier';
  return (message.get('restaurantId') ?? null) === null ? null : 'restaurant';
}
