import type { OrderKind } from '../contract/orders.js';
import type { Restaurant } from '../contract/restaurants.js';
import { selectHours, listKitchenOpenings, listOpenings, acceptsOrdersAt } from './hours.js';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** A slot's order is released to the kitchen this long before cooking must begin. */
export const RELEASE_BUFFER_MINUTES = 5;

type Kitchen = Pick<Restaurant, 'hours' | 'timeZone' | 'acceptance' | 'prepMinutes'>;

/**
 * True where an order that is made now can be ready at `readyMs`: the kitchen accepts orders for then, and is open from
 * the acceptance until the food is ready. Accepting takes `acceptMinutes` where the staff does it by hand.
 */
export function canBeReadyAt(
  { hours, timeZone, acceptance, prepMinutes }: Kitchen,
  kind: OrderKind,
  readyMs: number,
  { nowMs, acceptMinutes }: { nowMs: number; acceptMinutes: number },
): boolean {
  if (hours === null) return true;
  const leadMinutes = prepMinutes + RELEASE_BUFFER_MINUTES + (acceptance === 'manual' ? acceptMinutes : 0);
  const fromMs = readyMs - leadMinutes * MINUTE_MS;
  const isStaffed = listKitchenOpenings(hours, timeZone, fromMs, readyMs + 1).some(
    (one) => one.fromMs <= fromMs && readyMs <= one.toMs,
  );
  return isStaffed && acceptsOrdersAt(selectHours(hours, kind), timeZone, readyMs, nowMs);
}

/**
 * Computes when the opening ends in which an order of this kind is accepted now; infinite for a kitchen without hours.
 */
export function computeClosingMs({ hours, timeZone }: Kitchen, kind: OrderKind, nowMs: number): number {
  if (hours === null) return Infinity;
  const openings = listOpenings(selectHours(hours, kind), timeZone, nowMs, nowMs + DAY_MS);
  return openings.find(({ fromMs }) => fromMs <= nowMs)?.toMs ?? nowMs;
}
