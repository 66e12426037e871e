import type { Transaction } from 'firebase-admin/firestore';
import type { Refund, RefundPart } from '../contract/payments.js';
import { notifyRecipient } from '../notifications/send.js';
import { ensureMoneyMoved } from './move-money.js';
import { operatorTask, putOperatorTask, raiseOperatorTask, toOperatorTaskId } from '../platform/operator-tasks.js';
import type { Context } from '../platform/context.js';
import { checkAgain } from '../platform/recovery.js';
import { paths } from '../platform/firestore.js';
import { addCredit } from './credit.js';
import { failedRefundJournal } from '../ledger/model/journals.js';
import type { SentRefund } from './payments.js';
import { updateOne } from '../platform/stored.js';

/**
 * Sends a refund to the provider, notifies the customer, and reverses the merchant's part. A refund that the provider
 * refuses becomes credit at once: see `syncRefund`. Does nothing once it is done. Throws where another try may
 * succeed.
 */
export async function finishRefund(ctx: Context, orderId: string, refundId: string): Promise<void> {
  const ref = paths.refunds(ctx.db, orderId).doc(refundId);
  const refund = (await ref.get()).data();
  if (refund?.status !== 'pending') return;
  const { currency, parts, reversalMinor, customerId, amountMinor: backMinor } = refund;
  const order = (await paths.order(ctx.db, orderId).get()).data();
  // A PaymentIntent cannot be refunded before its capture, which may be in progress.
  if (parts.length > 0 && order?.payment.status === 'capturing' && !(await ensureMoneyMoved(ctx, orderId, order)))
    throw new Error(`refund ${refundId} waits for the capture`);
  await sendParts(ctx, orderId, refundId, refund);
  const values = { amount: { amountMinor: backMinor, currency } };
  const about = { orderId, id: `${orderId}-refund-${refundId}`, values };
  if (order && refund.notifiedAtMs === undefined)
    await notifyRecipient(ctx, { type: 'user', uid: customerId }, 'order_refunded', { ...about, order });
  // Last: the customer need not wait for the merchant's account, nor be notified again with each attempt.
  if (reversalMinor > 0 && refund.notifiedAtMs === undefined) await updateOne(ref, { notifiedAtMs: ctx.now() });
  if (reversalMinor > 0) await ctx.payments.reverse({ orderId, refundId, amountMinor: reversalMinor, currency });
  await updateOne(ref, { status: 'done' });
}

/**
 * Sends each part of a refund to the provider, which makes it once, and stores the answers. A part that the card did
 * not accept is never sent again: the customer has it as credit.
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
  for (const part of sent) await syncRefund(ctx, { ...part, orderId, refundId });
}

/** Finishes a refund after a crash or a failure of the provider, or creates an operator task; called by a task. */
export async function retryRefund(ctx: Context, orderId: string, refundId: string, lastTry: boolean): Promise<void> {
  const isStored = (await paths.refunds(ctx.db, orderId).doc(refundId).get()).exists;
  if (!isStored) return checkAgain(`refund ${refundId} of ${orderId}`, lastTry);
  try {
    await finishRefund(ctx, orderId, refundId);
  } catch (error) {
    if (!lastTry) throw error;
    const detail = `refund ${refundId}: ${error instanceof Error ? error.message : 'failed'}`.slice(0, 500);
    const task = { kind: 'refund_failed' as const, orderId, detail };
    await raiseOperatorTask(ctx, task, toOperatorTaskId(task, refundId));
  }
}

/**
 * Applies the provider's state of a refund, in any order and any number of times. An amount that the card did not
 * accept is with the provider again: the customer gets it as credit, and an operator is notified, who may find a better
 * solution. Where the card accepted it after all, an operator decides about the credit, which may be spent.
 */
export async function syncRefund(ctx: Context, { orderId, refundId, intentId, status }: SentRefund): Promise<void> {
  if (orderId === null || refundId === null) return;
  const ref = paths.refunds(ctx.db, orderId).doc(refundId);
  await ctx.db.runTransaction(async (tx) => {
    const refund = (await tx.get(ref)).data();
    const part = refund?.parts.find((one) => one.intentId === intentId);
    if (!refund || !part || part.status === status) return;
    // A failure is final, even if another event arrives later: the credit was given.
    if (part.status === 'failed') return noteTakenAfterAll(ctx, tx, orderId, refundId, refund, part);
    const parts = refund.parts.map((one): RefundPart => (one === part ? { ...one, status } : one));
    if (status === 'sent') return void tx.set(ref, { ...refund, parts });
    const { customerId, currency } = refund;
    tx.set(ref, { ...refund, parts, creditMinor: refund.creditMinor + part.amountMinor });
    addCredit(ctx, tx, customerId, currency, part.amountMinor);
    const journal = failedRefundJournal({ orderId, currency, customerId }, part.amountMinor, ctx.now());
    // With a colon: a refund's id is a client's key, which could otherwise equal another refund's id and intent.
    if (journal) tx.create(paths.journal(ctx.db, `${orderId}-refund-${refundId}:${intentId}`), journal);
    const task = operatorTask({ kind: 'refund_failed', orderId, detail: failure(refundId, refund, part) }, ctx.now());
    putOperatorTask(ctx, tx, toOperatorTaskId(task, refundId, intentId), task);
  });
}

/** Once, however often the provider says so: a task that an operator has closed stays closed. */
async function noteTakenAfterAll(
  ctx: Context,
  tx: Transaction,
  orderId: string,
  refundId: string,
  { currency }: Refund,
  { amountMinor, intentId }: RefundPart,
): Promise<void> {
  const detail = `refund ${refundId}: the card took ${amountMinor} ${currency} after it was given as credit`;
  const task = operatorTask({ kind: 'refund_failed', orderId, detail }, ctx.now());
  const ref = paths.operatorTask(ctx.db, toOperatorTaskId(task, refundId, intentId, 'taken'));
  if (!(await tx.get(ref)).exists) tx.create(ref, task);
}

const failure = (refundId: string, { currency }: Refund, { amountMinor }: RefundPart): string =>
  `refund ${refundId}: the card did not take ${amountMinor} ${currency}, given as credit`;
