import { hasStaff } from '../../authority/staff-keys.js';
import { canAcceptAutomatically } from '../../catalog/model/availability.js';
import { filterUsable } from '../../catalog/usable-restaurants.js';
import { listNextOpenings } from '../../hours/open-time.js';
import type { Opening } from '../../contract/hours.js';
import type { Order } from '../../contract/orders.js';
import type { Restaurant } from '../../contract/restaurants.js';
import type { Context } from '../../platform/context.js';
import { paths } from '../../platform/firestore.js';

/**
 * Reads the kitchen's openings from now on, for the release of a slot: its hours may have changed since the order was
 * placed. Undefined where the restaurant cannot be read, or its hours cannot be computed: the order keeps its own.
 */
export async function readOpenings(ctx: Context, { restaurantId }: Order): Promise<readonly Opening[] | undefined> {
  const store = await readUsable(ctx, 'release', restaurantId);
  return store ? listNextOpenings(store, ctx.now()) : undefined;
}

/**
 * Reads whether the store has staff and can cook the order now. False for a store that cannot be read: its staff
 * decides. A store that had no change of staff since its creation may have no keys yet.
 */
export async function readAcceptance(ctx: Context, order: Order): Promise<boolean> {
  const store = await readUsable(ctx, 'autoAccept', order.restaurantId);
  if (!store || !canAcceptAutomatically(store, order, ctx.now())) return false;
  return store.staffKeys.length > 0 || hasStaff(ctx, order.restaurantId);
}

/** Costs one read, outside of the transaction, so that a step never waits for a change of the restaurant. */
async function readUsable(ctx: Context, job: string, restaurantId: string): Promise<Restaurant | null> {
  const stored = await paths.restaurant(ctx.db, restaurantId).get();
  const [read] = await filterUsable(ctx, job, [stored]);
  return read?.data ?? null;
}
