import type { Counted } from '../../abuse/model/limits.js';
import type { Order, OrderEvent } from '../../contract/orders.js';
import type { Transition } from './order-command.js';
import { isStop } from './actions/unassign.js';
import { PAYMENT_FAILED } from './deadline-command.js';
import { reservesLimited } from './reservation-rules.js';

/**
 * Returns the courier for whom a step counts as a hand-back: the courier returned the order, did not come to the counter,
 * or fell silent. Not where an operator removed the courier, or had assigned the order, which the courier never accepted;
 * nor where the kitchen is later than it announced before the assignment.
 */
export function findHandBack(order: Order, { event }: Transition): string | null {
  if (event.action !== 'unassign' || event.by === 'operator' || isStop(event)) return null;
  if (order.events.findLast(({ action }) => action === 'assign')?.by === 'operator') return null;
  return isKitchenLate(order, event.atMs) ? null : order.courierId;
}

/**
 * True where the food is not ready at the announced time. An escalation gives all parties a later time, which is not the
 * kitchen's announcement: since then the kitchen is late, although `readyAtMs` has not come. So it is where it announced
 * a delay after the courier had accepted the order for an earlier time.
 */
function isKitchenLate({ status, readyAtMs, events }: Order, nowMs: number): boolean {
  if (status === 'ready' || readyAtMs === null) return false;
  const announced = events.findLastIndex(({ action }) => action === 'accept' || action === 'restore');
  const assigned = events.findLastIndex(({ action }) => action === 'assign');
  const hasSince = (index: number, what: OrderEvent['action']) =>
    events.slice(index + 1).some(({ action }) => action === what);
  return nowMs > readyAtMs || hasSince(announced, 'escalate') || hasSince(Math.max(announced, assigned), 'delay');
}

/** Begins the cause of the step that withdraws an order beyond a limit as soon as it is placed. */
export const WITHDRAWN = 'limit:';

/** A limit that a step counts for its customer. `isNoted`: counted as far as possible; the step is never refused. */
export interface CountedEnd {
  kind: Counted;
  isNoted?: true;
}

/** Lists the limits that a step counts for the order's customer; empty for almost every step. */
export function listCountedEnds(before: Order, moved: Transition): CountedEnd[] {
  return [
    ...(isFreeCancellation(before, moved) ? [{ kind: 'freeCancellation' as const }] : []),
    ...(isUnpaidCash(before, moved.order) ? [{ kind: 'unpaidCash' as const, isNoted: true as const }] : []),
    ...(isScarceExpiry(before, moved) ? [{ kind: 'scarceExpiry' as const, isNoted: true as const }] : []),
  ];
}

/**
 * True for a customer's own cancellation that charges neither money nor credit, even if its scope does: cash that is
 * not paid at the door is never paid. A scheduled order that reserves nothing limited keeps no kitchen busy and does
 * not count.
 */
function isFreeCancellation(before: Order, { order, event, released }: Transition): boolean {
  if (event.action !== 'cancel' || event.by !== 'customer' || event.liable !== 'customer') return false;
  if (event.from === 'scheduled' && !reservesLimited(before)) return false;
  const spentCreditMinor = (before.reserved?.creditMinor ?? 0) - (released?.creditMinor ?? 0);
  return order.payment.capturedMinor === 0 && spentCreditMinor === 0;
}

/**
 * True for the step after which a cash order stays unpaid although its customer is liable for a charge: cancelled after
 * the acceptance, not collected, or not accepted at the door.
 */
function isUnpaidCash(before: Order, { payment, events }: Order): boolean {
  if (before.payment.status !== 'cash' || payment.status !== 'voided') return false;
  const verdict = events.findLast(({ scope }) => scope !== undefined);
  return verdict?.liable === 'customer' && verdict.scope !== 'none';
}

/**
 * True where an unpaid order held a limited resource until it expired, or until its card was declined before the slot;
 * not where it was withdrawn at once.
 */
function isScarceExpiry(before: Order, { event }: Transition): boolean {
  const isUnpaid = event.action === 'expire' || (event.action === 'cancel' && event.reason === PAYMENT_FAILED);
  return isUnpaid && !event.causeId.startsWith(WITHDRAWN) && reservesLimited(before);
}
