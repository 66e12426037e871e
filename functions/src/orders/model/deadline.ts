import { addOpenTime, isOpenAt, computeOpenTime, type Openings } from '../../hours/open-time.js';
import { hasCarrier } from './carrier.js';
import { computeAnnouncedPromiseMs } from './delivery-promise.js';
import { RELEASE_BUFFER_MINUTES } from '../../hours/slot-times.js';
import type { Due, Order } from '../../contract/orders.js';
import type { ZoneLimits } from '../../contract/zones.js';

const MINUTE_MS = 60_000;

/** The facts on which the next deadline of an order depends. */
export type DeadlineFacts = Pick<
  Order,
  | 'status'
  | 'kind'
  | 'courierId'
  | 'rider'
  | 'readyAtMs'
  | 'promisedAtMs'
  | 'scheduledForMs'
  | 'travelSeconds'
  | 'prepMinutes'
> &
  Partial<Pick<Order, 'payment' | 'edit' | 'openings' | 'triageMinutes'>> & {
    /** The restaurant's staff accepted the order; absent where the backend or an operator did. */
    isAcceptedByStaff?: boolean;
    /** When the saved card of a scheduled order was declined. */
    paymentFailedAtMs?: number | undefined;
    /** The kitchen is owed its part of an order that failed. */
    earnedUnpaid?: boolean;
    /** When the courier accepted the order; absent while there is none. */
    assignedAtMs?: number | undefined;
    /** The courier has come to the counter. */
    isAtCounter?: boolean;
    /** When an operator last let the search for a courier begin again. */
    restartedAtMs?: number | undefined;
    /** When the kitchen expects the order to be ready, where it announced a delay. */
    announcedMs?: number | undefined;
    /** When the last courier lost or returned the order. */
    unassignedAtMs?: number | undefined;
    /** How often the order was escalated in this status: the interval grows each time. */
    escalations?: number;
  };

/** True where the merchant is paid out at this deadline. */
export const isPayout = (due: Due | null): due is Due => due?.kind === 'complete' || due?.kind === 'payOut';

/**
 * Computes the deadline of an order that entered (or stays in) its status. `sinceMs` is when it entered the status,
 * `nowMs` the present: instead of a deadline that has passed the next one is returned. Null only in a final status
 * without money to settle.
 */
export function computeDeadline(order: DeadlineFacts, sinceMs: number, nowMs: number, limits: ZoneLimits): Due | null {
  const own = statusDue(order, sinceMs, nowMs, limits);
  const edit: Due[] = order.edit ? [{ kind: 'editLapse', atMs: order.edit.untilMs }] : [];
  const dues = own ? [own, ...edit, ...holdDue(order)] : [];
  return dues.toSorted((a, b) => a.atMs - b.atMs)[0] ?? null;
}

const HALF_A_DAY_MS = 12 * 60 * MINUTE_MS;

/** Half a day before a PaymentIntent expires it is captured or released, even if the order has another deadline. */
function holdDue({ payment }: DeadlineFacts): Due[] {
  if (payment?.status !== 'authorized' || payment.holdUntilMs === undefined) return [];
  return [{ kind: 'holdLapse', atMs: payment.holdUntilMs - HALF_A_DAY_MS }];
}

/** The deadline of the status itself. */
function statusDue(order: DeadlineFacts, sinceMs: number, nowMs: number, limits: ZoneLimits): Due | null {
  const after = (minutes: number) => sinceMs + minutes * MINUTE_MS;
  switch (order.status) {
    case 'pending_payment':
      return { kind: 'expire', atMs: after(limits.paymentMinutes) };
    case 'scheduled':
      return order.scheduledForMs === null
        ? { kind: 'release', atMs: after(order.triageMinutes ?? 0) }
        : scheduledDue(order, limits);
    case 'placed':
      return placedDue(order.openings, sinceMs, nowMs, limits);
    case 'accepted':
    case 'preparing':
      return overdueDue(order, sinceMs, nowMs, limits);
    case 'ready':
      return readyDue(order, sinceMs, nowMs, limits);
    case 'picked_up':
      return repeated(order, 'escalate', computeExpectedEndMs(order), limits.deliverLateMinutes, nowMs);
    case 'undeliverable':
      return repeated(order, 'escalate', sinceMs, limits.returnMinutes, nowMs);
    case 'delivered':
    case 'collected':
      return { kind: 'complete', atMs: after(limits.issueMinutes) };
    case 'cancelled':
    case 'returned':
      return order.earnedUnpaid ? { kind: 'payOut', atMs: Math.max(nowMs, after(limits.issueMinutes)) } : null;
    default:
      return null;
  }
}

/** Computes when the kitchen must see a scheduled order: slot − ride − preparation − a buffer. */
export function releaseAtMs(order: Pick<DeadlineFacts, 'scheduledForMs' | 'travelSeconds' | 'prepMinutes'>): number {
  const slotMs = order.scheduledForMs ?? 0;
  return slotMs - order.travelSeconds * 1000 - (order.prepMinutes + RELEASE_BUFFER_MINUTES) * MINUTE_MS;
}

/** A deferred card is charged first; if it is declined, the customer has some time to pay with another one. */
function scheduledDue(order: DeadlineFacts, limits: ZoneLimits): Due {
  if (order.payment?.status !== 'deferred') return { kind: 'release', atMs: releaseAtMs(order) };
  return order.paymentFailedAtMs === undefined
    ? { kind: 'authorize', atMs: (order.scheduledForMs ?? 0) - limits.authorizeHours * 60 * MINUTE_MS }
    : { kind: 'fixPayment', atMs: order.paymentFailedAtMs + limits.scheduledFixMinutes * MINUTE_MS };
}

/** The time for the kitchen's answer counts only while it is open. */
function placedDue(openings: Openings, sinceMs: number, nowMs: number, limits: ZoneLimits): Due {
  const after = (minutes: number) => addOpenTime(openings, sinceMs, minutes * MINUTE_MS);
  const rejectAtMs = after(limits.acceptMinutes);
  const reminder = limits.acceptReminderMinutes.map(after).find((atMs) => atMs > nowMs && atMs < rejectAtMs);
  return reminder === undefined ? { kind: 'reject', atMs: rejectAtMs } : { kind: 'remind', atMs: reminder };
}

/**
 * A kitchen finishes orders after closing that it began before, so the customer is notified of the first delay at any
 * hour. Any later delay, and that of an order which was accepted for a closed kitchen, counts open time only.
 */
function overdueDue(order: DeadlineFacts, sinceMs: number, nowMs: number, limits: ZoneLimits): Due {
  const { status, openings, isAcceptedByStaff = false, escalations = 0 } = order;
  const isBegun = status === 'preparing' || isAcceptedByStaff || isOpenAt(openings, sinceMs);
  const counted = isBegun && escalations === 0 ? undefined : openings;
  return repeated(order, 'overdue', order.readyAtMs ?? sinceMs, limits.readyOverdueMinutes, nowMs, counted);
}

/** Computes when the customer expects the order, by the promise and the announced delays. */
function computeExpectedEndMs(order: DeadlineFacts): number {
  return computeAnnouncedPromiseMs(order, order.announcedMs);
}

function readyDue(order: DeadlineFacts, sinceMs: number, nowMs: number, limits: ZoneLimits): Due {
  // Food that is ready early waits until the promised time, or the one that was announced later.
  if (order.kind === 'pickup')
    return { kind: 'noShow', atMs: Math.max(sinceMs, computeExpectedEndMs(order)) + limits.noShowMinutes * MINUTE_MS };
  if (!hasCarrier(order)) {
    // Another courier has as long as the first, and a search that began again as long as the one before.
    const freeMs = Math.max(sinceMs, order.unassignedAtMs ?? 0, order.restartedAtMs ?? 0);
    return { kind: 'noCourier', atMs: freeMs + limits.noCourierMinutes * MINUTE_MS };
  }
  // A rider reports no arrival.
  if (order.isAtCounter || order.rider) return repeated(order, 'escalate', sinceMs, limits.pickUpMinutes, nowMs);
  const expectedMs = Math.max(sinceMs, order.assignedAtMs ?? 0);
  return { kind: 'noArrival', atMs: expectedMs + limits.pickUpMinutes * MINUTE_MS };
}

/** For two days an order is escalated several times a day, so that its operator task is opened again. */
const FREQUENT_ESCALATIONS = 12;
const FREQUENT_MS = 6 * 60 * MINUTE_MS;
/** Later once a week: the order's document has room for 200 events. */
const RARE_MS = 7 * 24 * 60 * MINUTE_MS;

/** Computes the interval: `every`, then twice, four times … as long, up to a maximum. */
function computeIntervalMs(everyMinutes: number, escalations: number): number {
  const everyMs = Math.max(1, everyMinutes) * MINUTE_MS;
  const longestMs = escalations < FREQUENT_ESCALATIONS ? FREQUENT_MS : RARE_MS;
  return Math.max(everyMs, Math.min(everyMs * 2 ** Math.min(escalations, FREQUENT_ESCALATIONS), longestMs));
}

/** Computes the next deadline of those that repeat until the order leaves its status. */
function repeated(
  { escalations = 0 }: DeadlineFacts,
  kind: Due['kind'],
  startMs: number,
  everyMinutes: number,
  nowMs: number,
  openings?: Openings,
): Due {
  const everyMs = computeIntervalMs(everyMinutes, escalations);
  const passed = Math.floor(computeOpenTime(openings, startMs, nowMs) / everyMs);
  return { kind, atMs: addOpenTime(openings, startMs, (passed + 1) * everyMs) };
}
