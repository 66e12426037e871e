import { FieldValue, type Transaction } from 'firebase-admin/firestore';
import type { z } from 'zod';
import type { ReplyToReviewInput, ReplyToReviewOutput } from '../calls/reviews.js';
import type { Content } from '../contract/reviews.js';
import { MANAGERS, requireStaff } from '../authority/staff.js';
import { filterText } from '../moderation/filter.js';
import { notifyRecipient } from '../notifications/send.js';
import type { Caller, Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { update, updateOne } from '../platform/stored.js';
import { Refusal, unwrap } from '../core/outcome.js';
import { holdContent } from './hold-content.js';
import { newReport, toReportId } from './model/content.js';
import { placeReply, type PlacedReply } from './model/reply.js';

type Input = z.infer<typeof ReplyToReviewInput>;

/** Saves the one reply of a restaurant to a review, for an owner or manager, and notifies the customer once. */
export async function replyToReview(
  ctx: Context,
  caller: Caller,
  input: Input,
): Promise<z.infer<typeof ReplyToReviewOutput>> {
  await requireStaff(ctx, caller, input.restaurantId, MANAGERS);
  const { state } = await ctx.db.runTransaction((tx) => save(ctx, tx, input));
  if (state === 'shown') await notifyOfReply(ctx, input.restaurantId, input.orderId);
  return { state };
}

async function save(ctx: Context, tx: Transaction, { restaurantId, orderId, text }: Input): Promise<PlacedReply> {
  const content: Content = { type: 'reviewReply', restaurantId, orderId };
  const ref = paths.review(ctx.db, `restaurants/${restaurantId}`, orderId);
  const [stored, reported] = await Promise.all([tx.get(ref), tx.get(paths.report(ctx.db, toReportId(content)))]);
  const [review, report] = [stored.data(), reported.data()];
  if (review?.state !== 'shown') throw new Refusal('CONTENT_NOT_FOUND');
  const filtered = filterText(text);
  const said = { text: filtered.text, isHeld: filtered.words > 0 };
  const placed = unwrap(placeReply(review, report, said, ctx.now()));
  if (placed.reply === review.reply || placed.reply === report?.reply) return placed;
  if (placed.state === 'shown') update(tx, ref, { reply: placed.reply });
  else {
    if (review.reply) update(tx, ref, { reply: FieldValue.delete() });
    holdContent(ctx, tx, { ...(report ?? newReport(content, restaurantId, ctx.now())), reply: placed.reply });
  }
  return placed;
}

/**
 * Notifies the customer of the reply to the review, unless that was done before: a repeated call does what an
 * interrupted one left out.
 */
export async function notifyOfReply(ctx: Context, restaurantId: string, orderId: string): Promise<void> {
  const ref = paths.review(ctx.db, `restaurants/${restaurantId}`, orderId);
  const [stored, ordered] = await Promise.all([ref.get(), paths.order(ctx.db, orderId).get()]);
  const [reply, order] = [stored.data()?.reply, ordered.data()];
  if (!reply || reply.notifiedAtMs !== null || !order) return;
  const about = { orderId, order, id: `${toReportId({ type: 'reviewReply', restaurantId, orderId })}-shown` };
  await notifyRecipient(ctx, { type: 'user', uid: order.customerId }, 'review_answered', about);
  await updateOne(ref, { 'reply.notifiedAtMs': ctx.now() });
}
