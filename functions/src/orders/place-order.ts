import { isDeepStrictEqual } from 'node:util';
import type { z } from 'zod';
import type { PlaceOrderInput, PlaceOrderOutput } from '../contract/calls/orders.js';
import type { Order, Quote } from '../contract/orders.js';
import type { CartLine, Restaurant } from '../contract/restaurants.js';
import { zoneOf } from '../platform/caches.js';
import type { Caller, Context } from '../platform/context.js';
import { isAlreadyThere, paths } from '../platform/firestore.js';
import { Refusal } from '../platform/outcome.js';
import { stripeCustomerOf } from '../payments/customers.js';
import { ORDER_PURPOSE, PaymentDeclined, type Hold } from '../payments/payments.js';
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
  const changed = await differenceOrRefusal(ctx, caller, quote, restaurant);
  if (changed) {
    const before = await placedBefore(ctx, request);
    if (before) return before;
    if (changed instanceof Refusal) throw changed;
    return changed;
  }
  if (quote.pricing.totals.totalMinor !== request.confirmedTotalMinor) {
    throw new Refusal('TOTAL_NOT_CONFIRMED', { totalMinor: quote.pricing.totals.totalMinor });
  }
  const { limits } = await zoneOf(ctx, quote.zoneId);
  const hold = await openHold(ctx, request, quote);
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

/**
 * The answer that the first call with this key was given; another key finds the quote taken. A call that died half
 * way, or whose card was refused, goes on from here.
 */
async function placedBefore(ctx: Context, request: Request): Promise<Result | null> {
  const { quoteId, idempotencyKey } = request;
  const order = (await paths.order(ctx.db, quoteId).get()).data();
  if (!order) return null;
  if (order.events[0]?.causeId !== idempotencyKey) throw new Refusal('ALREADY_PLACED', { orderId: quoteId });
  const { intentId } = order.payment;
  const hold = intentId === null ? null : await ctx.payments.retrieve(intentId);
  return order.status === 'pending_payment' ? pay(ctx, request, order, hold) : placed(ctx, quoteId, order, hold);
}

/** Nothing to pay opens nothing. Repeating it opens nothing new: the provider knows the order's key. */
async function openHold(ctx: Context, request: Request, { pricing, customerId }: Quote): Promise<Hold | null> {
  const amountMinor = pricing.totals.totalMinor;
  if (amountMinor === 0) return null;
  const savedCards = request.useSavedCards || request.paymentMethodId !== undefined;
  const stripeCustomerId = savedCards ? await stripeCustomerOf(ctx, customerId) : null;
  const { currency } = pricing;
  const orderId = request.quoteId;
  return ctx.payments.open({ orderId, purpose: ORDER_PURPOSE, amountMinor, currency, customerId: stripeCustomerId });
}

/** Takes the saved card, where one was named; else the app confirms and the provider's word moves the order. */
async function pay(
  ctx: Context,
  { quoteId: orderId, paymentMethodId }: Request,
  order: Order,
  opened: Hold | null,
): Promise<Result> {
  if (opened === null) {
    const command = {
      action: 'confirmPayment' as const,
      payment: { status: 'none' as const, intentId: null, authorizedMinor: 0 },
    };
    await transition(ctx, { orderId, command, causeId: 'free:nothing-to-pay', actor: () => SYSTEM });
    return placed(ctx, orderId, await orderNow(ctx, orderId, order), null);
  }
  const unpaid = opened.status === 'unpaid';
  if (unpaid && paymentMethodId === undefined) return placed(ctx, orderId, order, opened);
  const hold =
    unpaid && paymentMethodId !== undefined ? await confirmSaved(ctx, orderId, opened, paymentMethodId) : opened;
  await followHold(ctx, orderId, hold);
  return placed(ctx, orderId, await orderNow(ctx, orderId, order), hold);
}

/** Payment may have taken the order on by more than a step: a restaurant may accept by itself. */
async function orderNow(ctx: Context, orderId: string, before: Order): Promise<Order> {
  return (await paths.order(ctx.db, orderId).get()).data() ?? before;
}

async function confirmSaved(ctx: Context, orderId: string, { intentId }: Hold, paymentMethodId: string): Promise<Hold> {
  try {
    return await ctx.payments.confirm({ intentId, paymentMethodId });
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

/** A retry of a placed order gets its answer whatever has become of the restaurant: a refusal waits until that is known. */
async function differenceOrRefusal(
  ctx: Context,
  caller: Caller,
  quote: Quote,
  restaurant: Restaurant,
): Promise<Result | Refusal | null> {
  try {
    return await differenceNow(ctx, caller, quote, restaurant);
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

/**
 * What changed since the quote, priced anew and kept as a quote of its own to be placed; null when nothing did.
 * Unchanged versions of menu and zone spare the menu's read. Lines that cannot be had any more are left out, and
 * codes that run no more.
 */
async function differenceNow(
  ctx: Context,
  caller: Caller,
  quote: Quote,
  restaurant: Restaurant,
): Promise<Result | null> {
  if (!isOpen(restaurant, ctx.now())) throw new Refusal('RESTAURANT_CLOSED', { restaurantId: quote.restaurantId });
  const zone = await zoneOf(ctx, quote.zoneId);
  const soldOut = quote.lines.some((line) => isSoldOut(line, restaurant, ctx.now()));
  const live = quote.expiresAtMs > ctx.now() && !soldOut;
  const sameVersions = quote.menuVersion === restaurant.menuVersion && quote.zoneVersion === zone.version;
  if (live && sameVersions && quote.pricing.promotionIds.length === 0) return null;

  const anew = await makeQuote(ctx, caller.uid, quote, restaurant, quote);
  if (live && isDeepStrictEqual(withoutTrace(anew), withoutTrace(quote))) return null;
  const quoteId = ctx.newId();
  await saveQuote(ctx, quoteId, anew);
  const { expiresAtMs } = anew;
  const [before, after] = [quote.pricing.totals, anew.pricing.totals];
  return { outcome: 'changed', quoteId, expiresAtMs, before, after, changedItemIds: changedItems(quote, anew) };
}

/** What is charged for what: a new version of a rule that leads to the same amounts is no difference. */
const withoutTrace = ({ pricing }: Quote) => ({ ...pricing, trace: [] });

function isSoldOut(line: CartLine, restaurant: Restaurant, nowMs: number): boolean {
  return idsOf(line).some((id) => (restaurant.soldOut[id] ?? 0) > nowMs);
}

/** Items whose line costs something else now, or is gone. */
function changedItems(before: Quote, after: Quote): string[] {
  const pricesOf = (quote: Quote) => new Map(quote.pricing.lines.map((line) => [line.itemId, line.grossMinor]));
  const [then, now] = [pricesOf(before), pricesOf(after)];
  return [...then].filter(([itemId, grossMinor]) => now.get(itemId) !== grossMinor).map(([itemId]) => itemId);
}
