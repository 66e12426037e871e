import { filterUsable } from '../../catalog/usable-restaurants.js';
import { listNextOpenings } from '../../hours/open-time.js';
import type { Opening } from '../../contract/hours.js';
import type { Order } from '../../contract/orders.js';
import type { Context } from '../../platform/context.js';
import { paths } from '../../platform/firestore.js';

/**
 * Reads the kitchen's openings from now on, for the release of a slot: its hours may have changed since the order was
 * placed. Undefined where the restaurant cannot be read, or its hours cannot be computed: the order keeps its own. Costs one read, outside of the
 * transaction, so that a release never waits for a change of the restaurant.
 */
export async function readOpenings(ctx: Context, { restaurantId }: Order): Promise<readonly Opening[] | undefined> {
  const stored = await paths.restaurant(ctx.db, restaurantId).get();
  const [read] = await filterUsable(ctx, 'release', [stored]);
  return read ? listNextOpenings(read.data, ctx.now()) : undefined;
}
