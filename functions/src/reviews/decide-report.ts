import { FieldValue, type Transaction } from 'firebase-admin/firestore';
import type { z } from 'zod';
import type { DecideReportInput, DecideReportOutput } from '../calls/reviews.js';
import { ReviewReply, type Report, type Review } from '../contract/reviews.js';
import { notifyRecipient } from '../notifications/send.js';
import { writeAudit } from '../platform/audit.js';
import { requireOtherCourier, requireOtherPartyOf, requireOtherStore, requireOtherUser } from '../abuse/other-party.js';
import type { Caller, Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { Refusal } from '../core/outcome.js';
import { toContentPath } from './model/content.js';
import { notifyOfReply } from './reply-to-review.js';
import { update, type Changes } from '../platform/stored.js';

type Input = z.infer<typeof DecideReportInput>;

/**
 * Keeps or removes reported or held content for an operator; after an appeal another operator decides, finally. The
 * author is notified of a removal, and the customer of a reply that is shown for the first time.
 */
export async function decideReport(
  ctx: Context,
  { uid: by }: Caller,
  input: Input,
): Promise<z.infer<typeof DecideReportOutput>> {
  const { report, replayed } = await ctx.db.runTransaction((tx) => commit(ctx, tx, by, input));
  const { content } = report;
  if (!replayed && input.verdict === 'remove') await notifyAuthor(ctx, input.reportId, report);
  if (input.verdict === 'keep' && content.type === 'reviewReply')
    await notifyOfReply(ctx, content.restaurantId, content.orderId);
  return { state: report.state };
}

async function commit(
  ctx: Context,
  tx: Transaction,
  by: string,
  { reportId, verdict, reason }: Input,
): Promise<{ report: Report; replayed: boolean }> {
  const ref = paths.report(ctx.db, reportId);
  const report = (await tx.get(ref)).data();
  if (!report) throw new Refusal('REPORT_NOT_FOUND', { reportId });
  if (report.state === 'decided' || report.state === 'final') {
    const same = report.decision?.verdict === verdict && report.decision.by === by;
    if (same) return { report, replayed: true };
    throw new Refusal('REPORT_DECIDED', { state: report.state });
  }
  // The operator who removed it does not decide the appeal, nor does a second account of that operator.
  if (report.state === 'appealed') await requireOtherUser(ctx, by, [report.decision?.by ?? null]);
  await requireNeutral(ctx, by, report);
  const content = ctx.db.doc(toContentPath(report.content));
  const task = paths.operatorTask(ctx.db, reportId);
  const [stored, raised] = await Promise.all([tx.get(content), tx.get(task)]);
  const state = report.state === 'appealed' ? 'final' : 'decided';
  const { reply, ...rest } = report;
  const known = Reply.parse(stored.get('reply')) ?? reply;
  const decision = { by, atMs: ctx.now(), verdict, reason };
  // A removed reply stays in the report, for an appeal.
  const decided: Report = { ...rest, state, decision, ...(isRemoved(report, verdict) && known && { reply: known }) };
  tx.set(ref, decided);
  // Content that its author deleted with the account no longer exists.
  if (stored.exists)
    update(
      tx,
      content,
      report.content.type === 'reviewReply' ? toReplyChange(verdict, known) : toChange(report, verdict),
    );
  if (raised.exists) update(tx, task, { open: false });
  const before = { state: report.state, verdict: report.decision?.verdict ?? null };
  writeAudit(ctx, tx, { by, action: 'decideReport', subject: content.path, reason, before, after: { state, verdict } });
  return { report: decided, replayed: false };
}

/**
 * Requires that the operator is not the author, did not report it and is not its subject. For a message or
 * a reply, requires that the operator is no party of its order, which includes its recipients.
 */
async function requireNeutral(ctx: Context, by: string, { content, authorId, reporters }: Report): Promise<void> {
  await requireOtherUser(ctx, by, [authorId, ...reporters]);
  if (content.type === 'restaurantReview') await requireOtherStore(ctx, by, content.restaurantId);
  if (content.type === 'courierReview') await requireOtherCourier(ctx, by, content.courierId);
  if (content.type === 'message' || content.type === 'reviewReply') await requireOtherPartyOf(ctx, by, content.orderId);
}

const Reply = ReviewReply.optional().catch(undefined);

const isRemoved = ({ content }: Report, verdict: Input['verdict']): boolean =>
  content.type === 'reviewReply' && verdict === 'remove';

/** A kept reply is shown in the review again, a removed one leaves it. */
const toReplyChange = (verdict: Input['verdict'], known: ReviewReply | undefined): Changes<Pick<Review, 'reply'>> => ({
  reply: verdict === 'keep' && known ? known : FieldValue.delete(),
});

/** A review is counted again. The text stays, for an appeal: only its author and operators can read removed content. */
function toChange(
  { content }: Report,
  verdict: Input['verdict'],
): Changes<Pick<Review, 'isDue'> & { state: Review['state'] }> {
  const state = verdict === 'keep' ? 'shown' : 'removed';
  return content.type === 'message' ? { state } : { state, isDue: true };
}

async function notifyAuthor(ctx: Context, reportId: string, { authorId, content, state }: Report): Promise<void> {
  const order = (await paths.order(ctx.db, content.orderId).get()).data();
  if (!order) return;
  const about = { orderId: content.orderId, order, id: `${reportId}-${state}` };
  const isReply = content.type === 'reviewReply';
  const author = isReply
    ? ({ type: 'restaurant', restaurantId: content.restaurantId } as const)
    : ({ type: 'user', uid: authorId } as const);
  await notifyRecipient(ctx, author, 'content_removed', about);
}
