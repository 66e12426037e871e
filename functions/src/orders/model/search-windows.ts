import type { Order } from '../../contract/orders.js';
import type { ZoneLimits } from '../../contract/zones.js';
import { hasCarrier } from './carrier.js';

const MINUTE_MS = 60_000;

/** Computes the end of the window of a time: then its orders are matched. */
export function computeWindowEndMs(momentMs: number, { matchWindowSeconds }: ZoneLimits): number {
  const windowMs = matchWindowSeconds * 1000;
  return (Math.floor(momentMs / windowMs) + 1) * windowMs;
}

/** True where the order's search began in the window that ends then: it cannot have had an offer before. */
export function isNew(sinceMs: number, endMs: number, { matchWindowSeconds }: ZoneLimits): boolean {
  return sinceMs >= endMs - matchWindowSeconds * 1000;
}

/** True where an offer may still be made for the order. */
export function needsCourier(order: Pick<Order, 'kind' | 'courierId' | 'rider' | 'status'>): boolean {
  const isOpen = ['accepted', 'preparing', 'ready'].includes(order.status);
  return order.kind === 'delivery' && !hasCarrier(order) && isOpen;
}

/**
 * Computes when the search begins, or goes on, after the kitchen announced a later time: by that time, where it is
 * still to come; a search that is due now goes on as it was. Undefined where no courier is needed.
 */
export function computePostponedSearchMs(
  order: Pick<Order, 'kind' | 'courierId' | 'rider' | 'status' | 'readyAtMs' | 'travelSeconds' | 'searchFromMs'>,
  nowMs: number,
  limits: ZoneLimits,
): number | undefined {
  const fromMs = computeSearchStartMs(order, undefined, nowMs, limits);
  return fromMs !== undefined && fromMs > nowMs ? fromMs : order.searchFromMs;
}

/**
 * True where the search may have had offers before the time from which it goes on now: the kitchen postponed it.
 */
export function wasPostponed({ events }: Pick<Order, 'events'>): boolean {
  return events.some(({ action }) => action === 'delay');
}

/**
 * Computes when the search for a courier begins: ready − ride − the zone's lead. An earlier time that was set before is
 * kept.
 */
export function computeSearchStartMs(
  order: Pick<Order, 'kind' | 'courierId' | 'rider' | 'status' | 'readyAtMs' | 'travelSeconds'>,
  setMs: number | undefined,
  nowMs: number,
  { offerLeadMinutes }: ZoneLimits,
): number | undefined {
  if (!needsCourier(order)) return undefined;
  const soonMs = (order.readyAtMs ?? 0) - order.travelSeconds * 1000 - offerLeadMinutes * MINUTE_MS;
  return Math.min(setMs ?? Infinity, Math.max(nowMs, soonMs));
}
