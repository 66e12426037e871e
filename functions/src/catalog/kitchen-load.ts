import type { Restaurant } from '../contract/restaurants.js';
import { getZone } from '../platform/caches.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { needsLoad, type PrepFacts } from './model/prep-times.js';

/**
 * Reads the facts of a preparation time: the orders in the kitchen are counted only where it depends on them, at most
 * once a minute.
 */
export async function readPrepFacts(ctx: Context, restaurantId: string, restaurant: Restaurant): Promise<PrepFacts> {
  const { limits } = await getZone(ctx, restaurant.zoneId);
  const facts = { nowMs: ctx.now(), mode: limits.learnedPrep };
  return { ...facts, load: needsLoad(restaurant, facts) ? await readLoad(ctx, restaurantId) : null };
}

const readLoad = (ctx: Context, restaurantId: string): Promise<number> =>
  ctx.caches.kitchenLoads.get(restaurantId, async () => {
    const cooking = paths
      .orders(ctx.db)
      .where('restaurantId', '==', restaurantId)
      .where('status', 'in', ['accepted', 'preparing']);
    return (await cooking.count().get()).data().count;
  });
