import { FieldValue } from 'firebase-admin/firestore';
import type { Order } from '../contract/orders.js';
import type { PrepSamples } from '../contract/prep-times.js';
import type { Restaurant } from '../contract/restaurants.js';
import { listPreparations } from '../orders/model/preparations.js';
import { getZone } from '../platform/caches.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { filterReadable, handlePages, readOne, type Readable } from '../platform/isolate.js';
import { update } from '../platform/stored.js';
import { computePrepTimes, LEARNED_DAYS, selectSamples } from './model/prep-times.js';

const HOUR_MS = 3_600_000;
const LEARNED_MS = LEARNED_DAYS * 24 * HOUR_MS;
/** Orders are completed some hours after their delivery; younger ones are left to the next night. */
const SETTLED_MS = 6 * HOUR_MS;
/** The number of a restaurant's orders that one night reads. */
const NIGHTLY_ORDERS = 500;

/** Learns the preparation times of each restaurant from its latest orders, every night. Each is handled separately. */
export async function learnPrepTimes(ctx: Context): Promise<void> {
  const all = paths.restaurants(ctx.db).orderBy('__name__');
  await handlePages(
    ctx,
    'learnPrepTimes',
    () => true,
    all,
    (one) => learnOne(ctx, one),
  );
}

async function learnOne(ctx: Context, { id, data: restaurant }: Readable<Restaurant>): Promise<void> {
  const { limits } = await getZone(ctx, restaurant.zoneId);
  if (limits.learnedPrep === 'off') return;
  const ref = paths.prepSamples(ctx.db, id);
  const stored = await ref.get();
  const known = await readOne(ctx, 'learnPrepTimes', stored);
  if (stored.exists && !known) return;
  const throughMs = ctx.now() - SETTLED_MS;
  const orders = await readOrders(ctx, id, known?.data ?? null, throughMs);
  if (orders.length === 0) return;
  const samples = selectSamples([...(known?.data.samples ?? []), ...listPreparations(orders)], ctx.now());
  const learned = computePrepTimes(samples, restaurant.timeZone, ctx.now());
  const batch = ctx.db.batch();
  batch.set(ref, { samples, throughMs, expireAt: ctx.now() + LEARNED_MS });
  update(batch, paths.restaurant(ctx.db, id), { prepTimes: learned ?? FieldValue.delete() });
  await batch.commit();
}

/** Reads the completed orders since the last night, or of the last weeks before the first one. */
async function readOrders(
  ctx: Context,
  restaurantId: string,
  known: PrepSamples | null,
  throughMs: number,
): Promise<Order[]> {
  const found = await paths
    .orders(ctx.db)
    .where('restaurantId', '==', restaurantId)
    .where('status', '==', 'completed')
    .where('createdAtMs', '>', Math.max(known?.throughMs ?? 0, ctx.now() - LEARNED_MS))
    .where('createdAtMs', '<=', throughMs)
    .orderBy('createdAtMs', 'desc')
    .limit(NIGHTLY_ORDERS)
    .get();
  const read = await filterReadable(ctx, 'learnPrepTimes', found.docs);
  return read.map(({ data }) => data);
}
