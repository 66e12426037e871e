import type { z } from 'zod';
import { isInside } from '../catalog/area.js';
import { isOpen, prepMinutesAt } from '../catalog/availability.js';
import type { DiscoverInput, RestaurantCard } from '../contract/calls/discovery.js';
import type { Restaurant } from '../contract/restaurants.js';
import type { ZonePricing } from '../contract/zones.js';
import { distanceMeters } from '../platform/geo.js';

export type Wish = z.output<typeof DiscoverInput>;

/** A restaurant as it was read. */
export interface Found {
  restaurantId: string;
  restaurant: Restaurant;
  /** When its document was written last. */
  changedAtMs: number;
}

/** The restaurants that answer a wish, open ones first, then the nearest. */
export function rank(found: readonly Found[], wish: Wish, pricing: ZonePricing, nowMs: number): RestaurantCard[] {
  const { changedSinceMs } = wish;
  return found
    .filter((one) => changedSinceMs === undefined || hasChanged(one, changedSinceMs, nowMs))
    .map((one) => cardOf(one, wish, pricing, nowMs))
    .filter((card) => isWanted(card, wish))
    .toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

/** The database's clock and ours may differ by so much. */
const SKEW_MS = 5_000;

/** Opening and closing by the clock write nothing. */
function hasChanged({ restaurant, changedAtMs }: Found, sinceMs: number, nowMs: number): boolean {
  return changedAtMs >= sinceMs - SKEW_MS || isOpen(restaurant, sinceMs) !== isOpen(restaurant, nowMs);
}

function cardOf(
  { restaurantId, restaurant }: Found,
  { place }: Wish,
  { deliveryBrackets }: ZonePricing,
  nowMs: number,
): RestaurantCard {
  const { name, cuisines, location, deliveryArea } = restaurant;
  const meters = Math.round(distanceMeters(location, place));
  const fee = deliveryBrackets.find(({ upToMeters }) => meters <= upToMeters)?.feeMinor ?? null;
  const delivers = deliveryArea === null || isInside(deliveryArea, place);
  return {
    restaurantId, name, cuisines, location, isOpen: isOpen(restaurant, nowMs), prepMinutes: prepMinutesAt(restaurant, nowMs),
    distanceMeters: meters, deliveryFeeMinor: delivers ? fee : null,
  }; // prettier-ignore
}

/** A delta tells of those that closed, too. */
function isWanted(card: RestaurantCard, wish: Wish): boolean {
  const { radiusMeters, cuisines, openOnly, maxDeliveryFeeMinor, changedSinceMs } = wish;
  const cooks = cuisines.length === 0 || cuisines.some((cuisine) => card.cuisines.includes(cuisine));
  const fee = card.deliveryFeeMinor;
  const cheap = maxDeliveryFeeMinor === undefined || (fee !== null && fee <= maxDeliveryFeeMinor);
  const open = !openOnly || card.isOpen || changedSinceMs !== undefined;
  return fee !== null && card.distanceMeters <= radiusMeters && cooks && cheap && open;
}

/** Sorts as the list does, and names one place in it: where a page ended, whatever comes and goes around it. */
export function keyOf({ isOpen: open, distanceMeters: meters, restaurantId }: RestaurantCard): string {
  return `${open ? 0 : 1}${String(meters).padStart(8, '0')}${restaurantId}`;
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
