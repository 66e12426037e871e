import type { Order } from '../../contract/orders.js';
import { SYSTEM } from '../model/actors.js';
import type { AuthorizedPayment, OrderCommand } from '../model/order-command.js';
import { isFinal } from '../model/order-state.js';
import { listIntentIds, isMoneyOpen } from '../model/payment-intents.js';
import { isPayout } from '../model/deadline.js';
import { transition } from './transition.js';
import type { Context } from '../../platform/context.js';
import { paths } from '../../platform/firestore.js';
import { Refusal } from '../../core/outcome.js';
import { ORDER_PURPOSE, readTipId, type PaymentIntentState } from '../../payments/payments.js';
import { syncTip } from '../../payments/add-tip.js';
import { ensureMoneyMoved } from '../../payments/move-money.js';
import { splitCapture } from '../../payments/model/split-amounts.js';
import { raiseOperatorTask, toOperatorTaskId } from '../../platform/operator-tasks.js';
import { recordCard } from '../../payments/note-card.js';

/**
 * Updates an order to the current state of its PaymentIntent at the provider. The same for a webhook, for a deadline
 * and after a confirmation, in any order and any number of times: the latest state is fetched, never taken from a
 * message.
 */
export async function syncPayment(
  ctx: Context,
  orderId: string,
  order: Order,
): Promise<PaymentIntentState['status'] | null> {
  const { intentId } = order.payment;
  if (intentId === null) return null;
  const hold = await ctx.payments.retrieve(intentId);
  await applyPaymentState(ctx, orderId, hold);
  return hold.status;
}

/** Updates an order to the state of the top-up for which an edit waits. */
export async function syncTopUp(
  ctx: Context,
  orderId: string,
  { edit }: Order,
): Promise<PaymentIntentState['status'] | null> {
  if (edit?.topUpIntentId === undefined) return null;
  const hold = await ctx.payments.retrieve(edit.topUpIntentId);
  await applyPaymentState(ctx, orderId, hold);
  return hold.status;
}

/** Applies the provider's state of one PaymentIntent: the order's own, a top-up of an edit, or a tip. */
export async function applyPaymentState(ctx: Context, orderId: string, hold: PaymentIntentState): Promise<void> {
  if (readTipId(hold) !== null) return void (await syncTip(ctx, orderId, hold));
  switch (hold.status) {
    case 'authorized':
      return applyAuthorized(ctx, orderId, hold);
    case 'captured':
    case 'voided':
      return handleHoldEnd(ctx, orderId, hold);
    case 'unpaid':
      return;
  }
}

/**
 * The order's own PaymentIntent is what an unpaid order waits for: the step is tried without reading the order first,
 * which saves a read in the usual case.
 */
async function applyAuthorized(ctx: Context, orderId: string, hold: PaymentIntentState): Promise<void> {
  const isFirst = hold.purpose === ORDER_PURPOSE;
  const confirmed =
    isFirst && (await applyHold(ctx, orderId, hold, { action: 'confirmPayment', payment: heldBy(hold) }));
  if (confirmed) return recordCard(ctx, orderId, confirmed, hold);
  const order = (await paths.order(ctx.db, orderId).get()).data();
  if (!order) return;
  const command = toHoldCommand(order, hold);
  if (!command) return releaseUnneeded(ctx, orderId, order, hold);
  if (await applyHoldOrRelease(ctx, orderId, hold, command)) return;
  // The order moved between the read and the step. No other event would release the hold.
  const now = (await paths.order(ctx.db, orderId).get()).data();
  if (now && toHoldCommand(now, hold)) throw new Error(`order ${orderId} waits for ${hold.intentId} again`);
  if (now) await releaseUnneeded(ctx, orderId, now, hold);
}

/**
 * A top-up that does not cover its edit is released: the edit ends as one without an answer. False where the order does
 * not wait for the hold any more.
 */
async function applyHoldOrRelease(
  ctx: Context,
  orderId: string,
  hold: PaymentIntentState,
  command: OrderCommand,
): Promise<boolean> {
  try {
    return (await applyHold(ctx, orderId, hold, command)) !== null;
  } catch (error) {
    if (!(error instanceof Refusal && error.reason === 'TOP_UP_REQUIRED')) throw error;
    await ctx.payments.voidHold({ orderId, intentId: hold.intentId });
    return true;
  }
}

/**
 * Applies an authorised PaymentIntent and returns the order after the step; null when the order does not wait for it.
 */
async function applyHold(
  ctx: Context,
  orderId: string,
  hold: PaymentIntentState,
  command: OrderCommand,
): Promise<Order | null> {
  try {
    return (await transition(ctx, { orderId, command, causeId: `hold:${hold.intentId}`, actor: () => SYSTEM })).order;
  } catch (error) {
    if (error instanceof Refusal && (error.reason === 'MOVE_NOT_ALLOWED' || error.reason === 'EDIT_GONE')) return null;
    throw error;
  }
}

const heldBy = (hold: PaymentIntentState): AuthorizedPayment => ({
  status: 'authorized',
  intentId: hold.intentId,
  authorizedMinor: hold.authorizedMinor,
  ...toHoldUntil(hold),
});

const toHoldUntil = ({ holdUntilMs }: PaymentIntentState): Pick<AuthorizedPayment, 'holdUntilMs'> =>
  holdUntilMs === null ? {} : { holdUntilMs };

/** Converts an authorised PaymentIntent to the command for the order that waits for it; null when it does not wait. */
function toHoldCommand(order: Order, hold: PaymentIntentState): OrderCommand | null {
  const { intentId, authorizedMinor } = hold;
  if (order.status === 'scheduled' && order.payment.status === 'deferred')
    return { action: 'authorize', payment: heldBy(hold) };
  if (order.edit?.topUpIntentId !== intentId) return null;
  const topUp = { intentId, authorizedMinor, ...toHoldUntil(hold) };
  return { action: 'answerEdit', reason: 'paid', event: order.edit.event, topUp };
}

/**
 * Releases a PaymentIntent for which no order waits: its order has ended without a charge, or its edit was withdrawn.
 * One of the order's own is captured or released by the order's end.
 */
async function releaseUnneeded(ctx: Context, orderId: string, order: Order, hold: PaymentIntentState): Promise<void> {
  const underWay = !isFinal(order.status) || order.due !== null || order.payment.capturedMinor > 0;
  if (underWay && listIntentIds(order).includes(hold.intentId)) return;
  await applyPaymentState(ctx, orderId, await ctx.payments.voidHold({ orderId, intentId: hold.intentId }));
}

/**
 * Handles the end of one PaymentIntent. It does not say how the others ended: the end of the order's payment is
 * recorded where all of them together reach the decided amount.
 */
async function handleHoldEnd(ctx: Context, orderId: string, hold: PaymentIntentState): Promise<void> {
  const order = (await paths.order(ctx.db, orderId).get()).data();
  if (!order || !listIntentIds({ payment: order.payment }).includes(hold.intentId)) return;
  if (order.payment.status === 'authorized') return handleHoldLoss(ctx, orderId, order, hold);
  // The payout fetches all of the PaymentIntents, and records it.
  if (!isMoneyOpen(order.payment) || (isPayout(order.due) && isAsDecided(order, hold))) return;
  await ensureMoneyMoved(ctx, orderId, order);
}

function isAsDecided({ payment }: Order, { intentId, capturedMinor }: PaymentIntentState): boolean {
  const part = splitCapture(payment, payment.capturedMinor).find((one) => one.intentId === intentId);
  return part?.amountMinor === capturedMinor;
}

/**
 * Handles a PaymentIntent that ended before its order: by its issuer, or by hand at the provider. Before the acceptance
 * the order is cancelled; later an operator decides, since kitchen and courier have worked for it.
 */
async function handleHoldLoss(ctx: Context, orderId: string, order: Order, hold: PaymentIntentState): Promise<void> {
  if (hold.status === 'voided' && (await cancelUncooked(ctx, orderId, order, hold))) return;
  const detail = `${hold.intentId} ended before the order: provider says ${hold.status} ${hold.capturedMinor}`;
  const task = { kind: 'payment_mismatch' as const, orderId, detail };
  await raiseOperatorTask(ctx, task, toOperatorTaskId(task, hold.intentId));
}

const UNCOOKED: readonly Order['status'][] = ['scheduled', 'placed'];

/** Cancels an order before its acceptance; false where the kitchen has accepted, also between the read and the step. */
async function cancelUncooked(ctx: Context, orderId: string, order: Order, hold: PaymentIntentState): Promise<boolean> {
  if (!UNCOOKED.includes(order.status)) return false;
  const actor = ({ status }: Order) => {
    if (!UNCOOKED.includes(status)) throw new Refusal('MOVE_NOT_ALLOWED', { status });
    return SYSTEM;
  };
  const command = { action: 'cancel' as const, reason: 'hold_lapses' };
  try {
    await transition(ctx, { orderId, command, causeId: `hold:lost:${hold.intentId}`, actor });
    return true;
  } catch (error) {
    if (error instanceof Refusal && error.reason === 'MOVE_NOT_ALLOWED') return false;
    throw error;
  }
}
