import { z } from 'zod';
import type { Order } from './orders.js';
import { DocumentId, EpochSeconds, LIMITS, Stamp, Uid } from './common.js';

/** One person writes so many messages about one order. */
export const MESSAGES_PER_ORDER = 200;
/** Open until so long after the order's end. */
export const CHAT_OPEN_MS = 2 * 3_600_000;

/** What an order's end is. Payouts and settlements come after it. */
const ENDS: readonly Order['status'][] = ['delivered', 'collected', 'returned', 'cancelled', 'rejected', 'expired'];

/** When an order's courier and restaurant can no longer read its chat; null while the order is under way. */
export function chatEndsAtMs({ status, events }: Pick<Order, 'status' | 'events'>): number | null {
  if (status !== 'completed' && !ENDS.includes(status)) return null;
  const ended = events.findLast(({ from, to }) => ENDS.includes(to) && from !== to);
  return ended ? ended.atMs + CHAT_OPEN_MS : 0;
}

/**
 * `orders/{orderId}/messages/{uid}-{n}`: written under rules by a party of the order, to the customer or from her, with
 * one other party: either the restaurant or the courier who carries the order, the other is null. The id numbers the
 * messages of one writer 1, 2, 3…, so a repeated one is the same one, and none comes sooner than a second after the one
 * before. Others see it once it was looked at: `shown`, perhaps with parts masked. Personal; a TTL policy deletes it.
 */
export const ChatMessage = z.strictObject({
  uid: Uid,
  role: z.enum(['customer', 'merchant', 'courier']),
  n: z.int().min(1).max(MESSAGES_PER_ORDER),
  customerId: Uid,
  restaurantId: DocumentId.nullable(),
  courierId: Uid.nullable(),
  /** Rules count letters, this counts halves of some: no message that got in must be unreadable here. */
  text: z.string().max(2 * LIMITS.messageChars),
  /** The server's time, by which messages are ordered. */
  createdAt: Stamp,
  /** When the writer signed in, as the token says. Absent in messages from before it was required. */
  authTime: EpochSeconds.optional(),
  state: z.enum(['new', 'shown', 'removed']),
  /** Set when the chat is over: with whom it was. Neither of them is named any more, and so they read it no longer. */
  closed: z.enum(['restaurant', 'courier']).optional(),
  /** Set with `shown`; the TTL policy deletes the message then. */
  expireAt: Stamp.optional(),
});
export type ChatMessage = z.infer<typeof ChatMessage>;

/**
 * `users/{uid}/reads/{orderId}`: up to where its owner has read, written under rules. What is unread is counted by a
 * query for later messages, so no counter is written by all parties.
 */
export const ReadMark = z.strictObject({ readUpTo: Stamp });
export type ReadMark = z.infer<typeof ReadMark>;
