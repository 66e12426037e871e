import type { z } from 'zod';
import { computeClosingMs } from '../../hours/slot-times.js';
import type { QuoteOutput } from '../../calls/orders.js';
import type { Quote } from '../../contract/orders.js';
import type { Restaurant } from '../../contract/restaurants.js';
import type { Caller, Context } from '../../platform/context.js';
import { paths } from '../../platform/firestore.js';
import { unwrap } from '../../core/outcome.js';
import { hasCompleted } from './past-and-waiting.js';
import { makeQuote, type QuoteRequest } from './make-quote.js';
import { computeAgeLimit, toAgeField } from '../model/age-limit.js';
import { checkQuoteSize } from '../model/quote-size.js';
import { toSlotMs } from '../model/reservation-rules.js';
import { holdSlot } from './reserve-stock.js';
import { readRestaurant } from '../../catalog/read-restaurant.js';

const MINUTE_MS = 60_000;

/**
 * Prices a cart from server data alone and stores the quote for a quarter of an hour. Throws the refusals of the
 * pricing, and LIMIT_REACHED for a cart that is too large to be stored.
 */
export async function quote(ctx: Context, caller: Caller, request: QuoteRequest): Promise<z.infer<typeof QuoteOutput>> {
  const restaurant = await readRestaurant(ctx, request.restaurantId);
  const made = await makeQuote(ctx, caller.uid, request, restaurant);
  const quoteId = ctx.newId();
  return presentQuote(ctx, quoteId, await keepQuote(ctx, quoteId, made, restaurant));
}

/**
 * Writes a quote, with a place in the kitchen where its capacity is limited. An account without a completed order
 * learns the quarter of an hour and takes its place with the order: quotes are free, so new accounts could hold every
 * place with them. Throws LIMIT_REACHED or KITCHEN_FULL.
 */
export async function keepQuote(ctx: Context, quoteId: string, made: Quote, restaurant: Restaurant): Promise<Quote> {
  unwrap(checkQuoteSize(made));
  const ref = paths.quote(ctx.db, quoteId);
  const { slotCapacity } = restaurant;
  if (slotCapacity === null) {
    // The id is new. A `create` whose answer is lost would be repeated by the SDK, and find its own document.
    await ref.set(made);
    return made;
  }
  const holdsPlace = await hasCompleted(ctx, made.customerId);
  return ctx.db.runTransaction(async (tx) => {
    const placed = await withSlot(ctx, made, restaurant, (hold) =>
      holdSlot(ctx, tx, { quoteId, holdsPlace, ...hold }, slotCapacity),
    );
    tx.set(ref, placed);
    return placed;
  });
}

type Hold = Omit<Parameters<typeof holdSlot>[2], 'quoteId' | 'holdsPlace'>;

/** Returns the quote with its quarter of an hour; a later one than requested extends the preparation time. */
async function withSlot(
  ctx: Context,
  made: Quote,
  restaurant: Restaurant,
  hold: (hold: Hold) => Promise<number>,
): Promise<Quote> {
  const { customerId, restaurantId, kind, scheduledForMs, travelSeconds, prepMinutes, expiresAtMs } = made;
  const asked = scheduledForMs === null ? ctx.now() + prepMinutes * MINUTE_MS : scheduledForMs - travelSeconds * 1000;
  const fromMs = toSlotMs(asked);
  const latestMs = scheduledForMs === null ? computeClosingMs(restaurant, kind, ctx.now()) : fromMs;
  const slotMs = await hold({ customerId, restaurantId, fromMs, latestMs, untilMs: expiresAtMs });
  const later = slotMs > fromMs ? Math.ceil((slotMs - ctx.now()) / MINUTE_MS) : prepMinutes;
  return { ...made, slotMs, prepMinutes: later };
}

function presentQuote(ctx: Context, quoteId: string, made: Quote): z.infer<typeof QuoteOutput> {
  const { currency, totals, trace } = made.pricing;
  const lines = made.pricing.lines.map(({ merchantMinor: _earned, merchantFundedMinor: _funded, ...line }) => line);
  const { expiresAtMs, distanceMeters, scheduledForMs, prepMinutes, travelSeconds } = made;
  const untilSlotMs = scheduledForMs === null ? null : scheduledForMs - ctx.now();
  const promisedInSeconds = Math.round((untilSlotMs ?? prepMinutes * MINUTE_MS + travelSeconds * 1000) / 1000);
  const age = toAgeField(computeAgeLimit(made));
  return { quoteId, expiresAtMs, currency, lines, totals, trace, distanceMeters, promisedInSeconds, ...age };
}
