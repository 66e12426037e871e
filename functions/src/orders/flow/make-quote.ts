import type { QuoteInput } from '../../calls/orders.js';
import type { z } from 'zod';
import { findConflict } from '../../abuse/links.js';
import type { Conflict } from '../../abuse/model/parties.js';
import { deliversTo } from '../../catalog/model/area.js';
import { readSurgePpm } from '../../catalog/current-surge.js';
import { readPrepFacts } from '../../catalog/kitchen-load.js';
import { acceptsOrder, checkKind, computeBusyMinutes, computePrepMinutes } from '../../catalog/model/availability.js';
import { canBeReadyAt, computeClosingMs } from '../../hours/slot-times.js';
import type { CustomerBalance } from '../../contract/accounts.js';
import type { Quote } from '../../contract/orders.js';
import type { CartLine, Menu, Restaurant } from '../../contract/restaurants.js';
import type { Pricing } from '../../contract/pricing.js';
import type { Promotion, Zone, ZoneLimits } from '../../contract/zones.js';
import { getTerms, getZone } from '../../platform/caches.js';
import type { Context } from '../../platform/context.js';
import { paths } from '../../platform/firestore.js';
import { computeAgeLimit } from '../model/age-limit.js';
import { Refusal, unwrap } from '../../core/outcome.js';
import { findBestPrice } from '../../pricing/best-price.js';
import { selectMenuPart } from '../../pricing/frozen-menu.js';
import { draftLine, type Shelf } from '../../pricing/goods.js';
import { listUsablePromotions, type PriceFor } from '../../promotions/usable.js';
import { releaseAtMs } from '../model/deadline.js';
import { readMenu, selectServedMenu } from '../../catalog/current-menu.js';
import { isFarSlot } from '../model/far-slot.js';
import { KEPT_MS } from '../model/quote-life.js';
import { countPortions } from '../model/reservation-rules.js';
import { lookUp } from '../../core/look-up.js';

/** The input of a quote, for the first and for later ones: the request, or an earlier quote. */
export type QuoteRequest = z.output<typeof QuoteInput>;

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/**
 * Builds the quote for a request at the current time. A `frozen` one (priced before, surge included) keeps its surge
 * until it expires; lines and codes that no longer exist are left out instead of refused, so that the customer sees a
 * difference.
 */
export async function makeQuote(
  ctx: Context,
  customerId: string,
  request: QuoteRequest,
  restaurant: Restaurant,
  frozen?: FrozenSurge,
  priceFor: PriceFor = frozen ? 'placing' : 'quote',
): Promise<Quote> {
  const { restaurantId, kind, scheduledForMs } = request;
  unwrap(checkKind(restaurant, kind));
  if (!acceptsOrder(restaurant, request, ctx.now())) throw new Refusal('RESTAURANT_CLOSED', { restaurantId });
  const prepMinutes = await requirePrepMinutes(ctx, request, restaurant);
  const market = await readMarket(ctx, customerId, request, restaurant, priceFor);
  const { zone, published, soldOut } = market;
  checkSlot(ctx, request, restaurant, zone, market.route.travelSeconds);
  const menu = selectServedMenu(published, restaurant, scheduledForMs ?? ctx.now());
  if (!frozen) checkServed(published, menu, request.lines);
  const shelf = { menu, kind, soldOut, nowMs: ctx.now() };
  const lines = frozen ? selectAvailableLines(shelf, request.lines) : request.lines;
  const surge = await selectSurge(ctx, frozen, restaurant.zoneId, zone);
  const pricing = priceLines(market, {
    shelf,
    lines,
    request,
    surgePpm: surge.surgePpm,
    currency: restaurant.currency,
  });
  checkCash(request, zone, pricing.totals.totalMinor);
  checkHandover(request, menu, lines);
  return {
    ...toRequestFields(request),
    ...toMarketFields(market, menu, lines),
    ...surge,
    customerId,
    zoneId: restaurant.zoneId,
    lines,
    pricing,
    prepMinutes,
    slotMs: null,
    createdAtMs: ctx.now(),
    expiresAtMs: ctx.now() + zone.limits.quoteMinutes * MINUTE_MS,
    expireAt: (scheduledForMs ?? ctx.now()) + KEPT_MS,
  };
}

/** The facts on which a quote depends besides the request and the restaurant. */
interface Market {
  zone: Zone;
  published: Menu;
  commissionPpm: number;
  promotions: readonly Promotion[];
  route: Pick<Quote, 'distanceMeters' | 'travelSeconds'>;
  soldOut: Record<string, number>;
  creditMinor: number;
  /** How the customer is related to the restaurant, where that had to be read. */
  conflict: Conflict | null;
  /** The coin to which a cash order is rounded. */
  coin: { coinMinor?: number };
}

async function readMarket(
  ctx: Context,
  uid: string,
  request: QuoteRequest,
  restaurant: Restaurant,
  priceFor: PriceFor,
): Promise<Market> {
  const { restaurantId, promotionCodes: codes, scheduledForMs } = request;
  const { zoneId, currency, menuVersion } = restaurant;
  const standing = readBalanceOnce(ctx, uid);
  const conflict = findConflictOnce(ctx, uid, restaurantId);
  const { dropOff, paymentMethod } = toRequestFields(request);
  const destination = { zoneId, dropOff, paymentMethod };
  const shopper = {
    ...{ uid, zoneId, restaurantId, scheduledForMs, codes, destination, standing },
    conflict: conflict.find,
    offered: restaurant.promotions ?? [],
  };
  const [zone, published, terms, promotions, route, soldOut, creditMinor] = await Promise.all([
    getZone(ctx, zoneId),
    readMenu(ctx, restaurantId, menuVersion),
    getTerms(ctx, restaurantId),
    listUsablePromotions(ctx, shopper, priceFor),
    planRoute(ctx, request, restaurant),
    readSoldOut(ctx, request, restaurant),
    request.useCredit ? standing().then(({ credits }) => lookUp(credits, currency) ?? 0) : 0,
  ]);
  const coin = request.paymentMethod === 'cash' && zone.cash ? { coinMinor: zone.cash.coinMinor } : {};
  const { commissionPpm } = terms;
  return { zone, published, commissionPpm, promotions, route, soldOut, creditMinor, conflict: conflict.known(), coin };
}

interface Priceable {
  shelf: Shelf;
  lines: readonly CartLine[];
  request: QuoteRequest;
  surgePpm: number;
  currency: string;
}

/** Prices the lines. Throws the refusals of the pricing. */
function priceLines(market: Market, { shelf, lines, request, surgePpm, currency }: Priceable): Pricing {
  const { zone, promotions, creditMinor, commissionPpm, coin } = market;
  const { distanceMeters } = market.route;
  const rules = { zone: zone.pricing, zoneVersion: zone.version, promotions, commissionPpm, ...coin };
  const { tipPpm } = request;
  return unwrap(findBestPrice({ ...shelf, ...rules, currency, lines, surgePpm, tipPpm, distanceMeters, creditMinor }));
}

/** The fields of the customer's request. */
function toRequestFields(request: QuoteRequest) {
  const { restaurantId, kind, tipPpm, scheduledForMs, promotionCodes, ifUnavailable, paymentMethod, useCredit } =
    request;
  const dropOff = kind === 'delivery' ? request.dropOff : null;
  return {
    restaurantId,
    kind,
    tipPpm,
    scheduledForMs,
    promotionCodes,
    ifUnavailable,
    paymentMethod,
    useCredit,
    dropOff,
  };
}

/** The facts of the quote's time, and the rules by which a later edit is priced. */
function toMarketFields(market: Market, menu: Menu, lines: readonly CartLine[]) {
  const { zone, promotions, route, commissionPpm, conflict, coin } = market;
  const rules = {
    pricing: zone.pricing,
    menu: selectMenuPart(lines, menu) ?? menu,
    promotions: [...promotions],
    ...coin,
  };
  const versions = { zoneVersion: zone.version, menuVersion: menu.version };
  return { ...route, ...versions, commissionPpm, rules, ...(conflict && { conflict }) };
}

type FrozenSurge = Pick<Quote, 'surgePpm' | 'surgeUntilMs' | 'expiresAtMs'>;

/** The current surge, or that of the first of a series of quotes, which later ones do not prolong. */
async function selectSurge(ctx: Context, frozen: FrozenSurge | undefined, zoneId: string, zone: Zone) {
  const surgeUntilMs = frozen?.surgeUntilMs ?? frozen?.expiresAtMs ?? 0;
  if (frozen && ctx.now() < surgeUntilMs) return { surgePpm: frozen.surgePpm, surgeUntilMs };
  return { surgePpm: await readSurgePpm(ctx, zoneId, zone) };
}

/** Reads the balance once, on first use. */
function readBalanceOnce(ctx: Context, uid: string): () => Promise<CustomerBalance> {
  let reading: Promise<CustomerBalance> | undefined;
  const read = async () => (await paths.standing(ctx.db, uid).get()).data() ?? { credits: {}, uses: {} };
  return () => (reading ??= read());
}

/** Finds the relation once, on first use; `known` is the result, for the quote. */
function findConflictOnce(ctx: Context, uid: string, restaurantId: string) {
  let finding: Promise<Conflict | null> | undefined;
  let found: Conflict | null = null;
  const look = async () => (found = await findConflict(ctx, uid, restaurantId));
  return { find: () => (finding ??= look()), known: () => found };
}

/**
 * Finds items that are sold out, and counted items with fewer portions left than requested. The kitchen's count does not
 * concern a far slot.
 */
async function readSoldOut(
  ctx: Context,
  request: QuoteRequest,
  { soldOut, countsStock }: Restaurant,
): Promise<Record<string, number>> {
  if (!countsStock || isFarSlot(request.scheduledForMs, ctx.now())) return soldOut;
  const left = (await paths.stock(ctx.db, request.restaurantId).get()).data()?.left ?? {};
  const short = Object.entries(countPortions(request)).filter(
    ([itemId, count]) => (lookUp(left, itemId) ?? Infinity) < count,
  );
  return { ...soldOut, ...Object.fromEntries(short.map(([itemId]) => [itemId, Number.MAX_SAFE_INTEGER])) };
}

/** Distinguishes an item of another part of the day from an item that no longer exists. */
function checkServed(published: Menu, served: Menu, lines: readonly CartLine[]): void {
  const isOn = ({ items }: Menu, itemId: string) => items.some(({ id }) => id === itemId);
  const missed = lines.find(({ itemId }) => isOn(published, itemId) && !isOn(served, itemId));
  if (missed) throw new Refusal('ITEM_NOT_SERVED_NOW', { itemId: missed.itemId });
}

/**
 * Returns the lines that the menu still has. If none is left, returns all of them, so that the pricing refuses with the
 * reason.
 */
function selectAvailableLines(shelf: Shelf, lines: readonly CartLine[]): CartLine[] {
  const left = lines.filter((line) => draftLine(shelf, line).ok);
  return left.length > 0 ? left : [...lines];
}

async function planRoute(ctx: Context, { kind, dropOff }: QuoteRequest, restaurant: Restaurant) {
  const zone = await getZone(ctx, restaurant.zoneId);
  if (kind === 'pickup') return { distanceMeters: 0, travelSeconds: 0 };
  if (!dropOff) throw new Refusal('DROP_OFF_REQUIRED');
  if (!deliversTo(restaurant, zone, dropOff)) throw new Refusal('OUTSIDE_AREA');
  return ctx.routes.route(restaurant.location, { lat: dropOff.lat, lng: dropOff.lng }, zone);
}

function checkSlot(
  ctx: Context,
  request: QuoteRequest,
  restaurant: Restaurant,
  { limits }: Zone,
  travelSeconds: number,
): void {
  const { scheduledForMs } = request;
  if (scheduledForMs === null) return;
  const { prepMinutes } = restaurant;
  const tooSoon = releaseAtMs({ scheduledForMs, travelSeconds, prepMinutes }) <= ctx.now();
  const tooLate = scheduledForMs > ctx.now() + limits.scheduleDays * DAY_MS;
  if (tooSoon || tooLate) throw new Refusal('SLOT_INVALID', { scheduledForMs });
  requireCookable(ctx, { ...request, travelSeconds }, restaurant, limits);
}

/**
 * Throws SLOT_INVALID where the kitchen is not open from the acceptance of a slot's order until it is ready, or accepts
 * no orders for that time.
 */
export function requireCookable(
  ctx: Context,
  { kind, scheduledForMs, travelSeconds }: Pick<Quote, 'kind' | 'scheduledForMs' | 'travelSeconds'>,
  restaurant: Restaurant,
  { acceptMinutes }: ZoneLimits,
): void {
  if (scheduledForMs === null) return;
  const readyMs = scheduledForMs - travelSeconds * 1000;
  if (!canBeReadyAt(restaurant, kind, readyMs, { nowMs: ctx.now(), acceptMinutes }))
    throw new Refusal('SLOT_INVALID', { scheduledForMs });
}

/**
 * Returns the kitchen's preparation time in minutes. Throws KITCHEN_FULL where a busy kitchen would be ready only after
 * it closes.
 */
async function requirePrepMinutes(
  ctx: Context,
  { restaurantId, kind, scheduledForMs }: QuoteRequest,
  restaurant: Restaurant,
): Promise<number> {
  // Slots are offered by the restaurant's own number.
  if (scheduledForMs !== null) return restaurant.prepMinutes;
  const prepMinutes = computePrepMinutes(restaurant, await readPrepFacts(ctx, restaurantId, restaurant));
  const readyMs = ctx.now() + prepMinutes * MINUTE_MS;
  const isPostponed = computeBusyMinutes(restaurant, ctx.now()) > 0;
  if (isPostponed && readyMs > computeClosingMs(restaurant, kind, ctx.now()))
    throw new Refusal('KITCHEN_FULL', { readyMs });
  return prepMinutes;
}

/** Cash, and what not everyone may buy, cannot be left at a door. Throws HAND_OVER_REQUIRED. */
function checkHandover({ dropOff, paymentMethod }: QuoteRequest, menu: Menu, lines: CartLine[]): void {
  if (dropOff?.handover !== 'leave') return;
  const isForAll = computeAgeLimit({ lines, rules: { menu } }) === null;
  if (paymentMethod === 'cash' || !isForAll) throw new Refusal('HAND_OVER_REQUIRED');
}

/** Accepts cash for a delivery as soon as possible, in zones that allow it, up to their limit. */
function checkCash({ paymentMethod, kind, scheduledForMs }: QuoteRequest, { cash }: Zone, totalMinor: number): void {
  if (paymentMethod !== 'cash') return;
  if (!cash || kind !== 'delivery' || scheduledForMs !== null) throw new Refusal('CASH_NOT_TAKEN');
  const { maxOrderMinor } = cash;
  if (totalMinor > maxOrderMinor) throw new Refusal('CASH_NOT_TAKEN', { totalMinor, maxOrderMinor });
}
