import type { z } from 'zod';
import type { PlaceOrderOutput } from '../../calls/orders.js';
import type { Order } from '../../contract/orders.js';
import type { Context } from '../../platform/context.js';
import { paths } from '../../platform/firestore.js';
import { confirmOrRefuse } from '../../payments/confirm-intent.js';
import type { PaymentIntentState } from '../../payments/payments.js';
import { applyPaymentState } from './sync-payment.js';
import { SYSTEM } from '../model/actors.js';
import type { AuthorizedPayment } from '../model/order-command.js';
import { requireAllowance } from './open-orders.js';
import { toPin } from '../model/secret-codes.js';
import { transition } from './transition.js';

export type PlaceOrderResult = z.infer<typeof PlaceOrderOutput>;

/** How a placed order is paid: by card now or shortly before its slot, in cash at the door, or without a payment. */
export type PaymentPlan =
  | { type: 'hold'; hold: PaymentIntentState; paymentMethodId: string | undefined }
  | { type: 'none' | 'cash' | 'deferred' };

/** Charges the saved card, if one was named; otherwise the app confirms and the provider's event moves the order. */
export async function payOrder(
  ctx: Context,
  orderId: string,
  order: Order,
  payable: PaymentPlan,
): Promise<PlaceOrderResult> {
  if (payable.type !== 'hold') {
    const command = { action: 'confirmPayment' as const, payment: paymentWithoutIntent(payable.type) };
    await transition(ctx, { orderId, command, causeId: `unheld:${payable.type}`, actor: () => SYSTEM });
    return toPlaceOrderResult(ctx, orderId, await rereadOrder(ctx, orderId, order), null);
  }
  const { hold: opened, paymentMethodId } = payable;
  const unpaid = opened.status === 'unpaid';
  if (unpaid && paymentMethodId === undefined) return toPlaceOrderResult(ctx, orderId, order, opened);
  const hold =
    unpaid && paymentMethodId !== undefined ? await payByCard(ctx, orderId, order, opened, paymentMethodId) : opened;
  await applyPaymentState(ctx, orderId, hold);
  return toPlaceOrderResult(ctx, orderId, await rereadOrder(ctx, orderId, order), hold);
}

/**
 * Pays by the saved card. If the payment fails (declined, unknown, or waiting for 3-D Secure) the order is counted with
 * the unpaid ones. Throws PAYMENT_DECLINED, TOO_MANY_REQUESTS or TOO_MANY_OPEN_ORDERS.
 */
async function payByCard(
  ctx: Context,
  orderId: string,
  order: Order,
  opened: PaymentIntentState,
  paymentMethodId: string,
): Promise<PaymentIntentState> {
  const stayedUnpaid: PaymentPlan = { type: 'hold', hold: opened, paymentMethodId: undefined };
  const { customerId } = order;
  let hold: PaymentIntentState;
  try {
    hold = await confirmOrRefuse(ctx, { orderId, customerId, intentId: opened.intentId, paymentMethodId });
  } catch (error) {
    await requireAllowance(ctx, orderId, order, stayedUnpaid);
    throw error;
  }
  if (hold.status === 'unpaid') await requireAllowance(ctx, orderId, order, stayedUnpaid);
  return hold;
}

function paymentWithoutIntent(status: 'none' | 'cash' | 'deferred'): AuthorizedPayment {
  return { status, intentId: null, authorizedMinor: 0, ...(status === 'cash' && { method: 'cash' }) };
}

/**
 * Reads the order again: payment may have moved it by more than a step, since a restaurant may accept automatically.
 */
async function rereadOrder(ctx: Context, orderId: string, before: Order): Promise<Order> {
  return (await paths.order(ctx.db, orderId).get()).data() ?? before;
}

/**
 * Builds the result of a placed order, with its PIN, and the client secret where the app may have to confirm the
 * payment.
 */
export function toPlaceOrderResult(
  ctx: Context,
  orderId: string,
  order: Order,
  hold: PaymentIntentState | null,
): PlaceOrderResult {
  return {
    outcome: 'placed',
    orderId,
    status: order.status,
    totalMinor: order.totals.totalMinor,
    pin: toPin(ctx, orderId),
    payment: hold && { intentId: hold.intentId, clientSecret: hold.clientSecret },
  };
}
