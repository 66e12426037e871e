import type { Transaction } from 'firebase-admin/firestore';
import type { Refund, RefundPart } from '../contract/payments.js';
import { pushTo } from '../notifications/send.js';
import { ensureMoneyMoved } from './move-money.js';
import { operatorTask, operatorTaskId, raiseOperatorTask } from '../platform/operator-tasks.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { giveCredit } from './credit.js';
import { failedRefundJournal } from '../ledger/model/journals.js';
import type { SentRefund } from './payments.js';
import { update, updateOne } from '../platform/stored.js';

/**
 * Tells the provider of a refund and the customer, and takes the merchant's part back. What the provider refuses
 * becomes credit at once: see `followRefund`. Does nothing once it is done. Throws where another try may succeed.
 */
export async function finishRefund(ctx: Context, orderId: string, refundId: string): Promise<void> {
  const ref = paths.refunds(ctx.db, orderId).doc(refundId);
  const refund = (await ref.get()).data();
  if (refund?.status !== 'pending') return;
  const { currency, parts, reversalMinor, customerId, amountMinor: backMinor } = refund;
  const order = (await paths.order(ctx.db, orderId).get()).data();
  // A hold gives nothing back before it is taken, which may be under way.
  if (parts.length > 0 && order?.payment.status === 'capturing' && !(await ensureMoneyMoved(ctx, orderId, order)))
    throw new Error(`refund ${refundId} waits for the capture`);
  await sendParts(ctx, orderId, refundId, refund);
  const values = { amount: { amountMinor: backMinor, currency } };
  const about = { orderId, id: `${orderId}-refund-${refundId}`, values };
  if (order && refund.notifiedAtMs === undefined)
    await pushTo(ctx, { type: 'user', uid: customerId }, 'order_refunded', { ...about, order });
  // The last: the customer need not wait for what a merchant's account may lack, nor hear of it with each try.
  if (reversalMinor > 0 && refund.notifiedAtMs === undefined) await updateOne(ref, { notifiedAtMs: ctx.now() });
  if (reversalMinor > 0) await ctx.payments.reverse({ orderId, refundId, amountMinor: reversalMinor, currency });
  await updateOne(ref, { status: 'done' });
}

/**
 * Sends each part of a refund to the provider, which makes it once, and notes the answers. A part that the card did not
 * take is never sent again: the customer has it as credit.
 */
export async function sendParts(
  ctx: Context,
  orderId: string,
  refundId: string,
  { parts, currency }: Pick<Refund, 'parts' | 'currency'>,
): Promise<void> {
  const open = parts.filter(({ status }) => status !== 'failed');
  const sent = await Promise.all(
    open.map(({ intentId, amountMinor }) =>
      ctx.payments.refund({ orderId, refundId, intentId, amountMinor, currency }),
    ),
  );
  for (const part of sent) await followRefund(ctx, { ...part, orderId, refundId });
}

/** A task's call: finishes what a crash or a failing provider left undone, or puts it before an operator. */
export async function repeatRefund(ctx: Context, orderId: string, refundId: string, lastTry: boolean): Promise<void> {
  try {
    await finishRefund(ctx, orderId, refundId);
  } catch (error) {
    if (!lastTry) throw error;
    const detail = `refund ${refundId}: ${error instanceof Error ? error.message : 'failed'}`.slice(0, 500);
    await raiseOperatorTask(ctx, { kind: 'refund_failed', orderId, detail });
  }
}

/**
 * What the provider says of a refund, in any order and any number of times. What the card did not take is with the
 * provider again: the customer gets it as credit, and an operator is told, who may find a better way. Where the card
 * took it after all, an operator decides about the credit, which may be spent.
 */
export async function followRefund(ctx: Context, { orderId, refundId, intentId, status }: SentRefund): Promise<void> {
  if (orderId === null || refundId === null) return;
  const ref = paths.refunds(ctx.db, orderId).doc(refundId);
  await ctx.db.runTransaction(async (tx) => {
    const refund = (await tx.get(ref)).data();
    const part = refund?.parts.find((one) => one.intentId === intentId);
    if (!refund || !part || part.status === status) return;
    // A failure is the last word, whatever comes late: the credit was given.
    if (part.status === 'failed') return noteTakenAfterAll(ctx, tx, orderId, refundId, refund, part);
    const parts = refund.parts.map((one): RefundPart => (one === part ? { ...one, status } : one));
    if (status === 'sent') return void update(tx, ref, { parts });
    const { customerId, currency } = refund;
    update(tx, ref, { parts, creditMinor: refund.creditMinor + part.amountMinor });
    giveCredit(ctx, tx, customerId, currency, part.amountMinor);
    const journal = failedRefundJournal({ orderId, currency, customerId }, part.amountMinor, ctx.now());
    // The colon: a refund's id is a client's key, which could be another's id and intent otherwise.
    if (journal) tx.create(paths.journal(ctx.db, `${orderId}-refund-${refundId}:${intentId}`), journal);
    const task = operatorTask({ kind: 'refund_failed', orderId, detail: failure(refundId, refund, part) }, ctx.now());
    tx.set(paths.operatorTask(ctx.db, operatorTaskId(task)), task);
  });
}

/** Once, however often the provider says so: a task that an operator has closed stays closed. */
async function noteTakenAfterAll(
  ctx: Context,
  tx: Transaction,
  orderId: string,
  refundId: string,
  { currency }: Refund,
  { amountMinor }: RefundPart,
): Promise<void> {
  const detail = `refund ${refundId}: the card took ${amountMinor} ${currency} after it was given as credit`;
  const task = operatorTask({ kind: 'refund_failed', orderId, detail }, ctx.now());
  const ref = paths.operatorTask(ctx.db, `${operatorTaskId(task)}-${refundId}`);
  if (!(await tx.get(ref)).exists) tx.create(ref, task);
}

const failure = (refundId: string, { currency }: Refund, { amountMinor }: RefundPart): string =>
  `refund ${refundId}: the card did not take ${amountMinor} ${currency}, given as credit`;
