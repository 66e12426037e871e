import type { Recipient } from '../../../functions/src/orders/model/effect.js';
import { listEffects } from '../../../functions/src/orders/model/effects.js';
import { getMessageKind } from '../../../functions/src/notifications/model/messages.js';
import type { Order, OrderEvent } from '../../../functions/src/contract/orders.js';
import { listIf } from './breach.js';
import type { Books, NotificationLog } from './snapshot.js';

/** Each device receives each notification once, and every notification that the orders' events require. */
export function pushBreaches({ orders, notifications }: Books): string[] {
  if (!notifications) return [];
  const received = notifications.pushes.map(({ token, id }) => `${id} on ${token}`);
  const known = new Set(received);
  const twice = [...known].filter((one) => received.indexOf(one) !== received.lastIndexOf(one));
  const required = orders.flatMap(([id, order]) => listRequired(id, order, notifications));
  return [
    ...twice.map((one) => `${one}: received more than once`),
    ...required.filter((one) => !known.has(one)).map((one) => `${one}: never received`),
  ];
}

/**
 * Lists the notifications that the order's events require, replayed one by one; without those that a user can switch
 * off.
 */
function listRequired(orderId: string, order: Order, notifications: NotificationLog): string[] {
  return order.events
    .filter((event) => !isCancelledInstead(order, event))
    .flatMap((event) =>
      listEffects(replayUntil(order, event), event).flatMap((effect, index) => {
        if (effect.type !== 'push' || getMessageKind(effect.message).topic !== 'orders') return [];
        return listDevices(effect.to, notifications).map((token) => `${orderId}-${event.n}-${index} on ${token}`);
      }),
    );
}

/** True where the card showed that the promotion was used up: the cancellation is the only notification. */
const isCancelledInstead = ({ events }: Order, { n }: OrderEvent): boolean =>
  events.some(({ causeId }) => causeId === `card:used:${n}`);

/** The order after that event, as far as recipients depend on it: reckoned apart from the backend, which it checks. */
function replayUntil(order: Order, { n, to }: OrderEvent): Order {
  const until = order.events.slice(0, n);
  const last = until.findLast(({ action }) => ['assign', 'handOver', 'unassign', 'restore'].includes(action));
  const isCarried = last?.action === 'assign' || last?.action === 'handOver';
  return { ...order, status: to, courierId: isCarried ? (last.courierId ?? null) : null };
}

function listDevices(to: Recipient, { phones, staff }: NotificationLog): string[] {
  const uids = to.type === 'user' ? [to.uid] : staff.filter(([id]) => id === to.restaurantId).map(([, uid]) => uid);
  return phones.filter(([uid]) => uids.includes(uid)).map(([, token]) => token);
}

/** No event of the payment provider was applied to two orders, and each was finally answered with success. */
export function causeBreaches({ orders, notifications }: Books): string[] {
  const causes = orders.flatMap(([, { events }]) => events.map(({ causeId }) => causeId));
  // Causes of deadlines have the same names in all orders.
  const holds = causes.filter((cause) => cause.startsWith('hold:'));
  const twice = holds.filter((cause, index) => holds.indexOf(cause) !== index);
  return [
    ...twice.map((cause) => `${cause} was applied to more than one order`),
    ...(notifications?.webhooks ?? []).flatMap(([event, status]) =>
      listIf(status < 200 || status > 299, `event ${event} of Stripe was answered ${status}`),
    ),
  ];
}
