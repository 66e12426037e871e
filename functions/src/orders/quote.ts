import { Timestamp } from 'firebase-admin/firestore';
import type { z } from 'zod';
import type { QuoteInput, QuoteOutput } from '../contract/calls/orders.js';
import type { Quote } from '../contract/orders.js';
import type { CartLine, Menu, Restaurant } from '../contract/restaurants.js';
import type { Promotion, Zone } from '../contract/zones.js';
import { promotionsOf, termsOf, zoneOf } from '../platform/caches.js';
import type { Caller, Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { Refusal, valueOf } from '../platform/outcome.js';
import { priceOrder } from '../pricing/price-order.js';
import { draftLine } from '../pricing/price-lines.js';
import { menuOf } from '../pricing/reprice-order.js';
import { releaseAtMs } from './due.js';
import { readMenu } from './menu-now.js';

type QuoteRequest = z.infer<typeof QuoteInput>;
/** What a quote can be made of again: the request, or the quote that came of it. */
type Priceable = Omit<QuoteRequest, 'useCredit'>;

/** A quote's document stays until long after its order ended: it is where the order's address and prices are. */
const KEEP_MS = 30 * 24 * 3_600_000;
/** A hold lasts seven days at most; a slot must be reached, and settled, well within. */
const LONGEST_WAIT_MS = 6 * 24 * 3_600_000;

/** Prices a cart from server data alone and keeps the quote for a quarter of an hour. */
export async function quote(ctx: Context, caller: Caller, request: QuoteRequest): Promise<z.infer<typeof QuoteOutput>> {
  const restaurant = await readRestaurant(ctx, request.restaurantId);
  const made = await makeQuote(ctx, caller.uid, request, restaurant);
  const quoteId = ctx.newId();
  await saveQuote(ctx, quoteId, made);
  return presentQuote(ctx, quoteId, made, restaurant);
}

export async function readRestaurant(ctx: Context, restaurantId: string): Promise<Restaurant> {
  const restaurant = (await paths.restaurant(ctx.db, restaurantId).get()).data();
  if (!restaurant) throw new Refusal('RESTAURANT_NOT_FOUND', { restaurantId });
  return restaurant;
}

/** Open at this moment; a pause ends by itself. */
export function isOpen(restaurant: Restaurant, nowMs: number): boolean {
  if (restaurant.availability === 'online') return true;
  return restaurant.availability === 'paused' && restaurant.pausedUntilMs !== null && restaurant.pausedUntilMs <= nowMs;
}

/**
 * The quote for a request now. A `frozen` one (priced before, surge and all) keeps its surge; lines and codes that
 * are no more are left out of it instead of refused, so that the customer sees a difference.
 */
export async function makeQuote(
  ctx: Context,
  customerId: string,
  request: Priceable,
  restaurant: Restaurant,
  frozen?: Pick<Quote, 'surgePpm'>,
): Promise<Quote> {
  if (!isOpen(restaurant, ctx.now())) throw new Refusal('RESTAURANT_CLOSED', { restaurantId: request.restaurantId });
  const { restaurantId, kind, tipPpm, scheduledForMs } = request;
  const [zone, menu, terms, promotions, route] = await Promise.all([
    zoneOf(ctx, restaurant.zoneId),
    readMenu(ctx, restaurantId, restaurant.menuVersion),
    termsOf(ctx, restaurantId),
    usablePromotions(ctx, restaurant.zoneId, request.promotionCodes, frozen !== undefined),
    routeOf(ctx, request, restaurant),
  ]);
  checkSlot(ctx, request, restaurant, route.travelSeconds);
  const lines = frozen ? linesLeft(ctx, menu, restaurant, request.lines) : request.lines;
  const surgePpm = frozen?.surgePpm ?? zone.pricing.surgePpm;
  const pricing = valueOf(
    priceOrder({
      currency: restaurant.currency, kind, zone: zone.pricing, zoneVersion: zone.version, menu,
      soldOut: restaurant.soldOut, lines, promotions, distanceMeters: route.distanceMeters, surgePpm, tipPpm,
      creditMinor: 0, commissionPpm: terms.commissionPpm, nowMs: ctx.now(),
    }),
  ); // prettier-ignore
  return {
    customerId, restaurantId, kind, lines, tipPpm, scheduledForMs, surgePpm, pricing, ...route,
    zoneId: restaurant.zoneId, zoneVersion: zone.version, menuVersion: menu.version,
    promotionCodes: request.promotionCodes, dropOff: kind === 'delivery' ? request.dropOff : null,
    ifUnavailable: request.ifUnavailable, paymentMethod: request.paymentMethod, creditMinor: 0,
    rules: { pricing: zone.pricing, menu: menuOf(lines, menu) ?? menu, promotions },
    commissionPpm: terms.commissionPpm, createdAtMs: ctx.now(), expiresAtMs: ctx.now() + quoteLifeMs(zone), expireAt: ctx.now() + KEEP_MS,
  }; // prettier-ignore
}

const quoteLifeMs = (zone: Zone) => zone.limits.quoteMinutes * 60_000;

/** The lines that the menu still has. None left: all of them, so that the pricing says why. */
function linesLeft(ctx: Context, menu: Menu, { soldOut }: Restaurant, lines: readonly CartLine[]): CartLine[] {
  const left = lines.filter((line) => draftLine(menu, soldOut, ctx.now(), [], line).ok);
  return left.length > 0 ? left : [...lines];
}

/** Automatic ones and those whose code was given; a code that nobody knows is said, not swallowed. */
async function usablePromotions(
  ctx: Context,
  zoneId: string,
  codes: readonly string[],
  lenient: boolean,
): Promise<Promotion[]> {
  const wanted = codes.map((code) => code.trim().toUpperCase());
  const running = (await promotionsOf(ctx, zoneId)).filter(
    (one) => one.startsAtMs <= ctx.now() && ctx.now() < one.endsAtMs,
  );
  const unknown = wanted.find((code) => !running.some((one) => one.code === code));
  if (unknown !== undefined && !lenient) throw new Refusal('PROMOTION_UNKNOWN', { code: unknown });
  return running.filter((one) => one.code === undefined || wanted.includes(one.code));
}

async function routeOf(ctx: Context, { kind, dropOff }: Priceable, restaurant: Restaurant) {
  if (kind === 'pickup') return { distanceMeters: 0, travelSeconds: 0 };
  if (!dropOff) throw new Refusal('DROP_OFF_REQUIRED');
  return ctx.routes.route(restaurant.location, { lat: dropOff.lat, lng: dropOff.lng });
}

function checkSlot(ctx: Context, { kind, scheduledForMs }: Priceable, restaurant: Restaurant, travelSeconds: number) {
  if (scheduledForMs === null) return;
  const facts = { scheduledForMs, travelSeconds, prepMinutes: restaurant.prepMinutes, kind };
  const tooSoon = releaseAtMs(facts) <= ctx.now();
  if (tooSoon || scheduledForMs > ctx.now() + LONGEST_WAIT_MS) throw new Refusal('SLOT_INVALID', { scheduledForMs });
}

/** `expireAt` is what the TTL policy on quotes looks at. */
export async function saveQuote(ctx: Context, quoteId: string, made: Quote): Promise<void> {
  await ctx.db.doc(`quotes/${quoteId}`).create({ ...made, expireAt: Timestamp.fromMillis(made.expireAt) });
}

function presentQuote(ctx: Context, quoteId: string, made: Quote, restaurant: Restaurant): z.infer<typeof QuoteOutput> {
  const { currency, lines, totals, trace } = made.pricing;
  const untilSlotMs = made.scheduledForMs === null ? null : made.scheduledForMs - ctx.now();
  const promisedInSeconds = Math.round(
    (untilSlotMs ?? restaurant.prepMinutes * 60_000 + made.travelSeconds * 1000) / 1000,
  );
  return {
    quoteId,
    expiresAtMs: made.expiresAtMs,
    currency,
    lines,
    totals,
    trace,
    distanceMeters: made.distanceMeters,
    promisedInSeconds,
  };
}
