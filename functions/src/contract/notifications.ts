import { z } from 'zod';
import { DocumentId, EpochMs, LIMITS, Stamp } from './common.js';

/** Topics that a phone may switch off. What moves an order or asks a courier to work is told always. */
export const MUTABLE_TOPICS = ['chat', 'cart', 'money', 'reviews'] as const;
export const TOPICS = ['orders', 'offers', 'support', ...MUTABLE_TOPICS] as const;
export const Topic = z.enum(TOPICS);
export type Topic = z.infer<typeof Topic>;

const DAY_MINUTES = 24 * 60;
const MinuteOfDay = z
  .int()
  .min(0)
  .max(DAY_MINUTES - 1);
/** By the clocks of the time zone; `to` before `from` is the next morning, equal is never. */
export const QuietHours = z.strictObject({
  fromMinute: MinuteOfDay,
  toMinute: MinuteOfDay,
  timeZone: z.string().min(1).max(60),
});
export type QuietHours = z.infer<typeof QuietHours>;

export const PhoneLocale = z.string().regex(/^[A-Za-z0-9_-]{2,35}$/);

/** How a phone wants to be told: in its own document, which a push reads anyway. */
export const Preferences = z.strictObject({
  /** BCP 47; absent: English. */
  locale: PhoneLocale.optional(),
  muted: z.array(z.enum(MUTABLE_TOPICS)).max(MUTABLE_TOPICS.length).optional(),
  quietHours: QuietHours.optional(),
});
export type Preferences = z.infer<typeof Preferences>;

/** A rendered push to one phone, as a task carries it to a later try. */
export const Push = z.strictObject({
  token: z.string().min(1).max(LIMITS.tokenChars),
  topic: Topic,
  /** One event: a repeated push replaces the first on the phone. */
  collapseId: z.string().min(1).max(300),
  title: z.string(),
  body: z.string(),
  data: z.record(z.string(), z.string()),
  /** Of no use any more from then on. */
  expiresAtMs: EpochMs,
});
export type Push = z.infer<typeof Push>;

/**
 * `users/{uid}/inbox/{eventId}`: what its owner may look up later, whatever the phones were shown; the server writes
 * it, the owner marks it read or deletes it. Personal: it names restaurants and orders; a TTL policy deletes it.
 */
export const InboxItem = z.strictObject({
  key: z.string().max(60),
  topic: Topic,
  title: z.string().max(200),
  body: z.string().max(500),
  orderId: DocumentId.optional(),
  restaurantId: DocumentId.optional(),
  createdAtMs: EpochMs,
  /** The server's time. */
  readAt: Stamp.nullable(),
  /** The TTL policy deletes the document then. */
  expireAt: Stamp,
});
export type InboxItem = z.infer<typeof InboxItem>;
