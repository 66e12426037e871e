import type { z } from 'zod';
import { isInside } from '../../catalog/model/area.js';
import { isOpen, prepMinutesAt } from '../../catalog/model/availability.js';
import type { DiscoverInput, RestaurantCard } from '../../calls/discovery.js';
import type { OrderKind } from '../../contract/orders.js';
import type { Restaurant } from '../../contract/restaurants.js';
import type { Rating } from '../../contract/reviews.js';
import type { ZonePricing } from '../../contract/zones.js';
import { distanceMeters } from '../../core/geo.js';

export type Wish = z.output<typeof DiscoverInput>;

/** A restaurant as it was read. */
export interface RankedRestaurant {
  restaurantId: string;
  restaurant: Restaurant;
  /** When its document was written last. */
  changedAtMs: number;
}

/** The restaurants that answer a wish, open ones first, then what is near and well spoken of. */
export function rank(
  found: readonly RankedRestaurant[],
  wish: Wish,
  pricing: ZonePricing,
  nowMs: number,
): RestaurantCard[] {
  const { changedSinceMs, kind } = wish;
  return found
    .filter((one) => changedSinceMs === undefined || hasChanged(one, { kind, sinceMs: changedSinceMs }, nowMs))
    .map((one) => cardOf(one, wish, pricing, nowMs))
    .filter((card) => isWanted(card, wish))
    .toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

/** The database's clock and ours may differ by so much. */
const SKEW_MS = 5_000;

/** Opening and closing by the clock write nothing. */
function hasChanged(
  { restaurant, changedAtMs }: RankedRestaurant,
  { kind, sinceMs }: { kind: OrderKind; sinceMs: number },
  nowMs: number,
): boolean {
  const isOpenAt = (atMs: number) => isOpen(restaurant, kind, atMs);
  return changedAtMs >= sinceMs - SKEW_MS || isOpenAt(sinceMs) !== isOpenAt(nowMs);
}

function cardOf(
  { restaurantId, restaurant }: RankedRestaurant,
  { place, kind }: Wish,
  { deliveryBrackets }: ZonePricing,
  nowMs: number,
): RestaurantCard {
  const { name, cuisines, location, deliveryArea, rating } = restaurant;
  const meters = Math.round(distanceMeters(location, place));
  const fee = deliveryBrackets.find(({ upToMeters }) => meters <= upToMeters)?.feeMinor ?? null;
  const delivers = deliveryArea === null || isInside(deliveryArea, place);
  return {
    restaurantId,
    name,
    cuisines,
    location,
    isOpen: isOpen(restaurant, kind, nowMs),
    prepMinutes: prepMinutesAt(restaurant, nowMs),
    distanceMeters: meters,
    deliveryFeeMinor: delivers ? fee : null,
    rating: rating ? shown(rating) : null,
  };
}

/** Reviews that were all removed leave nothing to show. */
const shown = ({ sum, count }: Rating): RestaurantCard['rating'] =>
  count === 0 ? null : { stars: Math.round((10 * sum) / count) / 10, count };

/** A delta tells of those that closed, too. */
function isWanted(card: RestaurantCard, wish: Wish): boolean {
  const { kind, radiusMeters, cuisines, openOnly, maxDeliveryFeeMinor, changedSinceMs } = wish;
  const cooks = cuisines.length === 0 || cuisines.some((cuisine) => card.cuisines.includes(cuisine));
  const fee = card.deliveryFeeMinor;
  // Nothing is delivered of an order for pickup.
  const isCheap = fee !== null && fee <= (maxDeliveryFeeMinor ?? Infinity);
  const isReached = kind === 'pickup' || isCheap;
  const open = !openOnly || card.isOpen || changedSinceMs !== undefined;
  return isReached && card.distanceMeters <= radiusMeters && cooks && open;
}

/** Counted with everybody's reviews, so that a single one makes nobody the best or the worst. */
const EXPECTED = { stars: 4, count: 10 };
/** How much further a star more is worth going. */
const METERS_PER_STAR = 1000;

/** The way there, longer by what is missing to five stars. Sorts those without reviews by distance alone. */
function feltMeters({ distanceMeters: meters, rating }: RestaurantCard): number {
  const { stars, count } = rating ?? { stars: 0, count: 0 };
  const believed = (EXPECTED.stars * EXPECTED.count + stars * count) / (EXPECTED.count + count);
  return meters + Math.round(METERS_PER_STAR * (5 - believed));
}

/** Sorts as the list does, and names one place in it: where a page ended, whatever comes and goes around it. */
function keyOf(card: RestaurantCard): string {
  return `${card.isOpen ? 0 : 1}${String(feltMeters(card)).padStart(8, '0')}${card.restaurantId}`;
}

export interface Page {
  restaurants: RestaurantCard[];
  cursor: string | null;
}

/** What comes after a cursor. Every page of a list is made for the moment of its first: the cursor carries it. */
export function pageOf(cards: readonly RestaurantCard[], limit: number, after: string | null, asOfMs: number): Page {
  const rest = after === null ? cards : cards.filter((card) => keyOf(card) > after);
  const restaurants = rest.slice(0, limit);
  const last = restaurants.at(-1);
  return { restaurants, cursor: last && rest.length > limit ? `${asOfMs}.${keyOf(last)}` : null };
}

/** The moment and the place of a cursor; null: none that was given here. */
export function readCursor(cursor: string): { asOfMs: number; after: string } | null {
  const [, atMs, after] = /^(\d{1,15})\.([01]\d{8}[A-Za-z0-9_-]{1,64})$/.exec(cursor) ?? [];
  return atMs === undefined || after === undefined ? null : { asOfMs: Number(atMs), after };
}
