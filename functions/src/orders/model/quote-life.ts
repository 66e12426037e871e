import type { Order } from '../../contract/orders.js';
import { findEnteredAtMs } from './order-history.js';
import type { Transition } from './order-command.js';

const DAY_MS = 24 * 3_600_000;

/**
 * How long a quote's document is kept, from its creation or from the requested slot: it contains an order's address and
 * prices. Longer than the 120 days in which card networks accept disputes. Source: Visa and Mastercard dispute rules.
 */
export const KEPT_MS = 180 * DAY_MS;
/** How long it is kept after a step with which the order may stay unfinished: a held pay, a dispute, a lost courier. */
export const KEPT_LONGER_MS = 400 * DAY_MS;

/** An order that has been in one status for this long may stay there. */
const STUCK_MS = DAY_MS;

/** True where the order has been in its status for so long that it may stay there: then its quote is kept longer. */
export function isStuck(order: Order, nowMs: number): boolean {
  return nowMs - findEnteredAtMs(order) > STUCK_MS;
}

/** True where the quote must be kept longer than at its creation. Computed for the steps that have read it. */
export function keepsLonger(order: Order, { waiting, event }: Transition, nowMs: number): boolean {
  const isHeld = waiting.courier.length > 0 || waiting.kitchen.length > 0;
  return isHeld || (event.action === 'escalate' && isStuck(order, nowMs));
}
