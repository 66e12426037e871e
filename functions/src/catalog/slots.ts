import type { z } from 'zod';
import type { SlotsInput, SlotsOutput } from '../contract/calls/catalog.js';
import type { OrderKind } from '../contract/orders.js';
import { SLOT_MS, type Restaurant } from '../contract/restaurants.js';
import { readRestaurant } from '../orders/quote.js';
import { liveHolds } from '../orders/reservations.js';
import { readable } from '../operations/isolate.js';
import type { Caller, Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { dayOf, hoursFor, takesOrdersAt } from './hours.js';

/** The quarters of an hour of a day in which the kitchen cooks and has a place free. */
export async function slots(
  ctx: Context,
  _: Caller,
  { restaurantId, day, kind }: z.output<typeof SlotsInput>,
): Promise<z.infer<typeof SlotsOutput>> {
  const restaurant = await readRestaurant(ctx, restaurantId);
  const starts = quartersOf(restaurant, kind, day, ctx.now());
  const { slotCapacity } = restaurant;
  if (slotCapacity === null) return { slots: starts.map((startMs) => ({ startMs, free: null })) };
  const taken = await takenBetween(ctx, restaurantId, starts);
  const free = starts.map((startMs) => ({ startMs, free: slotCapacity - (taken.get(startMs) ?? 0) }));
  return { slots: free.filter((slot) => slot.free > 0) };
}

function quartersOf(
  { hours, timeZone, canGoOnline, availability }: Restaurant,
  kind: OrderKind,
  day: string,
  nowMs: number,
): number[] {
  if (!canGoOnline || availability === 'offline') return [];
  const { fromMs, toMs } = dayOf(timeZone, day);
  const first = Math.ceil(Math.max(fromMs, nowMs) / SLOT_MS) * SLOT_MS;
  const count = Math.max(0, Math.ceil((toMs - first) / SLOT_MS));
  const quarters = Array.from({ length: count }, (_, index) => first + index * SLOT_MS);
  return quarters.filter((startMs) => takesOrdersAt(hours && hoursFor(hours, kind), timeZone, startMs, nowMs));
}

/** Places taken, by quarter: only quarters in which somebody has one are documents, and cost a read. */
async function takenBetween(
  ctx: Context,
  restaurantId: string,
  starts: readonly number[],
): Promise<Map<number, number>> {
  const [first, last] = [starts[0], starts.at(-1)];
  if (first === undefined || last === undefined) return new Map();
  const found = await paths
    .slots(ctx.db, restaurantId)
    .orderBy('__name__')
    .startAt(String(first))
    .endAt(String(last))
    .get();
  const taken = await readable(ctx, 'slots', found.docs);
  return new Map(taken.map(({ id, data }) => [Number(id), Object.keys(liveHolds(data, ctx.now())).length]));
}
