import type { Order } from '../contract/orders.js';
import { SYSTEM } from '../orders/actors.js';
import { isFinal } from '../orders/order-state.js';
import { transition } from '../orders/transition.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import type { Hold } from './payments.js';

/**
 * Brings an order up to what the provider says of its hold now. The same for a webhook, for a deadline and after a
 * confirmation, in any order and any number of times: the latest state is asked for, never taken from a message.
 */
export async function settlePayment(ctx: Context, orderId: string, order: Order): Promise<Hold['status'] | null> {
  const { intentId } = order.payment;
  if (intentId === null) return null;
  const hold = await ctx.payments.retrieve(intentId);
  await followHold(ctx, orderId, order, hold);
  return hold.status;
}

export async function followHold(ctx: Context, orderId: string, order: Order, hold: Hold): Promise<void> {
  switch (hold.status) {
    case 'authorized':
      return followAuthorized(ctx, orderId, order, hold);
    case 'captured':
    case 'voided':
      return noteDone(ctx, orderId, order, hold);
    case 'unpaid':
      return;
  }
}

/** A hold makes a waiting order go on; one that comes after the order has ended is released. */
async function followAuthorized(ctx: Context, orderId: string, order: Order, hold: Hold): Promise<void> {
  if (order.status === 'pending_payment') {
    const payment = { status: 'authorized' as const, intentId: hold.intentId, authorizedMinor: hold.authorizedMinor };
    const command = { action: 'confirmPayment' as const, payment };
    await transition(ctx, { orderId, command, causeId: `hold:${hold.intentId}`, actor: () => SYSTEM });
  } else if (isFinal(order.status) && order.due === null && order.payment.capturedMinor === 0) {
    await noteDone(ctx, orderId, order, await ctx.payments.voidHold({ orderId, intentId: hold.intentId }));
  }
}

async function noteDone(ctx: Context, orderId: string, order: Order, hold: Hold): Promise<void> {
  const waiting = order.payment.status === 'capturing' || order.payment.status === 'voiding';
  if (waiting) await paths.order(ctx.db, orderId).update({ 'payment.status': hold.status });
}
