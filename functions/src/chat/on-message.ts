import type { ChatMessage } from '../contract/chat.js';
import { filterText } from '../moderation/filter.js';
import { pushTo } from '../notifications/send.js';
import type { Recipient } from '../orders/effects.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { updateOne } from '../platform/stored.js';

const KEPT_MS = 90 * 24 * 3_600_000;
const PREVIEW_CHARS = 120;

/** Looks at a message before anybody else sees it, and tells whom it is for. Told again, the phone shows it once. */
export async function onMessage(ctx: Context, orderId: string, messageId: string): Promise<void> {
  const ref = paths.message(ctx.db, orderId, messageId);
  const message = (await ref.get()).data();
  if (!message || message.state === 'removed') return;
  const { text } = filterText(message.text);
  if (message.state === 'new') {
    // `expireAt` is what the TTL policy on messages looks at.
    const expireAt = ctx.now() + KEPT_MS;
    await updateOne(ref, { text, state: 'shown', expireAt });
  }
  const order = (await paths.order(ctx.db, orderId).get()).data();
  if (!order) return;
  const values = { from: message.role, text: preview(text) };
  await pushTo(ctx, recipientOf(message), 'chat_message', { orderId, order, id: `${orderId}-chat-${messageId}`, values }); // prettier-ignore
}

function recipientOf({ uid, customerId, restaurantId, courierId }: ChatMessage): Recipient {
  if (uid !== customerId) return { type: 'user', uid: customerId };
  return restaurantId === null ? { type: 'user', uid: courierId ?? '' } : { type: 'restaurant', restaurantId };
}

const preview = (text: string): string =>
  text.length <= PREVIEW_CHARS ? text : `${text.slice(0, PREVIEW_CHARS - 1)}…`;
