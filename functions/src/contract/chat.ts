import { z } from 'zod';
import type { Order } from './orders.js';
import { DocumentId, EpochSeconds, LIMITS, numberedIdOf, Stamp, Uid } from './common.js';

/** The number of messages that one person may write about one order. */
export const MESSAGES_PER_ORDER = 200;
/** `{uid}-{n}`. */
export const MessageId = numberedIdOf('-', 3);
/**
 * The most UTF-16 units of a message. Rules count characters: a message that rules accepted must be readable here. NFC
 * makes three letters of some; the server cuts a message that becomes longer.
 */
export const MESSAGE_UNITS = 2 * LIMITS.messageChars;
/** The chat stays open for this long after the order's end, in milliseconds. */
export const CHAT_OPEN_MS = 2 * 3_600_000;

/** Statuses that end an order. Payouts and settlements follow. */
const ENDS: readonly Order['status'][] = ['delivered', 'collected', 'returned', 'cancelled', 'rejected', 'expired'];

/** Computes when an order's courier and restaurant can no longer read its chat; null while the order is under way. */
export function computeChatEndMs({ status, events }: Pick<Order, 'status' | 'events'>): number | null {
  if (status !== 'completed' && !ENDS.includes(status)) return null;
  const ended = events.findLast(({ from, to }) => ENDS.includes(to) && from !== to);
  return ended ? ended.atMs + CHAT_OPEN_MS : 0;
}

/**
 * `orders/{orderId}/messages/{uid}-{n}`: written under rules by a party of the order, between the customer and one
 * other party: either the restaurant or the courier who carries the order; the other is null. The id numbers the
 * messages of one writer 1, 2, 3…, so a repeated write is the same message, and a message is accepted no sooner than a
 * second after the one before. Other parties see it once it was filtered: `shown`, possibly with masked parts.
 * Personal; a TTL policy deletes it.
 */
export const ChatMessage = z.strictObject({
  uid: Uid,
  role: z.enum(['customer', 'merchant', 'courier']),
  n: z.int().min(1).max(MESSAGES_PER_ORDER),
  customerId: Uid,
  restaurantId: DocumentId.nullable(),
  courierId: Uid.nullable(),
  text: z.string().max(MESSAGE_UNITS),
  /** The server's time, by which messages are ordered. */
  createdAt: Stamp,
  /** When the writer signed in, from the token. Absent in messages from before it was required. */
  authTime: EpochSeconds.optional(),
  state: z.enum(['new', 'shown', 'removed']),
  /** Set when the chat is closed: the party it was with. Both parties' ids are removed, so neither can read it. */
  closed: z.enum(['restaurant', 'courier']).optional(),
  /** Set with `shown`; the TTL policy deletes the message then. */
  expireAt: Stamp.optional(),
});
export type ChatMessage = z.infer<typeof ChatMessage>;

/**
 * `users/{uid}/reads/{orderId}`: the time up to which its owner has read, written under rules. Unread messages are
 * counted by a query for later ones, so no counter is written by all parties.
 */
export const ReadMark = z.strictObject({ readUpTo: Stamp });
export type ReadMark = z.infer<typeof ReadMark>;
