import { z } from 'zod';
import { MessageId } from './chat.js';
import { DocumentId, EpochMs, LIMITS, Name, Uid } from './common.js';

export const Stars = z.int().min(1).max(5);

/** The rating of a restaurant or courier: the sum and number of the stars that are shown. */
export const Rating = z.strictObject({ sum: z.int().min(0), count: z.int().min(0) });
export type Rating = z.infer<typeof Rating>;

/** The field that restaurants and couriers share. */
export const Rated = z.object({ rating: Rating.optional() });

/** What a restaurant answered to a review, for all readers of the review; its staff is not named. */
export const ReviewReply = z.strictObject({
  text: z.string().min(1).max(LIMITS.messageChars),
  /** The time of the last change. */
  atMs: EpochMs,
  /** When the customer was notified, once for all changes; null: not yet. */
  notifiedAtMs: EpochMs.nullable(),
});
export type ReviewReply = z.infer<typeof ReviewReply>;

/**
 * `restaurants/{id}/reviews/{orderId}`, public while it is shown, and `couriers/{uid}/reviews/{orderId}`, for
 * operators: one of each per order; the server writes them. Personal: text and first name of the order's customer,
 * whose uid is only in the order.
 */
export const Review = z.strictObject({
  authorName: Name,
  stars: Stars,
  text: z.string().max(LIMITS.messageChars),
  /** `held` waits for an operator. */
  state: z.enum(['shown', 'held', 'removed']),
  createdAtMs: EpochMs,
  /** The stars of this review that are included in the owner's rating; 0: none. */
  countedStars: z.int().min(0).max(5),
  /** The rating does not include the current stars yet. */
  isDue: z.boolean(),
  /** While it is shown; a held or removed reply is in its report only. */
  reply: ReviewReply.optional(),
});
export type Review = z.infer<typeof Review>;

/** Content of a user that other users read. */
export const Content = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('restaurantReview'), restaurantId: DocumentId, orderId: DocumentId }),
  z.strictObject({ type: z.literal('courierReview'), courierId: Uid, orderId: DocumentId }),
  z.strictObject({ type: z.literal('reviewReply'), restaurantId: DocumentId, orderId: DocumentId }),
  z.strictObject({
    type: z.literal('message'),
    orderId: DocumentId,
    messageId: MessageId,
  }),
]);
export type Content = z.infer<typeof Content>;

/** The id of a report: see `toReportId`. */
export const ReportId = z.union([
  z
    .string()
    .regex(
      /^(?:(?:restaurantReview|courierReview)-[A-Za-z0-9_-]{1,64}|message-[A-Za-z0-9_-]{1,64}-[^/\p{Cc}]{1,128}-\d{1,3})$/u,
    ),
  z.string().regex(/^reviewReply-[A-Za-z0-9_-]{1,64}$/),
]);

export const REPORT_REASONS = ['insult', 'private', 'untrue', 'spam', 'other'] as const;
export const ReportReason = z.enum(REPORT_REASONS);

/**
 * `reports/{id}`: one for each content, however many users report it; for operators. Personal: names the author and the
 * reporters, and contains the text of an appeal.
 */
export const Report = z.strictObject({
  content: Content,
  /** A uid; of a reply to a review the id of the restaurant. */
  authorId: Uid,
  /** Empty where the filter held it. */
  reporters: z.array(Uid).max(20),
  reasons: z.array(ReportReason).max(REPORT_REASONS.length),
  /** An appeal opens it a second and last time. */
  state: z.enum(['open', 'decided', 'appealed', 'final']),
  createdAtMs: EpochMs,
  decision: z
    .strictObject({
      by: Uid,
      atMs: EpochMs,
      verdict: z.enum(['keep', 'remove']),
      reason: z.string().max(LIMITS.reasonChars),
    })
    .nullable(),
  appeal: z.strictObject({ text: z.string().max(LIMITS.messageChars), atMs: EpochMs }).nullable(),
  /** The reply of a restaurant while it is held or removed: readers of the review must not find it there. */
  reply: ReviewReply.optional(),
});
export type Report = z.infer<typeof Report>;
