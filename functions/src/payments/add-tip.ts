import { requireNeutralKey } from '../abuse/neutral-key.js';
import { toStaffKey } from '../core/staff-key.js';
import { Courier } from '../contract/couriers.js';
import { toHeldPayId } from '../contract/held-pays.js';
import type { Order } from '../contract/orders.js';
import type { Transaction } from 'firebase-admin/firestore';
import type { z } from 'zod';
import type { AddTipInput, AddTipOutput } from '../calls/payments.js';
import type { Tip } from '../contract/payments.js';
import { notifyRecipient } from '../notifications/send.js';
import { operatorTask, putOperatorTask, raiseOperatorTask } from '../platform/operator-tasks.js';
import type { Caller, Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { Refusal, unwrap } from '../core/outcome.js';
import { dropTask } from '../platform/tasks.js';
import { confirmOrRefuse } from './confirm-intent.js';
import { hasCourierLeft } from './courier-left.js';
import { readStripeCustomerId } from './customers.js';
import { tipJournal } from '../ledger/model/journals.js';
import { readTipId, tipPurpose, type PaymentIntentState } from './payments.js';
import { checkTip, computeTipMinor, MAX_TIPS } from './model/tip-rules.js';
import { update, updateOne } from '../platform/stored.js';

/** How long a tip may stay unpaid: then another may be given. */
const TIP_MS = 15 * 60_000;

/**
 * Adds a customer's tip after the delivery: a payment of its own, credited to the courier once it was captured. A
 * repeated call with the same key continues. Throws INPUT_INVALID unless the input names either an amount or a rate.
 */
export async function addTip(
  ctx: Context,
  { uid }: Caller,
  input: z.infer<typeof AddTipInput>,
): Promise<z.infer<typeof AddTipOutput>> {
  const { orderId, idempotencyKey: tipId, paymentMethodId } = input;
  const tip = await ctx.db.runTransaction((tx) => begin(ctx, tx, uid, input));
  // The provider forgets a key after a day: a payment that has ended is not opened again.
  if (tip.status !== 'pending') return { tipId, amountMinor: tip.amountMinor, status: tip.status, payment: null };
  const opened = await openTip(ctx, orderId, tipId, tip);
  const { intentId, clientSecret } = opened;
  const pays = opened.status === 'unpaid' && paymentMethodId !== undefined;
  const hold = pays ? await confirmOrRefuse(ctx, { orderId, customerId: uid, intentId, paymentMethodId }) : opened;
  const status = (await syncTip(ctx, orderId, hold)) ?? tip.status;
  return { tipId, amountMinor: tip.amountMinor, status, payment: { intentId, clientSecret } };
}

async function begin(ctx: Context, tx: Transaction, uid: string, input: z.infer<typeof AddTipInput>): Promise<Tip> {
  const { orderId, idempotencyKey: tipId } = input;
  const ref = paths.tips(ctx.db, orderId).doc(tipId);
  const [order, known, tips] = await Promise.all([
    tx.get(paths.order(ctx.db, orderId)).then((read) => read.data()),
    tx.get(ref).then((read) => read.data()),
    tx.get(paths.tips(ctx.db, orderId).limit(MAX_TIPS)),
  ]);
  if (order?.customerId !== uid) throw new Refusal('ORDER_NOT_FOUND', { orderId });
  requireNeutralKey(tipId, order, uid);
  // A tip that has ended stays as it is; a payment that would have to be refunded is not started.
  if (known && known.status !== 'pending') return known;
  if (order.courierId !== null && (await hasCourierLeft(ctx, tx, order.courierId))) throw new Refusal('USER_NOT_FOUND');
  if (known) return known;
  await requireHonestCourier(ctx, tx, orderId, order);
  const earlier = tips.docs.map((one) => one.data());
  const amountMinor = computeTipMinor(order, input);
  const { courierId } = unwrap(checkTip(order, earlier, amountMinor, ctx.now()));
  const { currency, customerId } = order;
  const tip: Tip = { customerId, courierId, amountMinor, currency, status: 'pending', atMs: ctx.now() };
  await ctx.tasks.schedule(taskName(orderId, tipId), ctx.now() + TIP_MS, { type: 'tip', orderId, tipId });
  tx.create(ref, tip);
  return tip;
}

/**
 * Throws TIP_NOT_POSSIBLE while the courier's pay of the order waits for an operator, or after the operator refused it,
 * and PARTY_CONFLICT where the courier shares a device or card with the customer: a tip would pay the courier beside
 * that decision.
 */
async function requireHonestCourier(ctx: Context, tx: Transaction, orderId: string, order: Order): Promise<void> {
  const { courierId, customerId } = order;
  if (courierId === null) return;
  const [held, courier] = await Promise.all([
    tx.get(paths.heldPay(ctx.db, toHeldPayId(orderId, 'courier'))),
    tx.get(paths.courier(ctx.db, courierId)),
  ]);
  // Reads single fields: the rest of the documents may be unreadable.
  if (held.exists && held.get('decision.verdict') !== 'release') throw new Refusal('TIP_NOT_POSSIBLE');
  const linked = Courier.shape.linked.safeParse(courier.get('linked')).data ?? [];
  if (linked.includes(toStaffKey(customerId))) throw new Refusal('PARTY_CONFLICT', { conflict: 'linked' });
}

/** Opens the payment of a tip. Repeating the call returns the same one: the provider knows the tip's key. */
async function openTip(ctx: Context, orderId: string, tipId: string, tip: Tip): Promise<PaymentIntentState> {
  const { amountMinor, currency } = tip;
  const customerId = await readStripeCustomerId(ctx, tip.customerId);
  const request = { orderId, purpose: tipPurpose(tipId), amountMinor, currency, customerId, takenAtOnce: true };
  return ctx.payments.open(request);
}

/** Applies the provider's state of a tip, in any order and any number of times. Null when nothing changes. */
export async function syncTip(ctx: Context, orderId: string, hold: PaymentIntentState): Promise<Tip['status'] | null> {
  const tipId = readTipId(hold);
  const ended = hold.status === 'captured' ? 'paid' : hold.status === 'voided' ? 'lapsed' : null;
  if (tipId === null || ended === null) return null;
  const noted = await ctx.db.runTransaction((tx) => recordTipEnd(ctx, tx, { orderId, tipId, hold, ended }));
  if (noted?.status === 'returned') await returnTip(ctx, orderId, tipId, hold, noted);
  if (noted?.status === 'paid') await notifyCourierOfTip(ctx, orderId, tipId, noted);
  return noted?.status ?? ended;
}

interface EndedTip {
  orderId: string;
  tipId: string;
  hold: PaymentIntentState;
  ended: 'paid' | 'lapsed';
}

/**
 * Returns the tip with the status that this commit gives it; null when nothing changes. A tip to be refunded is
 * recorded only after the provider accepted the refund, so that a failed attempt is repeated.
 */
async function recordTipEnd(
  ctx: Context,
  tx: Transaction,
  { orderId, tipId, hold, ended }: EndedTip,
): Promise<Tip | null> {
  const ref = paths.tips(ctx.db, orderId).doc(tipId);
  const tip = (await tx.get(ref)).data();
  // A tip that expired here and was captured nevertheless belongs to the courier.
  if (!tip || tip.status === 'paid' || tip.status === 'returned' || tip.status === ended) return null;
  if (ended === 'paid' && (await hasCourierLeft(ctx, tx, tip.courierId))) return { ...tip, status: 'returned' };
  update(tx, ref, { status: ended });
  const journal = ended === 'paid' ? tipJournal({ orderId, ...tip }, hold.capturedMinor, ctx.now()) : null;
  if (journal) tx.create(paths.journal(ctx.db, `${orderId}-tip-${tipId}`), journal);
  return { ...tip, status: ended };
}

/**
 * Refunds a tip that was paid in the sheet after the courier's account was erased: no account can be credited with it.
 * The provider knows the refund by its name, so a repeated call refunds it once. A refund that the card does not accept
 * becomes an operator task.
 */
async function returnTip(
  ctx: Context,
  orderId: string,
  tipId: string,
  hold: PaymentIntentState,
  { currency }: Tip,
): Promise<void> {
  const { intentId, capturedMinor: amountMinor } = hold;
  const refundId = tipPurpose(tipId);
  const { status } = await ctx.payments.refund({ orderId, refundId, intentId, amountMinor, currency });
  if (status === 'failed') {
    const detail = `tip ${tipId}: the courier left, and the card did not take ${amountMinor} ${currency} back`;
    await raiseOperatorTask(ctx, { kind: 'refund_failed', orderId, detail }, `${orderId}-tip-${tipId}`);
  }
  await updateOne(paths.tips(ctx.db, orderId).doc(tipId), { status: 'returned' });
}

/** A push that fails changes nothing: the tip is valid, and the tip's task notifies again. */
async function notifyCourierOfTip(
  ctx: Context,
  orderId: string,
  tipId: string,
  { courierId: uid, amountMinor, currency }: Tip,
): Promise<void> {
  try {
    const order = (await paths.order(ctx.db, orderId).get()).data();
    const about = { orderId, id: `${orderId}-tip-${tipId}`, values: { amount: { amountMinor, currency } } };
    if (order) await notifyRecipient(ctx, { type: 'user', uid }, 'tip_received', { ...about, order });
    await dropTask(ctx, taskName(orderId, tipId));
  } catch (error) {
    ctx.log.error('notification of a tip failed', { orderId }, error);
  }
}

const taskName = (orderId: string, tipId: string) => `tip-${orderId}-${tipId}`;

/**
 * Ends a tip when the time to pay it is over; called by a task. An unpaid one is released, and the courier is notified
 * of a paid one. On the last try a tip that the provider cannot end expires here and becomes an operator task, so that
 * another may be given.
 */
export async function endTip(ctx: Context, orderId: string, tipId: string, lastTry: boolean): Promise<void> {
  const tip = (await paths.tips(ctx.db, orderId).doc(tipId).get()).data();
  if (tip?.status === 'paid') return notifyCourierOfTip(ctx, orderId, tipId, tip);
  if (tip?.status !== 'pending') return;
  try {
    await endAtProvider(ctx, orderId, tipId, tip);
  } catch (error) {
    if (!lastTry) throw error;
    await expireTip(ctx, orderId, tipId, error);
  }
}

async function endAtProvider(ctx: Context, orderId: string, tipId: string, tip: Tip): Promise<void> {
  const { intentId, status } = await openTip(ctx, orderId, tipId, tip);
  const hold =
    status === 'unpaid' ? await ctx.payments.voidHold({ orderId, intentId }) : await ctx.payments.retrieve(intentId);
  // The bank has not decided: the task is retried.
  if ((await syncTip(ctx, orderId, hold)) === null) throw new Error(`tip ${tipId} of ${orderId} is still being paid`);
}

/** A later event of the provider that the tip was captured still credits the courier. */
async function expireTip(ctx: Context, orderId: string, tipId: string, error: unknown): Promise<void> {
  ctx.log.error('tip could not be ended, operator task created', { orderId, tipId }, error);
  const ref = paths.tips(ctx.db, orderId).doc(tipId);
  await ctx.db.runTransaction(async (tx) => {
    if ((await tx.get(ref)).data()?.status !== 'pending') return;
    update(tx, ref, { status: 'lapsed' });
    const detail = `tip ${tipId}: the provider did not end the payment`;
    const task = operatorTask({ kind: 'effect_failed', orderId, detail }, ctx.now());
    putOperatorTask(ctx, tx, `${orderId}-tip-${tipId}`, task);
  });
}
