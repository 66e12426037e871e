import { STAFFED_STATUSES, type Order, type OrderEvent, type OrderFlag } from '../../contract/orders.js';
import { hasCarrier } from './carrier.js';
import { isDoorReport, listRideEvents } from './delivery-promise.js';
import { isUnderReview } from './doubts.js';
import { MAX_WRONG_PINS } from './guards.js';
import { findEnteredAtMs } from './order-history.js';
import { needsCourier } from './search-windows.js';

type Flags = Pick<Order, 'flags' | 'flaggedSinceMs'>;

/** From this reminder on the restaurant's answer is late. */
const LATE_REMINDER = 2;

/**
 * Computes why an order needs an operator, and since when, from the order alone; empty before its payment and
 * once it has ended. A flag whose beginning the events do not tell keeps its time, or begins now.
 */
export function computeFlags(order: Order, nowMs: number): Flags {
  if (order.status === 'pending_payment' || !STAFFED_STATUSES.includes(order.status)) return {};
  const flags = FLAGS.flatMap(([kind, find]): OrderFlag[] => {
    const sinceMs = find(order, order.flags?.find((one) => one.kind === kind)?.sinceMs ?? nowMs);
    return sinceMs === null ? [] : [{ kind, sinceMs }];
  });
  return flags.length === 0 ? {} : { flags, flaggedSinceMs: Math.min(...flags.map(({ sinceMs }) => sinceMs)) };
}

/** Returns since when a flag holds, or null. `knownMs`: since when it was stored, or now. */
type FindSince = (order: Order, knownMs: number) => number | null;

const FLAGS: readonly (readonly [OrderFlag['kind'], FindSince])[] = [
  ['acceptance_late', findLateAcceptanceMs],
  ['kitchen_late', findLateKitchenMs],
  ['no_courier', findMissingCourierMs],
  ['pick_up_late', findLatePickUpMs],
  ['delivery_late', (order) => (order.status === 'picked_up' ? findEscalatedMs(order, ['pickUp']) : null)],
  ['undeliverable', (order) => (order.status === 'undeliverable' ? findEnteredAtMs(order) : null)],
  ['proof_doubted', findDoubtedMs],
  ['codes_locked', (order, knownMs) => (areCodesLocked(order) ? knownMs : null)],
  ['risk', ({ isRisky }, knownMs) => (isRisky ? knownMs : null)],
];

function findLateAcceptanceMs({ status, events }: Order): number | null {
  if (status !== 'placed') return null;
  return events.filter(({ action }) => action === 'remind')[LATE_REMINDER - 1]?.atMs ?? null;
}

function findLateKitchenMs(order: Order): number | null {
  const isCooking = order.status === 'accepted' || order.status === 'preparing';
  return isCooking ? findEscalatedMs(order, ['accept', 'restore']) : null;
}

/** Without a courier once the food is ready, or once all waves of offers were used up. */
function findMissingCourierMs(order: Order): number | null {
  if (!needsCourier(order)) return null;
  if (order.searchEndedAtMs !== undefined) return order.searchEndedAtMs;
  if (order.status !== 'ready') return null;
  const lost = order.events.findLast(({ action }) => action === 'unassign');
  return Math.max(findEnteredAtMs(order), lost?.atMs ?? 0);
}

function findLatePickUpMs(order: Order): number | null {
  const isAwaited = order.status === 'ready' && order.kind === 'delivery' && hasCarrier(order);
  return isAwaited ? findEscalatedMs(order, ['markReady', 'assign', 'sendRider']) : null;
}

/** Finds the first escalation after the last of these actions. */
function findEscalatedMs({ events }: Order, since: readonly OrderEvent['action'][]): number | null {
  const began = events.findLastIndex(({ action }) => since.includes(action));
  return events.slice(began + 1).find(({ action }) => action === 'escalate')?.atMs ?? null;
}

/** The failure of the delivery, or the last report from the door, is not credible. */
function findDoubtedMs(order: Order): number | null {
  if (isUnderReview(order)) return findEnteredAtMs(order);
  if (order.status !== 'picked_up') return null;
  const report = listRideEvents(order.events).findLast(isDoorReport);
  return report?.review ? report.atMs : null;
}

function areCodesLocked({ wrongPins = 0, wrongCodes = 0 }: Order): boolean {
  return wrongPins >= MAX_WRONG_PINS || wrongCodes >= MAX_WRONG_PINS;
}
