import type { Order, OrderEvent } from '../../contract/orders.js';
import { ACTIONS } from './actions/actions.js';
import type { Effect } from './effect.js';

/**
 * What follows from an event: a pure function of the order and the event, so nothing need be stored to repeat it
 * after a crash.
 */
export function effectsOf(order: Order, event: OrderEvent): Effect[] {
  const money: Effect[] = event.money ? [{ type: 'money', money: event.money }] : [];
  return event.action === 'place' ? money : [...money, ...ACTIONS[event.action].effects(order, event)];
}
