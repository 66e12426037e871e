import type { z } from 'zod';
import { isRelatedToStaff, noteSignal, toAddressSignal } from '../../abuse/links.js';
import type { Conflict } from '../../abuse/model/parties.js';
import type { PlaceOrderInput } from '../../calls/orders.js';
import type { Order, Quote } from '../../contract/orders.js';
import type { Restaurant } from '../../contract/restaurants.js';
import { raiseOperatorTask } from '../../platform/operator-tasks.js';
import { isPlatformFunded } from '../../promotions/usable.js';
import { getZone } from '../../platform/caches.js';
import type { Caller, Context } from '../../platform/context.js';
import type { ErrorReason } from '../../core/errors.js';
import { isAlreadyExists, paths } from '../../platform/firestore.js';
import { Refusal, unwrap } from '../../core/outcome.js';
import { readStripeCustomerId } from '../../payments/customers.js';
import { ORDER_PURPOSE } from '../../payments/payments.js';
import { computeDifferenceOrRefuse, computeDifferenceWithoutLimited } from './requote.js';
import { checkAge, computeAgeLimit } from '../model/age-limit.js';
import { buildOrder } from '../model/build-order.js';
import { isFarSlot } from '../model/far-slot.js';
import { payOrder, toPlaceOrderResult, type PaymentPlan, type PlaceOrderResult } from './pay-order.js';
import { readRestaurant } from '../../catalog/read-restaurant.js';
import { listUsedPromotions, computeWanted } from '../model/reservation-rules.js';
import { requireAllowance, requireNotWithdrawn } from './open-orders.js';
import { hasCompleted } from './past-and-waiting.js';
import { reserveStock, type ReservedStock } from './reserve-stock.js';
import type { Triage, ZoneLimits } from '../../contract/zones.js';
import { toSealedDelivery, sealDelivery } from '../model/sealed-delivery.js';
import { update } from '../../platform/stored.js';

type Request = z.infer<typeof PlaceOrderInput>;

/**
 * Places a quote. The order gets the quote's id, so one quote is one order however often the call is repeated. The
 * payment is opened first: unconfirmed it blocks nothing, and the order is written once, complete. Throws
 * QUOTE_NOT_FOUND, TOTAL_NOT_CONFIRMED, ALREADY_PLACED, TOO_MANY_OPEN_ORDERS, AGE_UNKNOWN, AGE_TOO_LOW, and the refusals of the payment and the
 * reservation.
 */
export async function placeOrder(ctx: Context, caller: Caller, request: Request): Promise<PlaceOrderResult> {
  const { quoteId } = request;
  const quote = (await paths.quote(ctx.db, quoteId).get()).data();
  if (quote?.customerId !== caller.uid) throw new Refusal('QUOTE_NOT_FOUND', { quoteId });
  const restaurant = await readRestaurant(ctx, quote.restaurantId);
  const wanted = computeWanted(quote, restaurant.countsStock, ctx.now());
  const isLimited = wanted !== null && (wanted.slotMs !== null || Object.keys(wanted.stock).length > 0);
  if (listUsedPromotions(quote).some(isPlatformFunded)) await noteSignals(ctx, request, quote, isLimited);
  else if (wanted) await noteCard(ctx, request, quote, isLimited);
  const changed = await computeDifferenceOrRefuse(ctx, quote, restaurant);
  if (changed) return (await placedBefore(ctx, request, quote)) ?? thrown(changed);
  if (quote.pricing.totals.totalMinor !== request.confirmedTotalMinor) {
    throw new Refusal('TOTAL_NOT_CONFIRMED', { totalMinor: quote.pricing.totals.totalMinor });
  }
  await requireAge(ctx, request, quote);
  const payable = await openPayment(ctx, request, quote);
  const order = await buildNewOrder(ctx, caller, request, quote, restaurant, payable);
  let written: Order;
  try {
    const card = payable.type === 'deferred' ? request.paymentMethodId : undefined;
    written = await create(ctx, { quoteId, quote, restaurant }, order, card);
  } catch (error) {
    const gone = error instanceof Refusal && GONE.includes(error.reason);
    // A repeated call may find the resources taken by its first attempt.
    const before = gone || isAlreadyExists(error) ? await placedBefore(ctx, request, quote) : null;
    if (before) return before;
    if (gone) return computeDifferenceWithoutLimited(ctx, quote, restaurant);
    throw error;
  }
  await requireAllowance(ctx, quoteId, written, payable);
  if (quote.conflict) await flagParties(ctx, quoteId, quote.conflict);
  return payOrder(ctx, quoteId, written, payable);
}

/** Throws AGE_UNKNOWN or AGE_TOO_LOW. The date of birth is compared here, and passed on to nothing. */
async function requireAge(ctx: Context, { birthDate }: Request, quote: Quote): Promise<void> {
  const { timeZone } = await getZone(ctx, quote.zoneId);
  unwrap(checkAge(computeAgeLimit(quote), birthDate, { timeZone, nowMs: ctx.now() }));
}

/**
 * Records the customer's card and address for an order with a promotion of the platform's. If this links the customer
 * with the restaurant's staff, the price is computed again without such a promotion.
 */
async function noteSignals(ctx: Context, request: Request, quote: Quote, isLimited: boolean): Promise<void> {
  const { customerId, dropOff } = quote;
  if (dropOff) await noteSignal(ctx, customerId, toAddressSignal(dropOff));
  await noteCard(ctx, request, quote, isLimited);
}

/**
 * Records a card that the customer saved. Another card, or one entered in a payment sheet, is recorded when it has
 * paid: naming a card is free, so accounts that only name one would displace those that paid by it. With counted
 * portions or a place in the kitchen every card is recorded: unpaid reservations are counted for all accounts of a
 * card.
 */
async function noteCard(
  ctx: Context,
  { paymentMethodId }: Request,
  { customerId }: Quote,
  isLimited: boolean,
): Promise<void> {
  if (paymentMethodId === undefined) return;
  if (!isLimited && !(await isOwnCard(ctx, customerId, paymentMethodId))) return;
  const card = await ctx.payments.fingerprintOf(paymentMethodId);
  if (card !== null) await noteSignal(ctx, customerId, { kind: 'card', value: card });
}

function flagParties(ctx: Context, orderId: string, conflict: Conflict): Promise<void> {
  return raiseOperatorTask(ctx, { kind: 'linked_parties', orderId, detail: `customer: ${conflict}` });
}

function thrown(changed: PlaceOrderResult | Refusal): PlaceOrderResult {
  if (changed instanceof Refusal) throw changed;
  return changed;
}

/** Refusals for a limited resource that another order took: the customer is shown the price without it. */
const GONE: readonly ErrorReason[] = [
  'PROMOTION_USED_UP',
  'PROMOTION_LIMIT_REACHED',
  'FIRST_ORDER_ONLY',
  'ITEM_SOLD_OUT',
  'KITCHEN_FULL',
  'CREDIT_SPENT',
];

/**
 * Returns the answer of the first call with this key; for another key the quote is taken. A call that crashed, or whose
 * card was declined, continues from here.
 */
async function placedBefore(ctx: Context, request: Request, quote: Quote): Promise<PlaceOrderResult | null> {
  const { quoteId, idempotencyKey } = request;
  const order = (await paths.order(ctx.db, quoteId).get()).data();
  if (!order) return null;
  if (order.events[0]?.causeId !== idempotencyKey) throw new Refusal('ALREADY_PLACED', { orderId: quoteId });
  requireNotWithdrawn(order);
  const { intentId } = order.payment;
  const hold = intentId === null ? null : await ctx.payments.retrieve(intentId);
  if (order.status !== 'pending_payment') return toPlaceOrderResult(ctx, quoteId, order, hold);
  const { paymentMethodId } = request;
  const payable: PaymentPlan = hold
    ? { type: 'hold', hold, paymentMethodId }
    : { type: paymentStatusWithoutIntent(quote) };
  // The call that wrote the order may not have checked the limits yet, or have crashed before.
  await requireAllowance(ctx, quoteId, order, payable);
  return payOrder(ctx, quoteId, order, payable);
}

/**
 * Determines the payment of an order that was placed without a PaymentIntent: time has passed since, so the slot's
 * distance does not say it.
 */
function paymentStatusWithoutIntent({ pricing, paymentMethod }: Quote): 'none' | 'cash' | 'deferred' {
  if (pricing.totals.totalMinor === 0) return 'none';
  return paymentMethod === 'cash' ? 'cash' : 'deferred';
}

/** Returns the payment status of orders for which no PaymentIntent is opened now. */
function requireNoIntent(ctx: Context, quote: Quote): 'none' | 'cash' | 'deferred' | null {
  const type = paymentStatusWithoutIntent(quote);
  return type === 'deferred' && !isFarSlot(quote.scheduledForMs, ctx.now()) ? null : type;
}

/**
 * Opens the PaymentIntent of an order, or says how it is paid without one. Repeating the call opens nothing new: the
 * provider knows the order's key. Throws CARD_REQUIRED or CARD_NOT_FOUND for a slot that is charged later.
 */
async function openPayment(ctx: Context, request: Request, quote: Quote): Promise<PaymentPlan> {
  const type = requireNoIntent(ctx, quote);
  const { quoteId: orderId, paymentMethodId } = request;
  if (type === 'deferred') await requireOwnCard(ctx, request, quote);
  if (type !== null) return { type };
  const savedCards = request.useSavedCards || paymentMethodId !== undefined;
  const customerId = savedCards ? await readStripeCustomerId(ctx, quote.customerId) : null;
  const { currency, totals } = quote.pricing;
  const hold = await ctx.payments.open({
    orderId,
    purpose: ORDER_PURPOSE,
    amountMinor: totals.totalMinor,
    currency,
    customerId,
  });
  return { type: 'hold', hold, paymentMethodId };
}

/**
 * Requires a saved card for a charge in the future: an invented one would reserve a slot for free. Links the customer
 * with the other accounts of the card, which are counted together.
 */
async function requireOwnCard(ctx: Context, request: Request, quote: Quote): Promise<void> {
  const { paymentMethodId } = request;
  if (paymentMethodId === undefined) throw new Refusal('CARD_REQUIRED');
  if (!(await isOwnCard(ctx, quote.customerId, paymentMethodId)))
    throw new Refusal('CARD_NOT_FOUND', { paymentMethodId });
  await noteCard(ctx, request, quote, false);
}

async function isOwnCard(ctx: Context, uid: string, paymentMethodId: string): Promise<boolean> {
  const customerId = await readStripeCustomerId(ctx, uid);
  const cards = customerId === null ? [] : await ctx.payments.listCards(customerId);
  return cards.some((card) => card.paymentMethodId === paymentMethodId);
}

async function buildNewOrder(
  ctx: Context,
  caller: Caller,
  { quoteId, idempotencyKey }: Request,
  quote: Quote,
  restaurant: Restaurant,
  payable: PaymentPlan,
): Promise<Order> {
  const { limits, triage } = await getZone(ctx, quote.zoneId);
  const intentId = payable.type === 'hold' ? payable.hold.intentId : null;
  const facts = { quoteId, quote, restaurant, customerName: caller.name, intentId, inCash: payable.type === 'cash' };
  const delivery = toSealedDelivery(quote);
  const sealedDelivery = delivery && sealDelivery(ctx, quoteId, delivery);
  const isRisky = await isRiskyOrder(ctx, quote, restaurant, triage);
  return buildOrder({ ...facts, sealedDelivery, isRisky, triage, causeId: idempotencyKey, nowMs: ctx.now(), limits });
}

/**
 * True for the first large order of an account, and for a customer who is related to the restaurant. The quote reads the
 * relation only for a promotion that the platform funds: in a zone with a triage it is read for every order, one read. In
 * other zones nothing is read.
 */
async function isRiskyOrder(
  ctx: Context,
  quote: Quote,
  { staffKeys }: Restaurant,
  triage: Triage | null,
): Promise<boolean> {
  if (quote.conflict !== undefined) return true;
  if (!triage) return false;
  const { customerId, restaurantId } = quote;
  const isRelated = await isRelatedToStaff(ctx, customerId, { restaurantId, staffKeys });
  return isRelated || isLargeFirstOrder(ctx, quote, triage);
}

/** Costs a read only for a large order. */
async function isLargeFirstOrder(ctx: Context, quote: Quote, triage: Triage): Promise<boolean> {
  if (quote.pricing.totals.totalMinor < triage.largeOrderMinor) return false;
  return !(await hasCompleted(ctx, quote.customerId));
}

/** Creates the order: one write, where it takes nothing limited and no card is kept for later. */
async function create(
  ctx: Context,
  placing: { quoteId: string; quote: Quote; restaurant: Restaurant },
  order: Order,
  card: string | undefined,
): Promise<Order> {
  const { quoteId, quote, restaurant } = placing;
  const ref = paths.order(ctx.db, quoteId);
  const wanted = computeWanted(quote, restaurant.countsStock, order.createdAtMs);
  if (!wanted && card === undefined) {
    await ref.create(order);
    return order;
  }
  const { limits } = await getZone(ctx, quote.zoneId);
  return ctx.db.runTransaction(async (tx) => {
    const taken = wanted ? await reserveStock(ctx, tx, placing, wanted) : null;
    const whole: Order = {
      ...order,
      ...(taken && { reserved: taken.reservation }),
      due: computePaymentDue(order, taken, limits),
    };
    tx.create(ref, whole);
    if (card !== undefined) update(tx, paths.quote(ctx.db, quoteId), { paymentMethodId: card });
    return whole;
  });
}

/** An order that takes the last units, places or uses has a shorter payment deadline. */
function computePaymentDue({ due, createdAtMs }: Order, taken: ReservedStock | null, limits: ZoneLimits): Order['due'] {
  if (!due || !taken?.isLast) return due;
  return { ...due, atMs: Math.min(due.atMs, createdAtMs + limits.scarcePaymentMinutes * 60_000) };
}
