import type { Order, OrderEvent } from '../../contract/orders.js';
import { ACTIONS } from './actions/actions.js';
import type { Effect } from './effect.js';

/**
 * Computes the effects of an event: a pure function of the order and the event, so that they can be repeated after a
 * crash without being stored.
 */
export function listEffects(order: Order, event: OrderEvent): Effect[] {
  const money: Effect[] = event.money ? [{ type: 'money', money: event.money }] : [];
  return event.action === 'place' ? money : [...money, ...ACTIONS[event.action].effects(order, event)];
}

/**
 * Returns the order as an event left it, as far as the recipients of notifications depend on it: a retry may run after
 * an operator has restored the order, and the courier of that event is to be notified, not the next one.
 */
export function toOrderAfter(order: Order, { n, to }: OrderEvent): Order {
  if (order.events.at(-1)?.n === n) return order;
  const until = order.events.slice(0, n);
  const last = until.findLast(({ action }) => CHANGES_COURIER.includes(action));
  const isCarried = last?.action === 'assign' || last?.action === 'handOver';
  return { ...order, status: to, courierId: isCarried ? (last.courierId ?? null) : null };
}

const CHANGES_COURIER: readonly OrderEvent['action'][] = ['assign', 'handOver', 'unassign', 'restore'];
