import type { Menu } from '../contract/restaurants.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { Refusal } from '../platform/outcome.js';

/** The published menu as it is now. */
export async function menuNow(ctx: Context, restaurantId: string): Promise<Menu> {
  const restaurant = (await paths.restaurant(ctx.db, restaurantId).get()).data();
  return readMenu(ctx, restaurantId, restaurant?.menuVersion ?? 0);
}

/** A published version never changes, so an instance reads it once. */
export async function readMenu(ctx: Context, restaurantId: string, version: number): Promise<Menu> {
  return ctx.caches.menus.get(`${restaurantId}@${version}`, async () => {
    const menu = (await paths.menu(ctx.db, restaurantId).get()).data();
    if (!menu) throw new Refusal('RESTAURANT_NOT_FOUND', { restaurantId });
    return menu;
  });
}
