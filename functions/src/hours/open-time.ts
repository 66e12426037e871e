import type { Opening } from '../contract/hours.js';
import type { Restaurant } from '../contract/restaurants.js';
import { listKitchenOpenings } from './hours.js';

/** Openings in order of time; the last one is treated as having no end. Undefined or empty: always open. */
export type Openings = readonly Opening[] | undefined;

const DAY_MS = 24 * 3_600_000;
/** The number of days that are searched for openings: first for the usual week, then for a closure. */
const DAYS_AHEAD = [3, 14];
/** An order needs less open time than this until it is settled. */
const ENOUGH_MS = 12 * 3_600_000;
const MAX_OPENINGS = 8;

/**
 * Lists the openings of a kitchen from an instant on that an order stores for its deadlines: at most eight. Empty where
 * it has no hours. For a kitchen that stays closed for two weeks an opening after that time is assumed.
 */
export function listNextOpenings(
  { hours, timeZone }: Pick<Restaurant, 'hours' | 'timeZone'>,
  fromMs: number,
): Opening[] {
  if (hours === null) return [];
  for (const days of DAYS_AHEAD) {
    const found = selectEnough(listKitchenOpenings(hours, timeZone, fromMs, fromMs + days * DAY_MS), fromMs);
    if (found) return found;
  }
  const last = fromMs + Math.max(...DAYS_AHEAD) * DAY_MS;
  const some = listKitchenOpenings(hours, timeZone, fromMs, last).slice(0, MAX_OPENINGS);
  return some.length > 0 ? some : [{ fromMs: last, toMs: last }];
}

/**
 * Returns the first openings that have enough open time together, or as many as an order stores; null where there are
 * fewer.
 */
function selectEnough(openings: readonly Opening[], fromMs: number): Opening[] | null {
  const first = openings.slice(0, MAX_OPENINGS);
  const openMs = (count: number) =>
    first.slice(0, count).reduce((sum, one) => sum + one.toMs - Math.max(fromMs, one.fromMs), 0);
  const index = first.findIndex((_, before) => openMs(before + 1) >= ENOUGH_MS);
  if (index >= 0) return first.slice(0, index + 1);
  return first.length === MAX_OPENINGS ? first : null;
}

/** Returns the openings with the last one's end removed. */
function withoutLastEnd(openings: Openings): readonly Opening[] {
  if (!openings || openings.length === 0) return [{ fromMs: -Infinity, toMs: Infinity }];
  return openings.map((one, index) => (index === openings.length - 1 ? { ...one, toMs: Infinity } : one));
}

/**
 * Computes the instant by which the kitchen has been open for `durationMs` since `sinceMs`; for 0, when it opens next.
 */
export function addOpenTime(openings: Openings, sinceMs: number, durationMs: number): number {
  let leftMs = durationMs;
  for (const { fromMs, toMs } of withoutLastEnd(openings)) {
    const startMs = Math.max(sinceMs, fromMs);
    if (startMs >= toMs) continue;
    if (leftMs <= toMs - startMs) return startMs + leftMs;
    leftMs -= toMs - startMs;
  }
  return sinceMs + durationMs;
}

/** Computes for how long the kitchen was open between two instants; 0 where the second is the earlier one. */
export function computeOpenTime(openings: Openings, fromMs: number, toMs: number): number {
  const parts = withoutLastEnd(openings).map((one) => Math.min(toMs, one.toMs) - Math.max(fromMs, one.fromMs));
  return parts.reduce((sum, part) => sum + Math.max(0, part), 0);
}

/** True where the kitchen is open at an instant. */
export function isOpenAt(openings: Openings, atMs: number): boolean {
  return withoutLastEnd(openings).some(({ fromMs, toMs }) => fromMs <= atMs && atMs < toMs);
}
