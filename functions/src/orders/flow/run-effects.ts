import type { MoneyEffect, Order, OrderEvent } from '../../contract/orders.js';
import { joinWindow } from '../../dispatch/match-window.js';
import { splitCapture, type Part } from '../../payments/split-amounts.js';
import type { PaymentIntentState } from '../../payments/payments.js';
import { pushTo } from '../../notifications/send.js';
import { termsOf } from '../../platform/caches.js';
import type { Context } from '../../platform/context.js';
import { paths } from '../../platform/firestore.js';
import { raiseOperatorTask } from '../../platform/operator-tasks.js';
import { pauseIfUnanswered } from '../../catalog/missed-orders.js';
import { tellCartsLater } from '../../catalog/notify-carts.js';
import { refreshStaffKeys } from '../../authority/staff-keys.js';
import { isPayout } from '../model/deadline.js';
import { effectsOf, type Effect } from '../model/effects.js';
import { update, updateOne } from '../../platform/stored.js';

/**
 * Does what follows from an event, each effect for itself, so that a failing push does not hold a capture up. Where only
 * another effect failed, people are not notified again.
 * False when any failed: whoever called must see to it that they are tried again.
 */
export async function runEffects(ctx: Context, occurred: Occurred): Promise<boolean> {
  const { orderId, order, event } = occurred;
  const effects = effectsOf(order, event).map((effect, index) => ({ effect, index }));
  const isPush = ({ effect }: { effect: Effect }) => effect.type === 'push';
  const open = event.notifiedAtMs === undefined ? effects : effects.filter((one) => !isPush(one));
  const done = await Promise.all(open.map(({ effect, index }) => tryEffect(ctx, { ...occurred, index }, effect)));
  const succeeded = (wanted: boolean) => open.every((one, at) => isPush(one) !== wanted || done[at] === true);
  if (succeeded(false)) return succeeded(true);
  if (open.some(isPush) && succeeded(true)) await markEvent(ctx, orderId, event.n, { notifiedAtMs: ctx.now() });
  return false;
}

/** Notes in an event what a later retry need not do again. */
export async function markEvent(
  ctx: Context,
  orderId: string,
  n: number,
  fields: Pick<OrderEvent, 'notifiedAtMs' | 'effectsDoneAtMs'>,
): Promise<void> {
  await ctx.db.runTransaction(async (tx) => {
    const ref = paths.order(ctx.db, orderId);
    const order = (await tx.get(ref)).data();
    if (!order) return;
    update(tx, ref, { events: order.events.map((event) => (event.n === n ? { ...event, ...fields } : event)) });
  });
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
      await moveMoney(ctx, orderId, order, effect.money);
      return;
    case 'dispatch':
      return joinWindow(ctx, order.zoneId, order.searchFromMs ?? 0);
    case 'operator':
      return raiseOperatorTask(ctx, { kind: effect.kind, orderId, detail: `${event.action} in ${order.status}` });
    case 'soldOut':
      return tellCartsLater(ctx, `${orderId}-${event.n}`, order.restaurantId, effect.itemIds);
    case 'staffKeys':
      return refreshStaffKeys(ctx, order.restaurantId);
    case 'missed':
      return pauseIfUnanswered(ctx, order);
    case 'autoAccept':
      // A step of its own, which transition() takes next.
      return;
  }
}

/**
 * Moves the money at the provider; the amounts were decided and journalled before. Once it should have been moved
 * (`again`) the provider is asked first. False where it has another amount: an operator is told.
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
  // What a payout follows is asked for again then, and noted with it: a write less.
  const isNotedLater = money.type === 'capture' && isPayout(order.due);
  if (holds.length === 0 || isNotedLater) return true;
  await updateOne(paths.order(ctx.db, orderId), { 'payment.status': money.type === 'capture' ? 'captured' : 'voided' });
  return true;
}

/** Has the provider taken, or let go, what the order's end decided? What it has not yet, it does now. */
export async function ensureMoneyMoved(ctx: Context, orderId: string, order: Order): Promise<boolean> {
  const money = order.events.findLast((event) => event.money && event.money.type !== 'transfer')?.money;
  return money !== undefined && moveMoney(ctx, orderId, order, money, true);
}

type TransferEffect = Extract<MoneyEffect, { type: 'transfer' }>;

/**
 * Transfers the merchant's part to its account. Where the merchant had none when the payout was decided, nothing was
 * journalled as paid: the part stays owed, and an operator is notified. False where the account has gone since.
 */
async function transfer(ctx: Context, orderId: string, order: Order, money: TransferEffect): Promise<boolean> {
  const { currency, restaurantId, payment } = order;
  const { amountMinor, owedMinor = 0 } = money;
  if (owedMinor > 0) {
    const detail = `payout ${owedMinor} ${currency}: no connected account, the merchant stays owed`;
    await raiseOperatorTask(ctx, { kind: 'effect_failed', orderId, detail });
  }
  if (amountMinor === 0) return true;
  const { stripeAccountId: accountId } = await termsOf(ctx, restaurantId);
  if (accountId === null) {
    const detail = `transfer ${amountMinor}: no connected account`;
    await raiseOperatorTask(ctx, { kind: 'effect_failed', orderId, detail });
    return false;
  }
  await ctx.payments.transfer({ orderId, accountId, amountMinor, currency, intentId: payment.intentId });
  return true;
}

/** Takes a part of the order's charge from one hold, or lets the hold go. */
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
