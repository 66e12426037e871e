import { selectMenuAt } from '../hours/dayparts.js';
import { toMinuteOfWeek } from '../hours/hours.js';
import type { Menu, Restaurant } from '../contract/restaurants.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { Refusal } from '../core/outcome.js';

/** Reads the published menu as it is served now. */
export async function readCurrentMenu(ctx: Context, restaurantId: string): Promise<Menu> {
  const restaurant = (await paths.restaurant(ctx.db, restaurantId).get()).data();
  if (!restaurant) throw new Refusal('RESTAURANT_NOT_FOUND', { restaurantId });
  return selectServedMenu(await readMenu(ctx, restaurantId, restaurant.menuVersion), restaurant, ctx.now());
}

/** Returns the part of a published menu that is served at a time, at the prices of that part of the day. */
export function selectServedMenu(menu: Menu, { timeZone }: Pick<Restaurant, 'timeZone'>, atMs: number): Menu {
  return selectMenuAt(menu, toMinuteOfWeek(timeZone, atMs));
}

/** Reads a published version of a menu. A version never changes, so an instance reads it once. */
export async function readMenu(ctx: Context, restaurantId: string, version: number): Promise<Menu> {
  return ctx.caches.menus.get(`${restaurantId}@${version}`, async () => {
    const menu = (await paths.menu(ctx.db, restaurantId).get()).data();
    if (!menu) throw new Refusal('RESTAURANT_NOT_FOUND', { restaurantId });
    return menu;
  });
}
