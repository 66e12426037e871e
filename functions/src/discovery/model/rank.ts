import type { z } from 'zod';
import { deliversTo } from '../../catalog/model/area.js';
import { isOpen, computePrepMinutes } from '../../catalog/model/availability.js';
import type { DiscoverInput, RestaurantCard } from '../../calls/discovery.js';
import type { OrderKind } from '../../contract/orders.js';
import type { Restaurant } from '../../contract/restaurants.js';
import type { Rating } from '../../contract/reviews.js';
import type { Zone } from '../../contract/zones.js';
import { distanceMeters } from '../../core/geo.js';
import { computeDeliveryFee } from '../../pricing/price-fees.js';
import { isRunningAt } from '../../promotions/model/running.js';

export type SearchRequest = z.output<typeof DiscoverInput>;

/** A restaurant as it was read. */
export interface RankedRestaurant {
  restaurantId: string;
  restaurant: Restaurant;
  /** The time of its document's last write. */
  changedAtMs: number;
}

/** The zone in which a restaurant's orders are made, and its present surge. */
export interface CardZone {
  zone: Pick<Zone, 'area' | 'currency' | 'pricing' | 'limits' | 'timeZone'>;
  surgePpm: number;
}

/**
 * Ranks the restaurants that match a request: open ones first, then by distance and rating. Those whose zone is not
 * among `zones` are left out.
 */
export function rankRestaurants(
  found: readonly RankedRestaurant[],
  input: SearchRequest,
  zones: ReadonlyMap<string, CardZone>,
  nowMs: number,
): RestaurantCard[] {
  const { changedSinceMs, kind } = input;
  // A time of the future, by a phone's fast clock or made up, means now; near the end of time no day can be added to it.
  const sinceMs = Math.min(changedSinceMs ?? 0, nowMs);
  return found
    .flatMap((one) => {
      const zone = zones.get(one.restaurant.zoneId);
      return zone ? [{ one, zone }] : [];
    })
    .filter(({ one, zone: { zone } }) => {
      return changedSinceMs === undefined || hasChanged(one, { kind, sinceMs, timeZone: zone.timeZone }, nowMs);
    })
    .map(({ one, zone }) => toCard(one, input, zone, nowMs))
    .filter((card) => isWanted(card, input))
    .toSorted((a, b) => (toSortKey(a) < toSortKey(b) ? -1 : 1));
}

/** The maximum difference between the database's clock and the server's. */
const SKEW_MS = 5_000;

/** Opening hours, and the windows of promotions, change the state without a write. */
function hasChanged(
  { restaurant, changedAtMs }: RankedRestaurant,
  { kind, sinceMs, timeZone }: { kind: OrderKind; sinceMs: number; timeZone: string },
  nowMs: number,
): boolean {
  const isOpenAt = (atMs: number) => isOpen(restaurant, kind, atMs);
  const promotesAt = (atMs: number) => hasPromotionAt(restaurant, atMs, timeZone);
  const isWritten = changedAtMs >= sinceMs - SKEW_MS;
  return isWritten || isOpenAt(sinceMs) !== isOpenAt(nowMs) || promotesAt(sinceMs) !== promotesAt(nowMs);
}

const hasPromotionAt = ({ promotions = [] }: Restaurant, atMs: number, timeZone: string): boolean =>
  promotions.some((one) => isRunningAt(one, atMs, timeZone));

function toCard(
  { restaurantId, restaurant }: RankedRestaurant,
  { place, kind }: SearchRequest,
  { zone, surgePpm }: CardZone,
  nowMs: number,
): RestaurantCard {
  const { name, cuisines, logo, cover, diets, kinds, location, rating } = restaurant;
  const { pricing, limits, timeZone, currency } = zone;
  const meters = Math.round(distanceMeters(location, place));
  return {
    restaurantId,
    name,
    cuisines,
    logo,
    cover,
    diets,
    kinds,
    location,
    isOpen: isOpen(restaurant, kind, nowMs),
    prepMinutes: computePrepMinutes(restaurant, { nowMs, mode: limits.learnedPrep, load: null }),
    distanceMeters: meters,
    deliveryFeeMinor: deliversTo(restaurant, zone, place) ? computeDeliveryFee(pricing, meters, surgePpm) : null,
    currency,
    rating: rating ? toShownRating(rating) : null,
    hasPromotion: hasPromotionAt(restaurant, nowMs, timeZone),
  };
}

/** Without a review that is shown there is no rating. */
const toShownRating = ({ sum, count }: Rating): RestaurantCard['rating'] =>
  count === 0 ? null : { stars: Math.round((10 * sum) / count) / 10, count };

/** A delta contains restaurants that closed, or no longer offer the kind, too. */
function isWanted(card: RestaurantCard, input: SearchRequest): boolean {
  const { kind, radiusMeters, cuisines, diets, openOnly, maxDeliveryFeeMinor, changedSinceMs } = input;
  const cooks = cuisines.length === 0 || cuisines.some((cuisine) => card.cuisines.includes(cuisine));
  const suits = diets.every((diet) => card.diets.includes(diet));
  const fee = card.deliveryFeeMinor;
  // An order for pickup has no delivery fee.
  const isCheap = fee !== null && fee <= (maxDeliveryFeeMinor ?? Infinity);
  const isOffered = card.kinds.includes(kind) || changedSinceMs !== undefined;
  const isReached = kind === 'pickup' || isCheap;
  const open = !openOnly || card.isOpen || changedSinceMs !== undefined;
  return isOffered && isReached && card.distanceMeters <= radiusMeters && cooks && suits && open;
}

/** Counted with the actual reviews, so that a single review cannot make a restaurant the best or the worst. */
const EXPECTED = { stars: 4, count: 10 };
/** The additional distance in metres that one more star is worth. */
const METERS_PER_STAR = 1000;

/**
 * Computes the distance for sorting: longer by the stars that are missing to five. Restaurants without reviews are
 * sorted by distance alone.
 */
function computeWeightedMeters({ distanceMeters: meters, rating }: RestaurantCard): number {
  const { stars, count } = rating ?? { stars: 0, count: 0 };
  const believed = (EXPECTED.stars * EXPECTED.count + stars * count) / (EXPECTED.count + count);
  return meters + Math.round(METERS_PER_STAR * (5 - believed));
}

/**
 * Builds a key that sorts as the list does and names one place in it: the end of a page, independent of restaurants
 * added or removed around it.
 */
function toSortKey(card: RestaurantCard): string {
  return `${card.isOpen ? 0 : 1}${String(computeWeightedMeters(card)).padStart(8, '0')}${card.restaurantId}`;
}

export interface RestaurantPage {
  restaurants: RestaurantCard[];
  cursor: string | null;
}

/**
 * Returns the page that follows a cursor. Every page of a list is computed for the time of the first one, which the
 * cursor contains.
 */
export function selectPage(
  cards: readonly RestaurantCard[],
  limit: number,
  after: string | null,
  asOfMs: number,
): RestaurantPage {
  const rest = after === null ? cards : cards.filter((card) => toSortKey(card) > after);
  const restaurants = rest.slice(0, limit);
  const last = restaurants.at(-1);
  return { restaurants, cursor: last && rest.length > limit ? `${asOfMs}.${toSortKey(last)}` : null };
}

/** Parses the time and the place of a cursor; null: not a cursor of this backend. */
export function readCursor(cursor: string): { asOfMs: number; after: string } | null {
  const [, atMs, after] = /^(\d{1,15})\.([01]\d{8}[A-Za-z0-9_-]{1,64})$/.exec(cursor) ?? [];
  return atMs === undefined || after === undefined ? null : { asOfMs: Number(atMs), after };
}
