import { FieldPath, FieldValue, type DocumentSnapshot, type Transaction } from 'firebase-admin/firestore';
import { prepareLeavingHousehold } from '../../abuse/household.js';
import { FIRST_ORDER, type SlotHold, type CustomerBalance } from '../../contract/accounts.js';
import type { Order, Quote, Reservation } from '../../contract/orders.js';
import { SLOT_MS, type Restaurant, type Slot } from '../../contract/restaurants.js';
import { sumLeft, type Promotion } from '../../contract/zones.js';
import { filterReadable, readOne } from '../../platform/isolate.js';
import type { Context } from '../../platform/context.js';
import { paths } from '../../platform/firestore.js';
import { Refusal, unwrap } from '../../core/outcome.js';
import { prepareHouseholdUse, readShared } from '../../promotions/first-order.js';
import { checkHousehold, countsHousehold } from '../../promotions/usable.js';
import { rejoinSignals } from '../../abuse/links.js';
import { isPseudonym, toAccountId } from '../../ledger/model/account-id.js';
import { returnCreditAndUses } from '../../payments/credit.js';
import {
  checkStock,
  checkUses,
  selectLiveHolds,
  countShards,
  listUses,
  type Wanted,
} from '../model/reservation-rules.js';
import { merge, update } from '../../platform/stored.js';
import { lookUp } from '../../core/look-up.js';

const DAY_MS = 24 * 3_600_000;

/** A part of a reservation still to be written: all reads of a transaction precede its writes. */
interface DeferredWrite {
  write: () => void;
  /** It takes the last one. */
  isLast: boolean;
}

export interface ReservedStock {
  reservation: Reservation;
  /** A limited resource is used up by this order. */
  isLast: boolean;
}

interface Placing {
  quoteId: string;
  quote: Quote;
  restaurant: Restaurant;
}

/**
 * Reserves the limited resources that an order needs, all of them or none. Refuses with the first one that is used up:
 * another order was faster.
 */
export async function reserveStock(
  ctx: Context,
  tx: Transaction,
  placing: Placing,
  wanted: Wanted,
): Promise<ReservedStock> {
  const { quote } = placing;
  const takes: DeferredWrite[] = [];
  const [shards, stock] = await Promise.all([
    takeShards(ctx, tx, placing, wanted.promotions, takes),
    takeStock(ctx, tx, placing, wanted, takes),
    takeStanding(ctx, tx, quote, wanted, takes),
    takeHousehold(ctx, tx, quote, wanted.promotions, takes),
    wanted.slotMs === null ? null : takeSlot(ctx, tx, placing, wanted.slotMs, takes),
  ]);
  for (const take of takes) take.write();
  const uses = listUses(wanted.promotions);
  const reservation = { promotions: shards, uses, slotMs: wanted.slotMs, stock, creditMinor: wanted.creditMinor };
  return { reservation, isLast: takes.some((take) => take.isLast) };
}

/** Takes the customer's own limits and credit. */
async function takeStanding(
  ctx: Context,
  tx: Transaction,
  quote: Quote,
  wanted: Wanted,
  takes: DeferredWrite[],
): Promise<void> {
  const names = listUses(wanted.promotions);
  if (names.length === 0 && wanted.creditMinor === 0) return;
  const ref = paths.standing(ctx.db, quote.customerId);
  const standing: CustomerBalance = (await tx.get(ref)).data() ?? { credits: {}, uses: {} };
  const { uses: shared, forgottenBy } = await readShared(ctx, quote.customerId, names, tx);
  for (const promotion of wanted.promotions) unwrap(checkUses(promotion, standing, shared));
  takes.push({ write: () => rejoinSignals(ctx, tx, quote.customerId, forgottenBy), isLast: false });
  const { currency } = quote.pricing;
  const available = lookUp(standing.credits, currency) ?? 0;
  if (available < wanted.creditMinor) throw new Refusal('CREDIT_SPENT', { available });
  const uses = { ...standing.uses };
  for (const name of names) uses[name] = (lookUp(uses, name) ?? 0) + 1;
  const credits = {
    ...standing.credits,
    ...(wanted.creditMinor > 0 && { [currency]: available - wanted.creditMinor }),
  };
  takes.push({ write: () => tx.set(ref, { ...standing, credits, uses }), isLast: false });
}

/**
 * Requires that no other account of the household has used a promotion that it has once, and records this account with
 * the household.
 */
async function takeHousehold(
  ctx: Context,
  tx: Transaction,
  quote: Quote,
  promotions: readonly Promotion[],
  takes: DeferredWrite[],
): Promise<void> {
  const counted = promotions.find(countsHousehold);
  if (!counted) return;
  const { use, join } = await prepareHouseholdUse(ctx, tx, quote.customerId, quote);
  unwrap(checkHousehold(counted, use));
  takes.push({ write: join, isLast: false });
}

async function takeShards(
  ctx: Context,
  tx: Transaction,
  placing: Placing,
  promotions: readonly Promotion[],
  takes: DeferredWrite[],
): Promise<Reservation['promotions']> {
  return Promise.all(
    promotions.map(async (promotion) => ({
      id: promotion.id,
      shard: promotion.totalLimit === undefined ? null : await takeShard(ctx, tx, placing, promotion, takes),
    })),
  );
}

/**
 * Takes from the first shard with uses left; the order's id spreads the start of the search. A use that was returned to
 * a shard of a former, higher limit is found last.
 */
async function takeShard(
  ctx: Context,
  tx: Transaction,
  { quoteId, quote }: Placing,
  { id, totalLimit = 0 }: Promotion,
  takes: DeferredWrite[],
): Promise<number> {
  const all = paths.shards(ctx.db, quote.zoneId, id);
  const take = (shard: string, left: number): number => {
    takes.push({ write: () => update(tx, all.doc(shard), { left: FieldValue.increment(-1) }), isLast: left === 1 });
    return Number(shard);
  };
  const shards = countShards(totalLimit);
  for (let step = 0; step < shards; step += 1) {
    const shard = String((spread(quoteId) + step) % shards);
    const stored = (await readOne(ctx, 'promotions', await tx.get(all.doc(shard))))?.data;
    if (stored && stored.over === undefined && stored.left > 0) return take(shard, stored.left);
    if (stored?.over !== undefined) break;
  }
  const read = await filterReadable(ctx, 'promotions', (await tx.get(all)).docs);
  const found = read.find(({ data }) => data.left > 0);
  if (!found || sumLeft(read.map(({ data }) => data)) < 1) throw new Refusal('PROMOTION_USED_UP', { promotionId: id });
  return take(found.id, found.data.left);
}

const spread = (id: string): number => Array.from(id).reduce((sum, letter) => sum + letter.charCodeAt(0), 0);

async function takeStock(
  ctx: Context,
  tx: Transaction,
  { quote }: Placing,
  wanted: Wanted,
  takes: DeferredWrite[],
): Promise<Record<string, number>> {
  if (Object.keys(wanted.stock).length === 0) return {};
  const ref = paths.stock(ctx.db, quote.restaurantId);
  const stock = (await tx.get(ref)).data() ?? { left: {} };
  const counted = unwrap(checkStock(wanted.stock, stock));
  const isLast = Object.entries(counted).some(([itemId, count]) => lookUp(stock.left, itemId) === count);
  const fields = Object.entries(counted).map(([itemId, count]) => [`left.${itemId}`, FieldValue.increment(-count)]);
  if (fields.length > 0) takes.push({ write: () => update(tx, ref, Object.fromEntries(fields)), isLast });
  return counted;
}

async function takeSlot(
  ctx: Context,
  tx: Transaction,
  { quoteId, quote, restaurant }: Placing,
  slotMs: number,
  takes: DeferredWrite[],
): Promise<void> {
  const { restaurantId } = quote;
  const accountId = toAccountId(quote.customerId);
  const ref = paths.slot(ctx.db, restaurantId, slotMs);
  const slot = await readSlot(ctx, await tx.get(ref));
  if (!slot) throw new Refusal('KITCHEN_FULL', { slotMs });
  const others = selectLiveHolds(slot, ctx.now(), { quoteId, accountId });
  const capacity = restaurant.slotCapacity ?? Infinity;
  const taken = Object.keys(others).length;
  if (taken >= capacity) throw new Refusal('KITCHEN_FULL', { slotMs });
  const write = () => writeSlot(ctx, tx, restaurantId, slotMs, { ...others, [quoteId]: { accountId, untilMs: null } });
  takes.push({ write, isLast: taken + 1 >= capacity });
}

/**
 * Reads a slot; without a document every place is free. Null where it cannot be read: its places are unknown, so it
 * counts as full.
 */
async function readSlot(ctx: Context, stored: DocumentSnapshot<Slot>): Promise<Slot | null> {
  if (!stored.exists) return { holds: {}, expireAt: 0 };
  return (await readOne(ctx, 'reserve', stored))?.data ?? null;
}

/** The TTL policy on slots reads `expireAt`. */
function writeSlot(ctx: Context, tx: Transaction, restaurantId: string, slotMs: number, holds: Slot['holds']): void {
  tx.set(paths.slot(ctx.db, restaurantId, slotMs), { holds, expireAt: slotMs + DAY_MS });
}

/** Reads whether the customer's previous quote is still unplaced: an order that was placed since keeps its place. */
async function findUnplacedHold(
  ctx: Context,
  tx: Transaction,
  { quoteId, restaurantId, slotMs }: SlotHold,
): Promise<boolean> {
  const slot = await readSlot(ctx, await tx.get(paths.slot(ctx.db, restaurantId, slotMs)));
  const hold = lookUp(slot?.holds, quoteId);
  return hold !== undefined && hold.untilMs !== null;
}

/** The number of quarters of an hour by which a full kitchen may delay an order. */
const SLOTS_AHEAD = 8;

function listQuarters(fromMs: number, latestMs: number): number[] {
  const all = Array.from({ length: SLOTS_AHEAD }, (_, ahead) => fromMs + ahead * SLOT_MS);
  return all.filter((startMs) => startMs === fromMs || startMs <= latestMs);
}

/**
 * Finds a place in the kitchen for a quote, in its own quarter of an hour or the next free one up to `latestMs`, and
 * returns the quarter's start. Holds the place where `holdsPlace`. Throws KITCHEN_FULL.
 */
export async function holdSlot(
  ctx: Context,
  tx: Transaction,
  hold: {
    quoteId: string;
    holdsPlace: boolean;
    customerId: string;
    restaurantId: string;
    fromMs: number;
    /** The start of the last quarter to which the order may be delayed; `fromMs` itself is always checked. */
    latestMs: number;
    untilMs: number;
  },
  capacity: number,
): Promise<number> {
  const { quoteId, customerId, restaurantId, fromMs, latestMs, untilMs } = hold;
  const standingRef = paths.standing(ctx.db, customerId);
  const accountId = toAccountId(customerId);
  const before = (await tx.get(standingRef)).data()?.slotHold;
  const isStale = before !== undefined && (await findUnplacedHold(ctx, tx, before));
  const starts = listQuarters(fromMs, latestMs);
  for (const startMs of starts) {
    const slot = await readSlot(ctx, await tx.get(paths.slot(ctx.db, restaurantId, startMs)));
    if (!slot) continue;
    const others = selectLiveHolds(slot, ctx.now(), { quoteId, accountId });
    if (Object.keys(others).length >= capacity) continue;
    if (!hold.holdsPlace) return startMs;
    const isElsewhere = before?.restaurantId !== restaurantId || before.slotMs !== startMs;
    if (before && isStale && isElsewhere)
      merge(tx, paths.slot(ctx.db, before.restaurantId, before.slotMs), {
        holds: { [before.quoteId]: FieldValue.delete() },
      });
    writeSlot(ctx, tx, restaurantId, startMs, { ...others, [quoteId]: { accountId, untilMs } });
    merge(tx, standingRef, { slotHold: { quoteId, restaurantId, slotMs: startMs } });
    return startMs;
  }
  throw new Refusal('KITCHEN_FULL', { slotMs: fromMs });
}

/**
 * Reads the documents for releasing an order's reservation, and returns a function that releases it in the commit that
 * ends the order. Writes increments, so that few reads are needed, and merges, so that a deleted promotion or slot does
 * not prevent the order from ending.
 */
export async function prepareRelease(
  ctx: Context,
  tx: Transaction,
  orderId: string,
  order: Order,
  back: Reservation,
): Promise<() => void> {
  const { customerId, restaurantId } = order;
  const stock = await readCountedItems(ctx, tx, restaurantId, back.stock);
  const isCounted = back.uses.includes(FIRST_ORDER) && !isPseudonym(customerId);
  const leave = isCounted ? await prepareLeavingHousehold(ctx, tx, customerId) : null;
  return () => {
    release(ctx, tx, orderId, order, { ...back, stock });
    leave?.();
  };
}

/**
 * Reads the items that the restaurant still counts. Reads the field alone: a stock document that cannot be read does
 * not prevent the order from ending.
 */
async function readCountedItems(
  ctx: Context,
  tx: Transaction,
  restaurantId: string,
  stock: Reservation['stock'],
): Promise<Reservation['stock']> {
  if (Object.keys(stock).length === 0) return {};
  const stored = await tx.get(paths.stock(ctx.db, restaurantId));
  const isCounted = (itemId: string) => typeof stored.get(new FieldPath('left', itemId)) === 'number';
  return Object.fromEntries(Object.entries(stock).filter(([itemId]) => isCounted(itemId)));
}

function release(ctx: Context, tx: Transaction, orderId: string, order: Order, back: Reservation): void {
  for (const { id, shard } of back.promotions) {
    if (shard === null) continue;
    merge(tx, paths.shards(ctx.db, order.zoneId, id).doc(String(shard)), { left: FieldValue.increment(1) });
  }
  returnCreditAndUses(ctx, tx, order.customerId, { ...back, currency: order.currency });
  const left = Object.fromEntries(Object.entries(back.stock).map(([id, count]) => [id, FieldValue.increment(count)]));
  if (Object.keys(left).length > 0) merge(tx, paths.stock(ctx.db, order.restaurantId), { left });
  if (back.slotMs !== null)
    merge(tx, paths.slot(ctx.db, order.restaurantId, back.slotMs), {
      holds: { [orderId]: FieldValue.delete() },
      expireAt: back.slotMs + DAY_MS,
    });
}
