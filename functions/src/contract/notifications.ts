import { z } from 'zod';
import { DocumentId, EpochMs, LIMITS, Stamp } from './common.js';

/**
 * Topics that a phone may switch off. Notifications that an order moved or that offer work to a courier are always
 * sent.
 */
export const MUTABLE_TOPICS = ['chat', 'cart', 'money', 'reviews'] as const;
export const TOPICS = ['orders', 'offers', 'support', ...MUTABLE_TOPICS] as const;
export const Topic = z.enum(TOPICS);
export type Topic = z.infer<typeof Topic>;

const DAY_MINUTES = 24 * 60;
const MinuteOfDay = z
  .int()
  .min(0)
  .max(DAY_MINUTES - 1);
/** In the time zone's local time; `to` before `from` is the next morning, equal is never. */
export const QuietHours = z.strictObject({
  fromMinute: MinuteOfDay,
  toMinute: MinuteOfDay,
  timeZone: z.string().min(1).max(60),
});
export type QuietHours = z.infer<typeof QuietHours>;

export const PhoneLocale = z.string().regex(/^[A-Za-z0-9_-]{2,35}$/);

/** A phone's notification settings: in its own document, which a push reads anyway. */
export const Preferences = z.strictObject({
  /** BCP 47; absent: English. */
  locale: PhoneLocale.optional(),
  muted: z.array(z.enum(MUTABLE_TOPICS)).max(MUTABLE_TOPICS.length).optional(),
  quietHours: QuietHours.optional(),
});
export type Preferences = z.infer<typeof Preferences>;

/** A rendered push to one phone, as a task carries it for a retry. */
export const Push = z.strictObject({
  token: z.string().min(1).max(LIMITS.tokenChars),
  topic: Topic,
  /** The id of one event: a repeated push replaces the first on the phone. */
  collapseId: z.string().min(1).max(300),
  title: z.string(),
  body: z.string(),
  data: z.record(z.string(), z.string()),
  /** The push is not delivered after this time. */
  expiresAtMs: EpochMs,
});
export type Push = z.infer<typeof Push>;

/**
 * `users/{uid}/inbox/{eventId}`: a notification that its owner may look up later, independent of the phones' displays;
 * the server writes it, the owner marks it read or deletes it. Personal: it names restaurants and orders; a TTL policy
 * deletes it.
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
