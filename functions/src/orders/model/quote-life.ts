import type { Order } from '../../contract/orders.js';
import { enteredAtMs } from './order-history.js';
import type { Transition } from './order-command.js';

const DAY_MS = 24 * 3_600_000;

/**
 * How long a quote's document is kept, from its making or from the slot that was asked for: an order's address and
 * prices are in it. Longer than the 120 days in which card networks take disputes. Source: Visa and Mastercard dispute
 * rules.
 */
export const KEPT_MS = 180 * DAY_MS;
/**
 * How long it is kept from a step on after which the order may stay unfinished: a held pay, a dispute, a lost courier.
 */
export const KEPT_LONGER_MS = 400 * DAY_MS;

/** An order that has been so long in one status may stay there. */
const STUCK_MS = DAY_MS;

/** Has the order been so long in its status that it may stay there? Its quote is kept longer then. */
export function isStuck(order: Order, nowMs: number): boolean {
  return nowMs - enteredAtMs(order) > STUCK_MS;
}

/** Must the quote be kept longer than its making said? Asked of the steps that have read it. */
export function keepsLonger(order: Order, { waiting, event }: Transition, nowMs: number): boolean {
  const isHeld = waiting.courier.length > 0 || waiting.kitchen.length > 0;
  return isHeld || (event.action === 'escalate' && isStuck(order, nowMs));
}
