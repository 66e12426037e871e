import { isDeepStrictEqual } from 'node:util';
import { acceptsOrder, checkKind } from '../../catalog/model/availability.js';
import type { Quote } from '../../contract/orders.js';
import type { PricedLine } from '../../contract/pricing.js';
import type { CartLine, Restaurant } from '../../contract/restaurants.js';
import { getZone } from '../../platform/caches.js';
import type { Context } from '../../platform/context.js';
import { Refusal, unwrap } from '../../core/outcome.js';
import { listIds } from '../../pricing/goods.js';
import { computeAgeLimit, toAgeField } from '../model/age-limit.js';
import { makeQuote, requireCookable } from './make-quote.js';
import type { PlaceOrderResult } from './pay-order.js';
import { keepQuote } from './quote.js';
import { lookUp } from '../../core/look-up.js';

/**
 * Returns the difference to the quote, or throws the refusal. A retry of a placed order gets its answer in every state
 * of the restaurant: a refusal is decided only after that check.
 */
export async function computeDifferenceOrRefuse(
  ctx: Context,
  quote: Quote,
  restaurant: Restaurant,
): Promise<PlaceOrderResult | Refusal | null> {
  try {
    return await computeDifference(ctx, quote, restaurant);
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

/**
 * Computes what changed since the quote, priced again and stored as a new quote to be placed; null when nothing did. If
 * the versions of menu and zone are unchanged, the menu is not read. Lines that are no longer available and codes that
 * have ended are left out.
 */
async function computeDifference(ctx: Context, quote: Quote, restaurant: Restaurant): Promise<PlaceOrderResult | null> {
  const { restaurantId } = quote;
  unwrap(checkKind(restaurant, quote.kind));
  if (!acceptsOrder(restaurant, quote, ctx.now())) throw new Refusal('RESTAURANT_CLOSED', { restaurantId });
  const zone = await getZone(ctx, quote.zoneId);
  requireCookable(ctx, quote, restaurant, zone.limits);
  const soldOut = quote.lines.some((line) => isSoldOut(line, restaurant, ctx.now()));
  const live = quote.expiresAtMs > ctx.now() && !soldOut;
  const sameVersions = quote.menuVersion === restaurant.menuVersion && quote.zoneVersion === zone.version;
  if (live && sameVersions && quote.pricing.promotionIds.length === 0) return null;

  const fresh = await makeQuote(ctx, quote.customerId, quote, restaurant, quote);
  const sameAge = computeAgeLimit(fresh) === computeAgeLimit(quote);
  if (live && sameAge && isDeepStrictEqual(withoutTrace(fresh), withoutTrace(quote))) return null;
  return present(ctx, quote, fresh, restaurant);
}

/** Computes the price without a limited resource that another order took first, for the customer to agree to. */
export async function computeDifferenceWithoutLimited(
  ctx: Context,
  quote: Quote,
  restaurant: Restaurant,
): Promise<PlaceOrderResult> {
  return present(ctx, quote, await makeQuote(ctx, quote.customerId, quote, restaurant, quote, 'taken'), restaurant);
}

async function present(ctx: Context, quote: Quote, made: Quote, restaurant: Restaurant): Promise<PlaceOrderResult> {
  const quoteId = ctx.newId();
  const fresh = await keepQuote(ctx, quoteId, made, restaurant);
  const { expiresAtMs } = fresh;
  const [before, after] = [quote.pricing.totals, fresh.pricing.totals];
  const changedItemIds = listChangedItems(quote, fresh);
  const age = toAgeField(computeAgeLimit(fresh));
  return { outcome: 'changed', quoteId, expiresAtMs, before, after, changedItemIds, ...age };
}

/** Compares the amounts only: a new version of a rule that leads to the same amounts is no difference. */
const withoutTrace = ({ pricing }: Quote) => ({ ...pricing, trace: [] });

function isSoldOut(line: CartLine, restaurant: Restaurant, nowMs: number): boolean {
  return listIds(line).some((id) => (lookUp(restaurant.soldOut, id) ?? 0) > nowMs);
}

/**
 * Lists items with a line that has another price now, or no longer exists. Lines are identified by all their choices: a
 * new pricing has the same lines in the same order, without those that no longer exist.
 */
export function listChangedItems(before: Pick<Quote, 'pricing'>, after: Pick<Quote, 'pricing'>): string[] {
  const waiting = [...after.pricing.lines];
  const changed = before.pricing.lines.filter((line) => {
    const isStill = isSameChoice(line, waiting[0]);
    const now = isStill ? waiting.shift() : undefined;
    return now?.grossMinor !== line.grossMinor;
  });
  return [...new Set(changed.map(({ itemId }) => itemId))];
}

function isSameChoice(line: PricedLine, other: PricedLine | undefined): boolean {
  const choiceOf = ({ itemId, quantity, modifiers, note }: PricedLine) => ({ itemId, quantity, modifiers, note });
  return other !== undefined && isDeepStrictEqual(choiceOf(line), choiceOf(other));
}
