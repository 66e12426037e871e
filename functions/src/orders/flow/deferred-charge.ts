import type { z } from 'zod';
import type { RetryPaymentInput, RetryPaymentOutput } from '../../calls/payments.js';
import type { Order } from '../../contract/orders.js';
import { SYSTEM } from '../model/actors.js';
import { transition } from './transition.js';
import type { Caller, Context } from '../../platform/context.js';
import { paths } from '../../platform/firestore.js';
import { Refusal } from '../../core/outcome.js';
import { confirmOrRefuse } from '../../payments/confirm-intent.js';
import { readStripeCustomerId } from '../../payments/customers.js';
import { ORDER_PURPOSE, PaymentDeclined, type PaymentIntentState } from '../../payments/payments.js';
import { applyPaymentState } from './sync-payment.js';

/**
 * Charges an order whose slot was further away than a PaymentIntent's lifetime, on the card saved for it, shortly
 * before the slot. The customer is not present: if the card is declined or the bank requires 3-D Secure, the customer
 * has an hour to pay.
 */
export async function chargeDeferred(ctx: Context, orderId: string, order: Order): Promise<void> {
  const opened = await openDeferred(ctx, orderId, order);
  if ((await confirmDeferred(ctx, orderId, opened)) !== null) return;
  const command = { action: 'failPayment' as const, reason: 'card_refused' };
  await transition(ctx, { orderId, command, causeId: `late:failed:${order.due?.atMs ?? 0}`, actor: () => SYSTEM });
}

/**
 * Opens the PaymentIntent of such an order. Repeating the call returns the same one: the provider knows the order's
 * key.
 */
export async function openDeferred(ctx: Context, orderId: string, order: Order): Promise<PaymentIntentState> {
  const { totals, currency, customerId } = order;
  const customer = await readStripeCustomerId(ctx, customerId);
  const amountMinor = totals.totalMinor;
  return ctx.payments.open({ orderId, purpose: ORDER_PURPOSE, amountMinor, currency, customerId: customer });
}

/** Returns the authorised PaymentIntent, or null when the card was declined. */
async function confirmDeferred(
  ctx: Context,
  orderId: string,
  opened: PaymentIntentState,
): Promise<PaymentIntentState | null> {
  const paymentMethodId = (await paths.quote(ctx.db, orderId).get()).data()?.paymentMethodId;
  if (opened.status === 'unpaid' && paymentMethodId === undefined) return null;
  const { intentId } = opened;
  try {
    const hold =
      opened.status === 'unpaid' && paymentMethodId !== undefined
        ? await ctx.payments.confirm({ intentId, paymentMethodId, offSession: true })
        : opened;
    await applyPaymentState(ctx, orderId, hold);
    return hold.status === 'authorized' ? hold : null;
  } catch (error) {
    if (error instanceof PaymentDeclined) return null;
    throw error;
  }
}

/** Pays a scheduled order whose card was declined: with another saved card, or in the app. */
export async function retryPayment(
  ctx: Context,
  caller: Caller,
  { orderId, paymentMethodId }: z.infer<typeof RetryPaymentInput>,
): Promise<z.infer<typeof RetryPaymentOutput>> {
  const order = (await paths.order(ctx.db, orderId).get()).data();
  if (order?.customerId !== caller.uid) throw new Refusal('ORDER_NOT_FOUND', { orderId });
  if (order.payment.status !== 'deferred' || order.due?.kind !== 'fixPayment')
    throw new Refusal('MOVE_NOT_ALLOWED', { status: order.status, action: 'authorize' });
  const opened = await openDeferred(ctx, orderId, order);
  const { intentId, clientSecret } = opened;
  const wanted = opened.status === 'unpaid' && paymentMethodId !== undefined;
  const hold = wanted
    ? await confirmOrRefuse(ctx, { orderId, customerId: caller.uid, intentId, paymentMethodId })
    : opened;
  await applyPaymentState(ctx, orderId, hold);
  const paymentStatus = (await paths.order(ctx.db, orderId).get()).data()?.payment.status ?? order.payment.status;
  return { orderId, paymentStatus, payment: { intentId, clientSecret } };
}

/** Checks whether the customer has paid since the card was declined. */
export async function syncDeferred(ctx: Context, orderId: string, order: Order): Promise<PaymentIntentState['status']> {
  const hold = await openDeferred(ctx, orderId, order);
  await applyPaymentState(ctx, orderId, hold);
  return hold.status;
}
