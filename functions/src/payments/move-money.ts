import type { MoneyEffect, Order } from '../contract/orders.js';
import { getAccountId } from '../platform/caches.js';
import type { Context } from '../platform/context.js';
import { raiseOperatorTask } from '../platform/operator-tasks.js';
import type { PaymentIntentState } from './payments.js';
import { splitCapture, type Part } from './model/split-amounts.js';
import { isPayout } from '../orders/model/deadline.js';
import { paths } from '../platform/firestore.js';
import { updateOne } from '../platform/stored.js';

/**
 * Moves the money at the provider; the amounts were decided and journalled before. On a retry (`again`) the provider's
 * state is fetched first. False where it has another amount: then an operator is notified.
 */
export async function moveMoney(
  ctx: Context,
  orderId: string,
  order: Order,
  money: MoneyEffect,
  again = false,
): Promise<boolean> {
  if (money.type === 'transfer') return transfer(ctx, orderId, order, money);
  const wantedMinor = money.type === 'capture' ? money.amountMinor : 0;
  const holds = await Promise.all(
    splitCapture(order.payment, wantedMinor).map((part) => endHold(ctx, orderId, order.currency, part, again)),
  );
  const takenMinor = holds.reduce((sum, hold) => sum + hold.capturedMinor, 0);
  if (takenMinor !== wantedMinor || holds.some((hold) => hold.status === 'authorized')) {
    const said = holds.map((hold) => `${hold.status} ${hold.capturedMinor}`).join(', ');
    const detail = `${money.type} ${wantedMinor}: provider says ${said}`;
    await raiseOperatorTask(ctx, { kind: 'payment_mismatch', orderId, detail });
    return false;
  }
  // A capture before a payout is fetched again then, and recorded with it: this saves a write.
  const isNotedLater = money.type === 'capture' && isPayout(order.due);
  if (holds.length === 0 || isNotedLater) return true;
  await updateOne(paths.order(ctx.db, orderId), { 'payment.status': money.type === 'capture' ? 'captured' : 'voided' });
  return true;
}

/**
 * Ensures that the provider has captured, or released, what the order's end decided, and does it where it has not.
 * False where the amounts differ.
 */
export async function ensureMoneyMoved(ctx: Context, orderId: string, order: Order): Promise<boolean> {
  const money = order.events.findLast((event) => event.money && event.money.type !== 'transfer')?.money;
  return money !== undefined && moveMoney(ctx, orderId, order, money, true);
}

type TransferEffect = Extract<MoneyEffect, { type: 'transfer' }>;

/**
 * Transfers the merchant's part to its account. Where the merchant had none when the payout was decided, no payment was
 * journalled: the part is still owed, and an operator is notified. False where the account has been removed since.
 */
async function transfer(ctx: Context, orderId: string, order: Order, money: TransferEffect): Promise<boolean> {
  const { currency, restaurantId, payment } = order;
  const { amountMinor, owedMinor = 0 } = money;
  if (owedMinor > 0) {
    const detail = `payout ${owedMinor} ${currency}: no connected account, the merchant stays owed`;
    await raiseOperatorTask(ctx, { kind: 'effect_failed', orderId, detail });
  }
  if (amountMinor === 0) return true;
  const accountId = await getAccountId(ctx, restaurantId);
  if (accountId === null) {
    const detail = `transfer ${amountMinor}: no connected account`;
    await raiseOperatorTask(ctx, { kind: 'effect_failed', orderId, detail });
    return false;
  }
  await ctx.payments.transfer({ orderId, accountId, amountMinor, currency, intentId: payment.intentId });
  return true;
}

/** Captures a part of the order's charge from one PaymentIntent, or releases it. */
async function endHold(
  ctx: Context,
  orderId: string,
  currency: string,
  { intentId, amountMinor }: Part,
  again: boolean,
): Promise<PaymentIntentState> {
  const hold = again ? await ctx.payments.retrieve(intentId) : null;
  if (hold && hold.status !== 'authorized') return hold;
  return amountMinor > 0
    ? ctx.payments.capture({ orderId, intentId, amountMinor, currency })
    : ctx.payments.voidHold({ orderId, intentId });
}
