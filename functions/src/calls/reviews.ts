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
    description: 'Stars and words for restaurant and courier, once per order, within 30 days',
    audience: 'customer',
    input: ReviewOrderInput,
    output: ReviewOrderOutput,
    roles: ANY_ROLE,
    handler: async () => (await import('../reviews/review-order.js')).reviewOrder,
  }),
  reportContent: defineCallable({
    description: 'A review or message to the operators',
    audience: 'with a profile',
    input: ReportContentInput,
    output: ReportContentOutput,
    roles: ANY_ROLE,
    handler: async () => (await import('../reviews/report-content.js')).reportContent,
  }),
  decideReport: defineCallable({
    description: 'Keeps or removes it, with a reason; after an appeal an operator who has not decided it before',
    audience: 'operator',
    input: DecideReportInput,
    output: DecideReportOutput,
    roles: ['operator'],
    handler: async () => (await import('../reviews/decide-report.js')).decideReport,
  }),
  appeal: defineCallable({
    description: 'Once, against a removal',
    audience: 'its author',
    input: AppealInput,
    output: AppealOutput,
    roles: ANY_ROLE,
    handler: async () => (await import('../reviews/report-content.js')).appeal,
  }),
};
