import type { Order } from '../../contract/orders.js';
import { enteredAtMs } from './decide.js';
import type { OrderCommand, Transition } from './order-command.js';

const DAY_MS = 24 * 3_600_000;

/**
 * How long a quote's document is kept, from its making or from the slot that was asked for: an order's address and prices are
 * in it. Longer than the 120 days in which card networks take disputes. Source: Visa and Mastercard dispute rules.
 */
export const KEPT_MS = 180 * DAY_MS;
/** How long it is kept from a step on after which the order may stay unfinished: a held pay, a dispute, a lost courier. */
export const KEPT_LONGER_MS = 400 * DAY_MS;

/** An order that has been so long in one status may stay there. */
const STUCK_MS = DAY_MS;

/** Is this the reminder of an order that is stuck? Its quote is read, so that it is kept longer. */
export function isStuck(order: Order, { action }: OrderCommand, nowMs: number): boolean {
  return action === 'escalate' && nowMs - enteredAtMs(order) > STUCK_MS;
}

/** Must the quote be kept longer than its making said? */
export function keepsLonger(order: Order, command: OrderCommand, { waiting }: Transition, nowMs: number): boolean {
  return waiting.courier.length > 0 || waiting.kitchen.length > 0 || isStuck(order, command, nowMs);
}
