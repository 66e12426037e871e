import type { z } from 'zod';
import type { SlotsInput, SlotsOutput } from '../calls/catalog.js';
import { SLOT_MS, type Restaurant } from '../contract/restaurants.js';
import type { ZoneLimits } from '../contract/zones.js';
import { readRestaurant } from './read-restaurant.js';
import { selectLiveHolds } from '../orders/model/reservation-rules.js';
import { filterReadable } from '../platform/isolate.js';
import { getZone } from '../platform/caches.js';
import type { Caller, Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { toDaySpan } from '../hours/hours.js';
import { canBeReadyAt, RELEASE_BUFFER_MINUTES } from '../hours/slot-times.js';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** Lists the quarters of an hour of a day in which an order placed now can be ready and the kitchen has capacity. */
export async function slots(
  ctx: Context,
  _: Caller,
  request: z.output<typeof SlotsInput>,
): Promise<z.infer<typeof SlotsOutput>> {
  const { restaurantId } = request;
  const restaurant = await readRestaurant(ctx, restaurantId);
  const { limits } = await getZone(ctx, restaurant.zoneId);
  const starts = listQuarters(restaurant, request, limits, ctx.now());
  const { slotCapacity } = restaurant;
  if (slotCapacity === null) return { slots: starts.map((startMs) => ({ startMs, free: null })) };
  const taken = await countTakenPlaces(ctx, restaurantId, starts);
  const free = starts.map((startMs) => ({ startMs, free: slotCapacity - (taken.get(startMs) ?? 0) }));
  return { slots: free.filter((slot) => slot.free > 0) };
}

/** Lists the quarters in which an order placed now can be ready: those that a quote does not refuse. */
function listQuarters(
  restaurant: Restaurant,
  { day, kind }: z.output<typeof SlotsInput>,
  { acceptMinutes, scheduleDays }: ZoneLimits,
  nowMs: number,
): number[] {
  const { timeZone, canGoOnline, availability, prepMinutes, kinds } = restaurant;
  if (!canGoOnline || availability === 'offline' || !kinds.includes(kind)) return [];
  const { fromMs, toMs } = toDaySpan(timeZone, day);
  const releasedNowMs = nowMs + (prepMinutes + RELEASE_BUFFER_MINUTES) * MINUTE_MS;
  const first = Math.ceil(Math.max(fromMs, releasedNowMs + 1) / SLOT_MS) * SLOT_MS;
  const lastMs = Math.min(toMs - 1, nowMs + scheduleDays * DAY_MS);
  const count = Math.max(0, Math.floor((lastMs - first) / SLOT_MS) + 1);
  const quarters = Array.from({ length: count }, (_, index) => first + index * SLOT_MS);
  return quarters.filter((startMs) => canBeReadyAt(restaurant, kind, startMs, { nowMs, acceptMinutes }));
}

/** Reads the places taken, by quarter: only quarters with a taken place are documents, and cost a read. */
async function countTakenPlaces(
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
  const taken = await filterReadable(ctx, 'slots', found.docs);
  return new Map(taken.map(({ id, data }) => [Number(id), Object.keys(selectLiveHolds(data, ctx.now())).length]));
}
