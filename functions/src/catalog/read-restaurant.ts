import type { Restaurant } from '../contract/restaurants.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { Refusal } from '../core/outcome.js';

/** Reads a restaurant; throws RESTAURANT_NOT_FOUND. */
export async function readRestaurant(ctx: Context, restaurantId: string): Promise<Restaurant> {
  const restaurant = (await paths.restaurant(ctx.db, restaurantId).get()).data();
  if (!restaurant) throw new Refusal('RESTAURANT_NOT_FOUND', { restaurantId });
  return restaurant;
}
