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
