import { z } from 'zod';
import { DocumentId, EpochMs, idOf, LIMITS, Name, Uid } from './common.js';

export const Stars = z.int().min(1).max(5);

/** How an owner of reviews is rated: the sum and number of the stars that are shown. */
export const Rating = z.strictObject({ sum: z.int().min(0), count: z.int().min(0) });
export type Rating = z.infer<typeof Rating>;

/** What restaurants and couriers have in common. */
export const Rated = z.object({ rating: Rating.optional() });

/**
 * `restaurants/{id}/reviews/{orderId}`, which everybody reads while it is shown, and
 * `couriers/{uid}/reviews/{orderId}`, for operators: one of each order; the server writes them. Personal: text and
 * first name, of the order's customer, whose uid is only in the order.
 */
export const Review = z.strictObject({
  authorName: Name,
  stars: Stars,
  text: z.string().max(LIMITS.messageChars),
  /** `held` waits for an operator. */
  state: z.enum(['shown', 'held', 'removed']),
  createdAtMs: EpochMs,
  /** The stars of it that are in the owner's rating; 0: none. */
  countedStars: z.int().min(0).max(5),
  /** Its part of the rating is to be brought up to date. */
  isDue: z.boolean(),
});
export type Review = z.infer<typeof Review>;

/** What somebody said to others. */
export const Content = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('restaurantReview'), restaurantId: DocumentId, orderId: DocumentId }),
  z.strictObject({ type: z.literal('courierReview'), courierId: Uid, orderId: DocumentId }),
  z.strictObject({
    type: z.literal('message'),
    orderId: DocumentId,
    messageId: idOf(1, 140),
  }),
]);
export type Content = z.infer<typeof Content>;

export const REPORT_REASONS = ['insult', 'private', 'untrue', 'spam', 'other'] as const;
export const ReportReason = z.enum(REPORT_REASONS);

/**
 * `reports/{id}`: one for each content, whoever complains of it; for operators. Personal: names who wrote and who
 * reported, and holds the text of an appeal.
 */
export const Report = z.strictObject({
  content: Content,
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
});
export type Report = z.infer<typeof Report>;
