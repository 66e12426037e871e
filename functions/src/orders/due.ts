import type { Due, Order } from '../contract/orders.js';
import type { ZoneLimits } from '../contract/zones.js';

const MINUTE_MS = 60_000;

/** What the next deadline of an order depends on. */
export type DueFacts = Pick<
  Order,
  'status' | 'kind' | 'courierId' | 'readyAtMs' | 'promisedAtMs' | 'scheduledForMs' | 'travelSeconds' | 'prepMinutes'
>;

/**
 * The deadline of an order that entered (or stays in) its status. `sinceMs` is when it entered the status, `nowMs`
 * the present: a deadline that has passed is not given again, the next one is.
 * Null only in a final status without money to settle.
 */
export function nextDue(order: DueFacts, sinceMs: number, nowMs: number, limits: ZoneLimits): Due | null {
  const after = (minutes: number) => sinceMs + minutes * MINUTE_MS;
  switch (order.status) {
    case 'pending_payment':
      return { kind: 'expire', atMs: after(limits.paymentMinutes) };
    case 'scheduled':
      return { kind: 'release', atMs: releaseAtMs(order) };
    case 'placed':
      return placedDue(sinceMs, nowMs, limits);
    case 'accepted':
    case 'preparing':
      return repeated('overdue', order.readyAtMs ?? sinceMs, limits.readyOverdueMinutes, nowMs);
    case 'ready':
      return readyDue(order, sinceMs, nowMs, limits);
    case 'picked_up':
      return repeated('escalate', order.promisedAtMs, limits.deliverLateMinutes, nowMs);
    case 'undeliverable':
      return repeated('escalate', sinceMs, limits.returnMinutes, nowMs);
    case 'delivered':
    case 'collected':
      return { kind: 'complete', atMs: after(limits.issueMinutes) };
    default:
      return null;
  }
}

/** Slot − travel − preparation − 5 minutes: when the kitchen must see a scheduled order. */
export function releaseAtMs(order: Pick<DueFacts, 'scheduledForMs' | 'travelSeconds' | 'prepMinutes'>): number {
  const slotMs = order.scheduledForMs ?? 0;
  return slotMs - order.travelSeconds * 1000 - (order.prepMinutes + 5) * MINUTE_MS;
}

function placedDue(sinceMs: number, nowMs: number, limits: ZoneLimits): Due {
  const rejectAtMs = sinceMs + limits.acceptMinutes * MINUTE_MS;
  const reminder = limits.acceptReminderMinutes
    .map((minutes) => sinceMs + minutes * MINUTE_MS)
    .find((atMs) => atMs > nowMs && atMs < rejectAtMs);
  return reminder === undefined ? { kind: 'reject', atMs: rejectAtMs } : { kind: 'remind', atMs: reminder };
}

function readyDue(order: DueFacts, sinceMs: number, nowMs: number, limits: ZoneLimits): Due {
  if (order.kind === 'pickup') return { kind: 'noShow', atMs: sinceMs + limits.noShowMinutes * MINUTE_MS };
  if (order.courierId === null) return { kind: 'noCourier', atMs: sinceMs + limits.noCourierMinutes * MINUTE_MS };
  return repeated('escalate', sinceMs, limits.pickUpMinutes, nowMs);
}

/** The first of `start + k × every` (k ≥ 1) that is still to come. */
function repeated(kind: Due['kind'], startMs: number, everyMinutes: number, nowMs: number): Due {
  const everyMs = Math.max(1, everyMinutes) * MINUTE_MS;
  const passed = Math.max(0, Math.floor((nowMs - startMs) / everyMs));
  return { kind, atMs: startMs + (passed + 1) * everyMs };
}
