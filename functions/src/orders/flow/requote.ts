import { isDeepStrictEqual } from 'node:util';
import { takesOrder } from '../../catalog/model/availability.js';
import type { Quote } from '../../contract/orders.js';
import type { PricedLine } from '../../contract/pricing.js';
import type { CartLine, Restaurant } from '../../contract/restaurants.js';
import { zoneOf } from '../../platform/caches.js';
import type { Context } from '../../platform/context.js';
import { Refusal } from '../../core/outcome.js';
import { idsOf } from '../../pricing/goods.js';
import { makeQuote, requireCookable } from './make-quote.js';
import type { PlaceOrderResult } from './pay-order.js';
import { keepQuote } from './quote.js';
import { lookUp } from '../../core/look-up.js';

/**
 * A retry of a placed order gets its answer whatever has become of the restaurant: a refusal waits until that is known.
 */
export async function differenceOrRefusal(
  ctx: Context,
  quote: Quote,
  restaurant: Restaurant,
): Promise<PlaceOrderResult | Refusal | null> {
  try {
    return await differenceNow(ctx, quote, restaurant);
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
async function differenceNow(ctx: Context, quote: Quote, restaurant: Restaurant): Promise<PlaceOrderResult | null> {
  const { restaurantId } = quote;
  if (!takesOrder(restaurant, quote, ctx.now())) throw new Refusal('RESTAURANT_CLOSED', { restaurantId });
  const zone = await zoneOf(ctx, quote.zoneId);
  requireCookable(ctx, quote, restaurant, zone.limits);
  const soldOut = quote.lines.some((line) => isSoldOut(line, restaurant, ctx.now()));
  const live = quote.expiresAtMs > ctx.now() && !soldOut;
  const sameVersions = quote.menuVersion === restaurant.menuVersion && quote.zoneVersion === zone.version;
  if (live && sameVersions && quote.pricing.promotionIds.length === 0) return null;

  const anew = await makeQuote(ctx, quote.customerId, quote, restaurant, quote);
  if (live && isDeepStrictEqual(withoutTrace(anew), withoutTrace(quote))) return null;
  return present(ctx, quote, anew, restaurant);
}

/** Another order was faster and took something limited: the price without it, to be agreed to. */
export async function differenceWithout(ctx: Context, quote: Quote, restaurant: Restaurant): Promise<PlaceOrderResult> {
  return present(ctx, quote, await makeQuote(ctx, quote.customerId, quote, restaurant, quote), restaurant);
}

async function present(ctx: Context, quote: Quote, made: Quote, restaurant: Restaurant): Promise<PlaceOrderResult> {
  const quoteId = ctx.newId();
  const anew = await keepQuote(ctx, quoteId, made, restaurant);
  const { expiresAtMs } = anew;
  const [before, after] = [quote.pricing.totals, anew.pricing.totals];
  return { outcome: 'changed', quoteId, expiresAtMs, before, after, changedItemIds: changedItems(quote, anew) };
}

/** What is charged for what: a new version of a rule that leads to the same amounts is no difference. */
const withoutTrace = ({ pricing }: Quote) => ({ ...pricing, trace: [] });

function isSoldOut(line: CartLine, restaurant: Restaurant, nowMs: number): boolean {
  return idsOf(line).some((id) => (lookUp(restaurant.soldOut, id) ?? 0) > nowMs);
}

/**
 * Items of which a line costs something else now, or is gone. Lines are told apart by all that was chosen: what is
 * priced anew has the same lines in the same order, less those that are gone.
 */
export function changedItems(before: Pick<Quote, 'pricing'>, after: Pick<Quote, 'pricing'>): string[] {
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
