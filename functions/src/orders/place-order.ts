import { isDeepStrictEqual } from 'node:util';
import type { z } from 'zod';
import type { PlaceOrderInput, PlaceOrderOutput } from '../contract/callables.js';
import type { Order, Quote } from '../contract/orders.js';
import type { CartLine, Restaurant } from '../contract/restaurants.js';
import { zoneOf } from '../platform/caches.js';
import type { Caller, Context } from '../platform/context.js';
import { isAlreadyThere, paths } from '../platform/firestore.js';
import { Refusal } from '../platform/outcome.js';
import { PaymentDeclined, type Hold } from '../payments/payments.js';
import { followHold } from '../payments/settle-payment.js';
import { idsOf } from '../pricing/price-lines.js';
import { SYSTEM } from './actors.js';
import { newOrder } from './new-order.js';
import { isOpen, makeQuote, readRestaurant, saveQuote } from './quote.js';
import { pinOf, transition } from './transition.js';

type Request = z.infer<typeof PlaceOrderInput>;
type Result = z.infer<typeof PlaceOrderOutput>;

/**
 * Places a quote. The order takes the quote's id, so one quote is one order however often the call is repeated.
 * The payment is opened first: unconfirmed it blocks nothing, and the order is written once, complete.
 */
export async function placeOrder(ctx: Context, caller: Caller, request: Request): Promise<Result> {
  const { quoteId, idempotencyKey } = request;
  const quote = (await paths.quote(ctx.db, quoteId).get()).data();
  if (quote?.customerId !== caller.uid) throw new Refusal('QUOTE_NOT_FOUND', { quoteId });
  const restaurant = await readRestaurant(ctx, quote.restaurantId);
  const changed = await differenceNow(ctx, caller, quote, restaurant);
  if (changed) return (await placedBefore(ctx, request)) ?? changed;
  if (quote.pricing.totals.totalMinor !== request.confirmedTotalMinor) {
    throw new Refusal('TOTAL_NOT_CONFIRMED', { totalMinor: quote.pricing.totals.totalMinor });
  }
  const { limits } = await zoneOf(ctx, quote.zoneId);
  const hold = await openHold(ctx, quoteId, quote);
  const facts = { quoteId, quote, restaurant, customerName: caller.name, intentId: hold?.intentId ?? null };
  const order = newOrder({ ...facts, causeId: idempotencyKey, nowMs: ctx.now(), limits });
  try {
    await paths.order(ctx.db, quoteId).create(order);
  } catch (error) {
    const before = isAlreadyThere(error) ? await placedBefore(ctx, request) : null;
    if (!before) throw error;
    return before;
  }
  return pay(ctx, request, order, hold);
}

/** The answer that the first call with this key was given; another key finds the quote taken. */
async function placedBefore(ctx: Context, { quoteId, idempotencyKey }: Request): Promise<Result | null> {
  const order = (await paths.order(ctx.db, quoteId).get()).data();
  if (!order) return null;
  if (order.events[0]?.causeId !== idempotencyKey) throw new Refusal('ALREADY_PLACED', { orderId: quoteId });
  const { intentId } = order.payment;
  return placed(ctx, quoteId, order, intentId === null ? null : await ctx.payments.retrieve(intentId));
}

/** Nothing to pay opens nothing. Repeating it opens nothing new: the provider knows the order's key. */
async function openHold(ctx: Context, orderId: string, { pricing, customerId }: Quote): Promise<Hold | null> {
  const amountMinor = pricing.totals.totalMinor;
  if (amountMinor === 0) return null;
  const billing = await ctx.caches.billing.get(customerId, async () => (await paths.billing(ctx.db, customerId).get()).data() ?? null);
  const stripeCustomerId = billing?.stripeCustomerId ?? null;
  return ctx.payments.open({ orderId, amountMinor, currency: pricing.currency, customerId: stripeCustomerId });
}

/** Takes the saved card, where one was named; else the app confirms and the provider's word moves the order. */
async function pay(ctx: Context, { quoteId: orderId, paymentMethodId }: Request, order: Order, opened: Hold | null): Promise<Result> {
  if (opened === null) {
    const command = { action: 'confirmPayment' as const, payment: { status: 'none' as const, intentId: null, authorizedMinor: 0 } };
    const { order: free } = await transition(ctx, { orderId, command, causeId: 'nothing-to-pay', actor: () => SYSTEM });
    return placed(ctx, orderId, free, null);
  }
  if (paymentMethodId === undefined) return placed(ctx, orderId, order, opened);
  const hold = await confirmSaved(ctx, orderId, opened, paymentMethodId);
  await followHold(ctx, orderId, order, hold);
  const now = (await paths.order(ctx.db, orderId).get()).data() ?? order;
  return placed(ctx, orderId, now, hold);
}

async function confirmSaved(ctx: Context, orderId: string, { intentId }: Hold, paymentMethodId: string): Promise<Hold> {
  try {
    return await ctx.payments.confirm({ orderId, intentId, paymentMethodId });
  } catch (error) {
    if (!(error instanceof PaymentDeclined)) throw error;
    // The order waits for another card until its deadline: the app goes on with the same PaymentIntent.
    throw new Refusal('PAYMENT_DECLINED', { orderId, declineCode: error.declineCode });
  }
}

function placed(ctx: Context, orderId: string, order: Order, hold: Hold | null): Result {
  return {
    outcome: 'placed',
    orderId,
    status: order.status,
    totalMinor: order.totals.totalMinor,
    pin: pinOf(ctx, orderId),
    payment: hold && { intentId: hold.intentId, clientSecret: hold.clientSecret },
  };
}

/**
 * What changed since the quote, priced anew and kept as a quote of its own to be placed; null when nothing did.
 * Unchanged versions of menu and zone spare the menu's read. Lines sold out meanwhile are left out.
 */
async function differenceNow(
  ctx: Context,
  caller: Caller,
  quote: Quote,
  restaurant: Restaurant,
): Promise<Result | null> {
  if (!isOpen(restaurant, ctx.now())) throw new Refusal('RESTAURANT_CLOSED', { restaurantId: quote.restaurantId });
  const lines = quote.lines.filter((line) => !isSoldOut(line, restaurant, ctx.now()));
  if (lines.length === 0) throw new Refusal('ITEM_SOLD_OUT', { itemId: quote.lines[0]?.itemId ?? '' });
  const zone = await zoneOf(ctx, quote.zoneId);
  const live = quote.expiresAtMs > ctx.now() && lines.length === quote.lines.length;
  const sameVersions = quote.menuVersion === restaurant.menuVersion && quote.zoneVersion === zone.version;
  if (live && sameVersions && quote.pricing.promotionIds.length === 0) return null;

  const anew = await makeQuote(ctx, caller.uid, { ...quote, lines }, restaurant, quote);
  if (live && isDeepStrictEqual(anew.pricing, quote.pricing)) return null;
  const quoteId = ctx.newId();
  await saveQuote(ctx, quoteId, anew);
  const { expiresAtMs } = anew;
  const [before, after] = [quote.pricing.totals, anew.pricing.totals];
  return { outcome: 'changed', quoteId, expiresAtMs, before, after, changedItemIds: changedItems(quote, anew) };
}

function isSoldOut(line: CartLine, restaurant: Restaurant, nowMs: number): boolean {
  return idsOf(line).some((id) => (restaurant.soldOut[id] ?? 0) > nowMs);
}

/** Items whose line costs something else now, or is gone. */
function changedItems(before: Quote, after: Quote): string[] {
  const pricesOf = (quote: Quote) => new Map(quote.pricing.lines.map((line) => [line.itemId, line.grossMinor]));
  const [then, now] = [pricesOf(before), pricesOf(after)];
  return [...then].filter(([itemId, grossMinor]) => now.get(itemId) !== grossMinor).map(([itemId]) => itemId);
}
