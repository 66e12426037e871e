import type { MoneyEffect, Order, OrderEvent } from '../../contract/orders.js';
import type { OperatorTask } from '../../contract/operations.js';
import type { OrderMessageKey } from '../../notifications/model/messages.js';
import { hasCarrier } from './carrier.js';

/** An action outside the order's document that a step causes, run after its commit. */
export type Effect =
  | { type: 'push'; to: Recipient; message: OrderMessageKey }
  | { type: 'money'; money: MoneyEffect }
  | { type: 'autoAccept' }
  /** Searches for a courier, now or at the start of the search. */
  | { type: 'dispatch' }
  /** The restaurant did not answer: after several such orders in a row the store is paused. */
  | { type: 'missed' }
  /** The kitchen has run out of some of these: customers with them in their carts are notified. */
  | { type: 'soldOut'; itemIds: readonly string[] }
  /** The order is open again: its staff may have changed since. */
  | { type: 'staffKeys' }
  /** A courier no longer has the order: the chat with its customer is over. */
  | { type: 'closeFormerChats' }
  | { type: 'operator'; kind: OperatorTask['kind'] };

export type Recipient = { type: 'user'; uid: string } | { type: 'restaurant'; restaurantId: string };

/** Returns the notification of the customer. */
export function notifyCustomer({ customerId }: Order, message: OrderMessageKey): Effect {
  return { type: 'push', to: { type: 'user', uid: customerId }, message };
}

/** Returns the notification of the restaurant's staff. */
export function notifyMerchant({ restaurantId }: Order, message: OrderMessageKey): Effect {
  return { type: 'push', to: { type: 'restaurant', restaurantId }, message };
}

/** Returns the notification of the courier; none for an order without a courier. */
export function notifyCourier({ courierId }: Order, message: OrderMessageKey): Effect[] {
  return courierId === null ? [] : [{ type: 'push', to: { type: 'user', uid: courierId }, message }];
}

/** Returns the search for a courier; none for a pickup order, and for one with a courier or a rider. */
export function findCourier(order: Order): Effect[] {
  return order.kind === 'delivery' && !hasCarrier(order) ? [{ type: 'dispatch' }] : [];
}

/** Returns the creation of an operator task. */
export function askOperator(kind: OperatorTask['kind']): Effect {
  return { type: 'operator', kind };
}

/**
 * Returns the notification of a new order to the restaurant, or its automatic acceptance. None while the order waits
 * for its slot.
 */
export function notifyOfPlaced(order: Order, { to }: OrderEvent): Effect[] {
  if (to !== 'placed') return [];
  const placed = notifyMerchant(order, 'order_placed');
  return order.acceptance === 'auto' ? [{ type: 'autoAccept' }, placed] : [placed];
}

/** Returns the notifications of a delivery, with the credit for lateness where there is one. */
export function notifyOfDelivery(order: Order, { late }: OrderEvent): Effect[] {
  return [notifyCustomer(order, 'order_delivered'), ...(late ? [notifyCustomer(order, 'late_credit')] : [])];
}
