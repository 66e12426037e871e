import { z } from 'zod';
import { DocumentId, LIMITS, text } from '../contract/common.js';
import { Reason } from '../contract/moves.js';
import { Content, Report, ReportId, ReportReason, Review, Stars } from '../contract/reviews.js';
import { ANY_ROLE, defineCallable } from './define-callable.js';

const Said = z.strictObject({ stars: Stars, text: text(LIMITS.messageChars).default('') });
export const ReviewOrderInput = z.strictObject({ orderId: DocumentId, restaurant: Said, courier: Said.optional() });
/** `held`: an operator reviews it first. */
export const ReviewOrderOutput = z.strictObject({ state: Review.shape.state, replayed: z.boolean() });

export const ReplyToReviewInput = z.strictObject({
  restaurantId: DocumentId,
  orderId: DocumentId,
  text: text(LIMITS.messageChars).min(1),
});
/** `held`: an operator decides first. */
export const ReplyToReviewOutput = z.strictObject({ state: z.enum(['shown', 'held']) });

export const ReportContentInput = z.strictObject({ content: Content, reason: ReportReason });
export const ReportContentOutput = z.strictObject({ reportId: z.string() });

export const DecideReportInput = z.strictObject({
  reportId: ReportId,
  verdict: z.enum(['keep', 'remove']),
  reason: Reason,
});
export const DecideReportOutput = z.strictObject({ state: Report.shape.state });

export const AppealInput = z.strictObject({
  content: Content,
  text: text(LIMITS.messageChars).min(1),
});
export const AppealOutput = DecideReportOutput;

export const REVIEW_CALLS = {
  reviewOrder: defineCallable({
    description: 'Saves stars and text for restaurant and courier, once per order, within 30 days',
    audience: 'customer',
    input: ReviewOrderInput,
    output: ReviewOrderOutput,
    roles: ANY_ROLE,
    reasons: ['ORDER_NOT_FOUND', 'NOT_DELIVERED', 'TOO_LATE', 'ALREADY_REVIEWED', 'PARTY_CONFLICT', 'COURIER_REQUIRED'],
    example: {
      input: {
        orderId: 'Hk3VYq0sWm8RtZ1bNcX7',
        restaurant: { stars: 5, text: 'Crisp and still hot' },
        courier: { stars: 5 },
      },
      output: { state: 'shown', replayed: false },
    },
    handler: async () => (await import('../reviews/review-order.js')).reviewOrder,
  }),
  replyToReview: defineCallable({
    description:
      'Saves the restaurant’s one reply to a review, which stands in the review; it may be changed until an operator has decided on it. The customer is notified once',
    audience: 'owner, manager',
    input: ReplyToReviewInput,
    output: ReplyToReviewOutput,
    roles: ['merchant'],
    reasons: ['RESTAURANT_NOT_FOUND', 'ROLE_NOT_ALLOWED', 'CONTENT_NOT_FOUND', 'REPORT_DECIDED'],
    example: {
      input: {
        restaurantId: 'restaurant-1',
        orderId: 'Hk3VYq0sWm8RtZ1bNcX7',
        text: 'Thank you, and come again soon!',
      },
      output: { state: 'shown' },
    },
    handler: async () => (await import('../reviews/reply-to-review.js')).replyToReview,
  }),
  reportContent: defineCallable({
    description: 'Reports a review, a reply to one or a message to the operators',
    audience: 'any role',
    input: ReportContentInput,
    output: ReportContentOutput,
    roles: ANY_ROLE,
    reasons: ['CONTENT_NOT_FOUND'],
    example: {
      input: {
        content: { type: 'restaurantReview', restaurantId: 'restaurant-1', orderId: 'Hk3VYq0sWm8RtZ1bNcX7' },
        reason: 'insult',
      },
      output: { reportId: 'restaurantReview-Hk3VYq0sWm8RtZ1bNcX7' },
    },
    handler: async () => (await import('../reviews/report-content.js')).reportContent,
  }),
  decideReport: defineCallable({
    description:
      'Keeps or removes reported content, with a reason; after an appeal a different operator decides. Not for a party of the order of a message or reply',
    audience: 'operator',
    input: DecideReportInput,
    output: DecideReportOutput,
    roles: ['operator'],
    reasons: ['REPORT_NOT_FOUND', 'REPORT_DECIDED', 'ZONE_NOT_FOUND', 'OTHER_OPERATOR_REQUIRED'],
    example: {
      input: { reportId: 'restaurantReview-Hk3VYq0sWm8RtZ1bNcX7', verdict: 'remove', reason: 'It insults the cook' },
      output: { state: 'decided' },
    },
    handler: async () => (await import('../reviews/decide-report.js')).decideReport,
  }),
  appeal: defineCallable({
    description:
      'Appeals once against the removal of the caller’s content; of a reply each owner and manager is the author',
    audience: 'its author',
    input: AppealInput,
    output: AppealOutput,
    roles: ANY_ROLE,
    reasons: ['REPORT_NOT_FOUND', 'REPORT_DECIDED'],
    example: {
      input: {
        content: { type: 'restaurantReview', restaurantId: 'restaurant-1', orderId: 'Hk3VYq0sWm8RtZ1bNcX7' },
        text: 'I only described the food.',
      },
      output: { state: 'appealed' },
    },
    handler: async () => (await import('../reviews/report-content.js')).appeal,
  }),
};
