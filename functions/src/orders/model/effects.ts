import type { MoneyEffect, Order, OrderEvent } from '../../contract/orders.js';
import type { OperatorTask } from '../../contract/operations.js';
import type { MessageKey } from '../../notifications/model/messages.js';

/** The reason of an `unassign` whose courier an operator stopped. */
export const COURIER_STOPPED = 'courier_stopped';
/** The reason of the backend's cancellation where other accounts of the card had used up a promotion of the platform's. */
export const PROMOTION_USED = 'promotion_used';

/** Something outside the order's document that a step causes, done after its commit. */
export type Effect =
  | { type: 'push'; to: Recipient; message: MessageKey }
  | { type: 'money'; money: MoneyEffect }
  | { type: 'autoAccept' }
  /** Look for a courier, now or when it is time. */
  | { type: 'dispatch' }
  /** The restaurant did not answer: after several such orders in a row the store is paused. */
  | { type: 'missed' }
  /** The kitchen has run out of some of these: customers with them in their carts are notified. */
  | { type: 'soldOut'; itemIds: readonly string[] }
  /** The order is open again: its staff may have changed meanwhile. */
  | { type: 'staffKeys' }
  | { type: 'operator'; kind: OperatorTask['kind'] };

export type Recipient = { type: 'user'; uid: string } | { type: 'restaurant'; restaurantId: string };

/**
 * What follows from an event: a pure function of the order and the event, so nothing need be stored to repeat it
 * after a crash.
 */
export function effectsOf(order: Order, event: OrderEvent): Effect[] {
  const money: Effect[] = event.money ? [{ type: 'money', money: event.money }] : [];
  return [...money, ...consequences(order, event)];
}

function consequences(order: Order, event: OrderEvent): Effect[] {
  const customer = (message: MessageKey): Effect => push({ type: 'user', uid: order.customerId }, message);
  const merchant = (message: MessageKey): Effect =>
    push({ type: 'restaurant', restaurantId: order.restaurantId }, message);
  const courier = (message: MessageKey): Effect[] =>
    order.courierId === null ? [] : [push({ type: 'user', uid: order.courierId }, message)];
  const dispatch: Effect[] = order.kind === 'delivery' && order.courierId === null ? [{ type: 'dispatch' }] : [];

  switch (event.action) {
    case 'confirmPayment':
    case 'release':
      if (event.to !== 'placed') return [];
      return order.acceptance === 'auto'
        ? [{ type: 'autoAccept' }, merchant('order_placed')]
        : [merchant('order_placed')];
    case 'failPayment':
      return [customer('payment_failed')];
    case 'edit':
      return [customer(order.edit?.event === event.n ? 'edit_proposed' : 'order_edited')];
    case 'answerEdit':
      return [merchant('edit_answered'), ...(event.by === 'system' ? [customer('order_edited')] : [])];
    case 'remind':
      return [merchant('order_waiting')];
    case 'accept':
      return [customer('order_accepted'), ...dispatch];
    case 'reject':
      return [customer('order_rejected'), ...afterRejection(order, event)];
    case 'markReady':
      return order.kind === 'pickup' ? [customer('order_ready')] : [...courier('order_ready'), ...dispatch];
    case 'unassign':
      return isLatePickUp(event) ? [...dispatch, { type: 'operator', kind: 'pick_up_late' }] : dispatch;
    case 'pickUp':
      return [customer('order_picked_up')];
    case 'arrive':
      if (event.from !== 'picked_up') return event.reason === 'here' ? [merchant('courier_at_counter')] : [];
      return [customer(event.reason === 'here' ? 'courier_here' : 'courier_near')];
    case 'contact':
      return [customer('courier_waits')];
    case 'presumeDelivered':
      return [customer('order_delivered'), { type: 'operator', kind: 'delivery_late' }];
    case 'deliver':
    case 'collect':
      return [customer('order_delivered'), ...(event.late ? [customer('late_credit')] : [])];
    case 'fail':
      return [customer('order_undeliverable'), { type: 'operator', kind: 'undeliverable' }];
    case 'escalate':
      return escalation(order, customer('order_delayed'), dispatch);
    case 'cancel':
      return [
        customer(isPromotionUsed(event) ? 'promotion_used' : 'order_cancelled'),
        merchant('order_cancelled'),
        ...courier('order_cancelled'),
      ];
    case 'restore':
      return [{ type: 'staffKeys' }, customer('order_restored'), merchant('order_restored'), ...dispatch];
    default:
      return [];
  }
}

const isPromotionUsed = ({ by, reason }: OrderEvent): boolean => by === 'system' && reason === PROMOTION_USED;

/** An operator stopped the courier: there is nothing more for an operator to do. */
const isLatePickUp = ({ by, reason }: OrderEvent): boolean => by === 'system' && reason !== COURIER_STOPPED;

/** What it means for others. */
function afterRejection({ lines }: Order, { reason }: OrderEvent): Effect[] {
  if (reason === 'no_answer') return [{ type: 'missed' }];
  if (reason !== 'out_of_stock') return [];
  return [{ type: 'soldOut', itemIds: [...new Set(lines.map(({ itemId }) => itemId))] }];
}

/** The customer is notified of a late kitchen; a late courier or return becomes an operator task. */
function escalation(order: Order, delayed: Effect, dispatch: Effect[]): Effect[] {
  switch (order.status) {
    case 'ready':
      return [{ type: 'operator', kind: 'pick_up_late' }];
    case 'picked_up':
      return [delayed, { type: 'operator', kind: 'delivery_late' }];
    case 'undeliverable':
      return [{ type: 'operator', kind: 'return_late' }];
    default:
      return [delayed, ...dispatch];
  }
}

const push = (to: Recipient, message: MessageKey): Effect => ({ type: 'push', to, message });
