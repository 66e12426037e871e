import type { Order } from '../contract/orders.js';
import { SYSTEM } from '../orders/actors.js';
import { isFinal } from '../orders/order-state.js';
import { transition } from '../orders/transition.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { Refusal } from '../platform/outcome.js';
import type { Hold } from './payments.js';

/**
 * Brings an order up to what the provider says of its hold now. The same for a webhook, for a deadline and after a
 * confirmation, in any order and any number of times: the latest state is asked for, never taken from a message.
 */
export async function settlePayment(ctx: Context, orderId: string, order: Order): Promise<Hold['status'] | null> {
  const { intentId } = order.payment;
  if (intentId === null) return null;
  const hold = await ctx.payments.retrieve(intentId);
  await followHold(ctx, orderId, hold);
  return hold.status;
}

export async function followHold(ctx: Context, orderId: string, hold: Hold): Promise<void> {
  switch (hold.status) {
    case 'authorized':
      return followAuthorized(ctx, orderId, hold);
    case 'captured':
    case 'voided':
      return noteDone(ctx, orderId, hold);
    case 'unpaid':
      return;
  }
}

/** A hold makes a waiting order go on; only when it does not wait is it looked at closer. */
async function followAuthorized(ctx: Context, orderId: string, hold: Hold): Promise<void> {
  const payment = { status: 'authorized' as const, intentId: hold.intentId, authorizedMinor: hold.authorizedMinor };
  const command = { action: 'confirmPayment' as const, payment };
  try {
    await transition(ctx, { orderId, command, causeId: `hold:${hold.intentId}`, actor: () => SYSTEM });
  } catch (error) {
    if (!(error instanceof Refusal && error.reason === 'MOVE_NOT_ALLOWED')) throw error;
    await releaseLate(ctx, orderId, hold);
  }
}

/** A hold that comes after its order has ended is released. */
async function releaseLate(ctx: Context, orderId: string, hold: Hold): Promise<void> {
  const order = (await paths.order(ctx.db, orderId).get()).data();
  if (!order || !isFinal(order.status) || order.due !== null || order.payment.capturedMinor > 0) return;
  await noteDone(ctx, orderId, await ctx.payments.voidHold({ orderId, intentId: hold.intentId }));
}

async function noteDone(ctx: Context, orderId: string, hold: Hold): Promise<void> {
  const ref = paths.order(ctx.db, orderId);
  const payment = (await ref.get()).data()?.payment;
  if (payment?.status === 'capturing' || payment?.status === 'voiding')
    await ref.update({ 'payment.status': hold.status });
}
