import { MESSAGE_UNITS, type ChatMessage } from '../contract/chat.js';
import { closeFormerChats } from '../orders/flow/close-messages.js';
import { scheduleClose } from './close.js';
import { filterText } from '../moderation/filter.js';
import { cutText } from '../moderation/normalized.js';
import { worksFor } from '../authority/staff.js';
import { notifyRecipient } from '../notifications/send.js';
import type { Recipient } from '../orders/model/effect.js';
import type { Context } from '../platform/context.js';
import { isRevoked } from '../platform/identity.js';
import { paths } from '../platform/firestore.js';
import { updateOne } from '../platform/stored.js';

const KEPT_MS = 90 * 24 * 3_600_000;
const PREVIEW_CHARS = 120;

/**
 * Filters a message before the other party can read it, and notifies that party. A message of a revoked session, a
 * blocked user or a sender who no longer has the role is removed instead; the chat with a courier who no longer has the
 * order is closed. A repeated notification is shown once by the phone.
 */
export async function onMessage(ctx: Context, orderId: string, messageId: string): Promise<void> {
  const ref = paths.message(ctx.db, orderId, messageId);
  const message = (await ref.get()).data();
  if (!message || message.state === 'removed') return;
  const text = cutText(filterText(message.text).text, MESSAGE_UNITS);
  if (message.state === 'new') {
    const state = (await maySpeak(ctx, message)) ? 'shown' : 'removed';
    // The TTL policy on messages reads `expireAt`.
    const expireAt = ctx.now() + KEPT_MS;
    await updateOne(ref, { text, state, expireAt });
    if (state === 'removed') return;
  }
  const recipient = findRecipient(message);
  const order = (await paths.order(ctx.db, orderId).get()).data();
  if (!order || !recipient) return;
  const { courierId } = message;
  if (courierId !== null && courierId !== order.courierId) return closeFormerChats(ctx, orderId);
  await scheduleClose(ctx, orderId, order);
  const values = { from: message.role, text: preview(text) };
  await notifyRecipient(ctx, recipient, 'chat_message', {
    orderId,
    order,
    id: `${orderId}-chat-${messageId}`,
    values,
  });
}

/**
 * Rules check the token, which may be an hour old; this checks the user's record, read after the message was written.
 */
async function maySpeak(ctx: Context, { uid, role, restaurantId, authTime, createdAt }: ChatMessage): Promise<boolean> {
  const record = await ctx.identity.recordOf(uid, createdAt);
  if (authTime === undefined || isRevoked(record, authTime * 1000)) return false;
  const { claims } = record;
  if (role === 'courier') return claims.role === 'courier';
  return role === 'customer' || (restaurantId !== null && (await worksFor(ctx, { uid, claims }, restaurantId)));
}

/** Null for a customer's message in a chat that was closed since: it no longer names the other party. */
function findRecipient({ uid, customerId, restaurantId, courierId }: ChatMessage): Recipient | null {
  if (uid !== customerId) return { type: 'user', uid: customerId };
  if (restaurantId !== null) return { type: 'restaurant', restaurantId };
  return courierId === null ? null : { type: 'user', uid: courierId };
}

const preview = (text: string): string =>
  text.length <= PREVIEW_CHARS ? text : `${text.slice(0, PREVIEW_CHARS - 1)}…`;
