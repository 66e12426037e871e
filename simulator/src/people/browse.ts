import { addFavourite, removeFavourite, type RestaurantCard } from '../../../clients/typescript/src/index.js';
import { ZONE_ID } from '../city/population.js';
import type { Place } from '../city/streets.js';
import type { App } from './app.js';

/** The cards of a screen. */
const SCREEN = 5;

/**
 * Looks around as a customer does before an order: the feed and its second page, a filter, the pages of two restaurants
 * with menu and reviews, one of them kept as a favourite, back, and the feed again, of which only the changes are asked for.
 * Returns the cards of the feed.
 */
export async function browse(app: App, place: Place): Promise<readonly RestaurantCard[]> {
  const feed = { place, zoneId: ZONE_ID, limit: SCREEN };
  const first = await app.call('discover', feed);
  const second = first.cursor === null ? null : await app.call('discover', { ...feed, cursor: first.cursor });
  const cards = [...first.restaurants, ...(second?.restaurants ?? [])];
  await app.call('discover', { ...feed, openOnly: true, cuisines: cards[0]?.cuisines.slice(0, 1) ?? [] });
  const [one, other] = cards;
  for (const card of [one, other]) if (card) await openPage(app, card.restaurantId);
  if (one) await keepAndForget(app, one.restaurantId);
  await app.call('discover', { ...feed, limit: 50, changedSinceMs: first.asOfMs });
  return cards;
}

/** The page of a restaurant: its document, its menu, and its latest reviews. */
async function openPage({ tiffin }: App, restaurantId: string): Promise<void> {
  await Promise.all([
    tiffin.get('restaurant', { restaurantId }),
    tiffin.get('menu', { restaurantId }),
    tiffin.find('reviews', { restaurantId }),
  ]);
}

async function keepAndForget({ tiffin, session, user }: App, restaurantId: string): Promise<void> {
  await addFavourite(session, restaurantId);
  const kept = await tiffin.find('favourites', { uid: user.uid });
  if (!kept.some(({ id }) => id === restaurantId)) throw new Error(`${restaurantId} is not among the favourites`);
  await removeFavourite(session, restaurantId);
}
