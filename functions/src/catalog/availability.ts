import type { Restaurant } from '../contract/restaurants.js';
import { takesOrdersAt } from './hours.js';

/** Takes an order at this moment: allowed to, online (a pause ends by itself) and within its hours. */
export function isOpen(restaurant: Restaurant, nowMs: number): boolean {
  const { canGoOnline, availability, pausedUntilMs, hours, timeZone } = restaurant;
  const paused = availability === 'paused' && (pausedUntilMs === null || pausedUntilMs > nowMs);
  return canGoOnline && availability !== 'offline' && !paused && takesOrdersAt(hours, timeZone, nowMs);
}

/** For a slot it need not be open now: it is enough that it has not closed until further notice. */
export function takesOrder(restaurant: Restaurant, scheduledForMs: number | null, nowMs: number): boolean {
  if (scheduledForMs === null) return isOpen(restaurant, nowMs);
  return restaurant.canGoOnline && restaurant.availability !== 'offline';
}

/** How long the kitchen needs: longer while it is busy. */
export function prepMinutesAt({ prepMinutes, busy }: Restaurant, nowMs: number): number {
  return busy && busy.untilMs > nowMs ? prepMinutes + busy.extraMinutes : prepMinutes;
}

/** Until further notice. */
const NO_END_MS = Number.MAX_SAFE_INTEGER;

/** What is sold out after a change: null is until further notice, a time that has passed is no longer. */
export function soldOutAfter(
  soldOut: Restaurant['soldOut'],
  ids: readonly string[],
  untilMs: number | null,
  nowMs: number,
): Restaurant['soldOut'] {
  const changed = { ...soldOut, ...Object.fromEntries(ids.map((id) => [id, untilMs ?? NO_END_MS])) };
  return Object.fromEntries(Object.entries(changed).filter(([, endMs]) => endMs > nowMs));
}
