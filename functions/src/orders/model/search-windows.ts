import type { Order } from '../../contract/orders.js';
import type { ZoneLimits } from '../../contract/zones.js';

const MINUTE_MS = 60_000;

/** The end of the window in which a moment lies: then its orders are matched. */
export function windowEndMs(momentMs: number, { matchWindowSeconds }: ZoneLimits): number {
  const windowMs = matchWindowSeconds * 1000;
  return (Math.floor(momentMs / windowMs) + 1) * windowMs;
}

/** Did the order begin to wait in the window that ends then? Nobody can have been asked before. */
export function isNew(sinceMs: number, endMs: number, { matchWindowSeconds }: ZoneLimits): boolean {
  return sinceMs >= endMs - matchWindowSeconds * 1000;
}

/** May somebody still be asked to carry it? */
export function wantsCourier({ kind, courierId, status }: Pick<Order, 'kind' | 'courierId' | 'status'>): boolean {
  return kind === 'delivery' && courierId === null && ['accepted', 'preparing', 'ready'].includes(status);
}

/** From when on a courier is asked: ready − travel − the zone's lead. What was set before is never put off. */
export function searchFromMs(
  order: Pick<Order, 'kind' | 'courierId' | 'status' | 'readyAtMs' | 'travelSeconds'>,
  setMs: number | undefined,
  nowMs: number,
  { offerLeadMinutes }: ZoneLimits,
): number | undefined {
  if (!wantsCourier(order)) return undefined;
  const soonMs = (order.readyAtMs ?? 0) - order.travelSeconds * 1000 - offerLeadMinutes * MINUTE_MS;
  return Math.min(setMs ?? Infinity, Math.max(nowMs, soonMs));
}
