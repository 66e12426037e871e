import { z } from 'zod';
import { DocumentId, idOf, LIMITS, text } from '../common.js';
import { Reason } from '../moves.js';
import { Content, Report, ReportReason, Review, Stars } from '../reviews.js';

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
  reviewOrder: { input: ReviewOrderInput, output: ReviewOrderOutput },
  reportContent: { input: ReportContentInput, output: ReportContentOutput },
  decideReport: { input: DecideReportInput, output: DecideReportOutput },
  appeal: { input: AppealInput, output: AppealOutput },
} as const;
