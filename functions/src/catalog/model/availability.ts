import type { OrderKind } from '../../contract/orders.js';
import type { Restaurant } from '../../contract/restaurants.js';
import { accept, refuse, type Outcome } from '../../core/outcome.js';
import { hoursFor, takesOrdersAt } from '../../hours/hours.js';

/** Takes an order of this kind at this moment: allowed to, online (a pause ends by itself) and within its hours. */
export function isOpen(restaurant: Restaurant, kind: OrderKind, nowMs: number): boolean {
  const { canGoOnline, availability, pausedUntilMs, hours, timeZone } = restaurant;
  const paused = availability === 'paused' && (pausedUntilMs === null || pausedUntilMs > nowMs);
  const isWithinHours = hours === null || takesOrdersAt(hoursFor(hours, kind), timeZone, nowMs);
  return canGoOnline && availability !== 'offline' && !paused && isWithinHours;
}

/** For a slot it need not be open now: it is enough that it has not closed until further notice. */
export function takesOrder(
  restaurant: Restaurant,
  { kind, scheduledForMs }: { kind: OrderKind; scheduledForMs: number | null },
  nowMs: number,
): boolean {
  if (scheduledForMs === null) return isOpen(restaurant, kind, nowMs);
  return restaurant.canGoOnline && restaurant.availability !== 'offline';
}

/** How long the kitchen needs: longer while it is busy. */
export function prepMinutesAt({ prepMinutes, busy }: Restaurant, nowMs: number): number {
  return busy && busy.untilMs > nowMs ? prepMinutes + busy.extraMinutes : prepMinutes;
}

/** The restaurant's document is everybody's to read: no more ids than a menu has. */
const MAX_SOLD_OUT = 1000;
/** Until further notice. */
const NO_END_MS = Number.MAX_SAFE_INTEGER;

/** What is sold out after a change: null is until further notice, a time that has passed is no longer. */
export function soldOutAfter(
  soldOut: Restaurant['soldOut'],
  ids: readonly string[],
  untilMs: number | null,
  nowMs: number,
): Outcome<Restaurant['soldOut']> {
  const changed = { ...soldOut, ...Object.fromEntries(ids.map((id) => [id, untilMs ?? NO_END_MS])) };
  const gone = Object.entries(changed).filter(([, endMs]) => endMs > nowMs);
  return gone.length > MAX_SOLD_OUT
    ? refuse('INPUT_TOO_LARGE', { max: MAX_SOLD_OUT })
    : accept(Object.fromEntries(gone));
}
