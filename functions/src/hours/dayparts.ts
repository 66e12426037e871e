import type { Menu, MenuItem } from '../contract/restaurants.js';
import { isWithin } from './hours.js';

/**
 * Returns the menu as it is served at a minute of the week: items that are not served then are left out, the others
 * have the price of that part of the day. Pricing receives a plain menu.
 */
export function selectMenuAt(menu: Menu, minute: number): Menu {
  const { dayparts, ...plain } = menu;
  if (dayparts === undefined) return menu;
  const running = new Set(dayparts.filter(({ windows }) => isWithin(windows, minute)).map(({ id }) => id));
  return { ...plain, items: menu.items.flatMap((item) => servedAs(item, running)) };
}

function servedAs(item: MenuItem, running: ReadonlySet<string>): MenuItem[] {
  const { dayparts, ...plain } = item;
  if (dayparts === undefined) return [item];
  const now = dayparts.find(({ daypartId }) => running.has(daypartId));
  if (!now) return [];
  const { priceMinor = plain.priceMinor } = now;
  // A daypart's own price applies to both kinds, unless it has two.
  const pickupPriceMinor = now.pickupPriceMinor ?? (now.priceMinor === undefined ? plain.pickupPriceMinor : undefined);
  const { pickupPriceMinor: _, ...rest } = plain;
  return [{ ...rest, priceMinor, ...(pickupPriceMinor !== undefined && { pickupPriceMinor }) }];
}
