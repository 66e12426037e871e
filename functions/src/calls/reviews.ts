import { z } from 'zod';
import { DocumentId, idOf, LIMITS, text } from '../contract/common.js';
import { Reason } from '../contract/moves.js';
import { Content, Report, ReportReason, Review, Stars } from '../contract/reviews.js';
import { ANY_ROLE, defineCallable } from './define-callable.js';

const Said = z.strictObject({ stars: Stars, text: text(LIMITS.messageChars).default('') });
export const ReviewOrderInput = z.strictObject({ orderId: DocumentId, restaurant: Said, courier: Said.optional() });
/** `held`: an operator looks at it first. */
export const ReviewOrderOutput = z.strictObject({ state: Review.shape.state, replayed: z.boolean() });

export const ReportContentInput = z.strictObject({ content: Content, reason: ReportReason });
export const ReportContentOutput = z.strictObject({ reportId: z.string() });

export const DecideReportInput = z.strictObject({
  reportId: idOf(1, 200),
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
    handler: async () => (await import('../reviews/review-order.js')).reviewOrder,
  }),
  reportContent: defineCallable({
    description: 'Reports a review or a message to the operators',
    audience: 'any role',
    input: ReportContentInput,
    output: ReportContentOutput,
    roles: ANY_ROLE,
    handler: async () => (await import('../reviews/report-content.js')).reportContent,
  }),
  decideReport: defineCallable({
    description: 'Keeps or removes reported content, with a reason; after an appeal a different operator decides',
    audience: 'operator',
    input: DecideReportInput,
    output: DecideReportOutput,
    roles: ['operator'],
    handler: async () => (await import('../reviews/decide-report.js')).decideReport,
  }),
  appeal: defineCallable({
    description: 'Appeals once against the removal of the caller’s content',
    audience: 'its author',
    input: AppealInput,
    output: AppealOutput,
    roles: ANY_ROLE,
    handler: async () => (await import('../reviews/report-content.js')).appeal,
  }),
};
