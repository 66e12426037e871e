import type { MoneyEffect, Order, OrderEvent } from '../contract/orders.js';
import { joinWindow } from '../dispatch/match-window.js';
import { splitCapture, type Part } from '../payments/captures.js';
import type { Hold } from '../payments/payments.js';
import { pushTo } from '../notifications/send.js';
import { termsOf } from '../platform/caches.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { raiseOperatorTask } from '../operations/raise.js';
import { pauseIfUnanswered } from '../catalog/missed-orders.js';
import { tellCartsLater } from '../catalog/tell-carts.js';
import { effectsOf, type Effect } from './effects.js';

/**
 * Does what follows from an event, each effect for itself, so that a failing push does not hold a capture up.
 * False when any failed: whoever called must see to it that they are tried again.
 */
export async function finishEffects(ctx: Context, occurred: Occurred): Promise<boolean> {
  const effects = effectsOf(occurred.order, occurred.event);
  const done = await Promise.all(effects.map((effect, index) => tryEffect(ctx, { ...occurred, index }, effect)));
  return done.every(Boolean);
}

export interface Occurred {
  orderId: string;
  order: Order;
  event: OrderEvent;
}

interface Occasion extends Occurred {
  index: number;
}

async function tryEffect(ctx: Context, occasion: Occasion, effect: Effect): Promise<boolean> {
  try {
    await carryOut(ctx, occasion, effect);
    return true;
  } catch (error) {
    const { orderId, event } = occasion;
    ctx.log.error('effect failed', { orderId, event: event.n, effect: effect.type }, error);
    return false;
  }
}

async function carryOut(ctx: Context, { orderId, order, event, index }: Occasion, effect: Effect): Promise<void> {
  switch (effect.type) {
    case 'push':
      return pushTo(ctx, effect.to, effect.message, { orderId, order, id: `${orderId}-${event.n}-${index}` });
    case 'money':
      return moveMoney(ctx, orderId, order, effect.money);
    case 'dispatch':
      return joinWindow(ctx, order.zoneId, order.searchFromMs ?? 0);
    case 'operator':
      return raiseOperatorTask(ctx, { kind: effect.kind, orderId, detail: `${event.action} in ${order.status}` });
    case 'soldOut':
      return tellCartsLater(ctx, `${orderId}-${event.n}`, order.restaurantId, effect.itemIds);
    case 'missed':
      return pauseIfUnanswered(ctx, order);
    case 'autoAccept':
      // A step of its own, which transition() takes next.
      return;
  }
}

/** Moves the money at the provider and notes that it is done; the amounts were decided and journalled before. */
export async function moveMoney(ctx: Context, orderId: string, order: Order, money: MoneyEffect): Promise<void> {
  const { currency } = order;
  const { intentId } = order.payment;
  if (money.type === 'transfer') {
    const { stripeAccountId } = await termsOf(ctx, order.restaurantId);
    if (money.amountMinor === 0) return;
    if (stripeAccountId === null) {
      // The journal says that the merchant was paid: somebody must see to it.
      return raiseOperatorTask(ctx, {
        kind: 'effect_failed',
        orderId,
        detail: `transfer ${money.amountMinor}: no connected account`,
      });
    }
    return ctx.payments.transfer({
      orderId,
      accountId: stripeAccountId,
      amountMinor: money.amountMinor,
      currency,
      intentId,
    });
  }
  const wantedMinor = money.type === 'capture' ? money.amountMinor : 0;
  const holds = await Promise.all(
    splitCapture(order.payment, wantedMinor).map((part) => endHold(ctx, orderId, currency, part)),
  );
  const takenMinor = holds.reduce((sum, hold) => sum + hold.capturedMinor, 0);
  if (takenMinor !== wantedMinor || holds.some((hold) => hold.status === 'authorized')) {
    const said = holds.map((hold) => `${hold.status} ${hold.capturedMinor}`).join(', ');
    const detail = `${money.type} ${wantedMinor}: provider says ${said}`;
    return raiseOperatorTask(ctx, { kind: 'payment_mismatch', orderId, detail });
  }
  if (holds.length === 0) return;
  await paths.order(ctx.db, orderId).update({ 'payment.status': money.type === 'capture' ? 'captured' : 'voided' });
}

/** Takes a part of the order's charge from one hold, or lets the hold go. */
function endHold(ctx: Context, orderId: string, currency: string, { intentId, amountMinor }: Part): Promise<Hold> {
  return amountMinor > 0
    ? ctx.payments.capture({ orderId, intentId, amountMinor, currency })
    : ctx.payments.voidHold({ orderId, intentId });
}
