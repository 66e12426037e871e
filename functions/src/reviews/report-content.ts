import type { Transaction } from 'firebase-admin/firestore';
import type { z } from 'zod';
import type { AppealInput, AppealOutput, ReportContentInput, ReportContentOutput } from '../calls/reviews.js';
import type { Content, Report } from '../contract/reviews.js';
import { operatorTask, putOperatorTask } from '../platform/operator-tasks.js';
import { MANAGERS, readStaffRole, worksFor } from '../authority/staff.js';
import type { Caller, Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { Refusal } from '../core/outcome.js';
import { newReport, toReportId } from './model/content.js';
import { update } from '../platform/stored.js';

const MAX_REPORTERS = 20;

/** Reports content of a user to the operators. For a caller who cannot read it, it does not exist. */
export async function reportContent(
  ctx: Context,
  caller: Caller,
  { content, reason }: z.infer<typeof ReportContentInput>,
): Promise<z.infer<typeof ReportContentOutput>> {
  const reportId = toReportId(content);
  const ref = paths.report(ctx.db, reportId);
  await ctx.db.runTransaction(async (tx) => {
    const [authorId, stored] = await Promise.all([findAuthor(ctx, tx, caller, content), tx.get(ref)]);
    if (authorId === null) throw new Refusal('CONTENT_NOT_FOUND');
    const report = stored.data() ?? newReport(content, authorId, ctx.now());
    // A decision is final; a repeated report of the same caller changes nothing.
    if (report.state !== 'open' || report.reporters.includes(caller.uid)) return;
    const reporters = [...report.reporters, caller.uid].slice(0, MAX_REPORTERS);
    tx.set(ref, { ...report, reporters, reasons: [...new Set([...report.reasons, reason])] });
    if (!stored.exists) putBeforeOperator(ctx, tx, reportId, content, reason);
  });
  return { reportId };
}

/** Returns the author of content that the caller can read; null for any other. */
async function findAuthor(ctx: Context, tx: Transaction, caller: Caller, content: Content): Promise<string | null> {
  const { orderId } = content;
  if (content.type === 'message') {
    const message = (await tx.get(paths.message(ctx.db, orderId, content.messageId))).data();
    if (message?.state !== 'shown') return null;
    const { uid, customerId, courierId, restaurantId } = message;
    const isParty = [customerId, courierId].includes(caller.uid);
    const reads = isParty || (restaurantId !== null && (await worksFor(ctx, caller, restaurantId)));
    return reads ? uid : null;
  }
  // Only operators read reviews of couriers.
  if (content.type === 'courierReview') return null;
  const review = (await tx.get(paths.review(ctx.db, `restaurants/${content.restaurantId}`, orderId))).data();
  if (review?.state !== 'shown') return null;
  if (content.type === 'reviewReply') return review.reply ? content.restaurantId : null;
  return (await tx.get(paths.order(ctx.db, orderId))).data()?.customerId ?? null;
}

/** Records an appeal: the author of removed content may object once. */
export async function appeal(
  ctx: Context,
  caller: Caller,
  { content, text }: z.infer<typeof AppealInput>,
): Promise<z.infer<typeof AppealOutput>> {
  const reportId = toReportId(content);
  const ref = paths.report(ctx.db, reportId);
  return ctx.db.runTransaction(async (tx) => {
    const report = (await tx.get(ref)).data();
    if (!report || !(await isAuthor(ctx, caller, report))) throw new Refusal('REPORT_NOT_FOUND');
    if (report.appeal?.text === text) return { state: report.state };
    if (report.state !== 'decided' || report.decision?.verdict !== 'remove')
      throw new Refusal('REPORT_DECIDED', { state: report.state });
    const appealed: Partial<Report> = { state: 'appealed', appeal: { text, atMs: ctx.now() } };
    update(tx, ref, appealed);
    putBeforeOperator(ctx, tx, reportId, content, 'appeal');
    return { state: 'appealed' as const };
  });
}

/** A reply is its restaurant's: each owner and manager is its author. */
async function isAuthor(ctx: Context, { uid }: Caller, { content, authorId }: Report): Promise<boolean> {
  if (content.type !== 'reviewReply') return authorId === uid;
  const role = await readStaffRole(ctx, content.restaurantId, uid);
  return role !== null && MANAGERS.includes(role);
}

function putBeforeOperator(ctx: Context, tx: Transaction, reportId: string, { orderId }: Content, why: string): void {
  const task = operatorTask({ kind: 'report', orderId, detail: `report ${reportId}: ${why}` }, ctx.now());
  putOperatorTask(ctx, tx, reportId, task);
}
