import type { Recipient } from '../../../functions/src/orders/model/effect.js';
import { listEffects } from '../../../functions/src/orders/model/effects.js';
import { getMessageKind } from '../../../functions/src/notifications/model/messages.js';
import type { Order, OrderEvent } from '../../../functions/src/contract/orders.js';
import { when } from './breach.js';
import type { Books, NotificationLog } from './snapshot.js';

/** Each phone shows each event once, and each that the steps of orders owe it. */
export function pushBreaches({ orders, told }: Books): string[] {
  if (!told) return [];
  const shown = told.pushes.map(({ token, id }) => `${id} on ${token}`);
  const known = new Set(shown);
  const twice = [...known].filter((one) => shown.indexOf(one) !== shown.lastIndexOf(one));
  const owed = orders.flatMap(([id, order]) => owedBy(id, order, told));
  return [
    ...twice.map((one) => `${one}: told more than once`),
    ...owed.filter((one) => !known.has(one)).map((one) => `${one}: never told`),
  ];
}

/** What follows from the order's events, replayed one by one. What may be switched off is not counted on. */
function owedBy(orderId: string, order: Order, told: NotificationLog): string[] {
  return order.events.flatMap((event) =>
    listEffects(asOf(order, event), event).flatMap((effect, index) => {
      if (effect.type !== 'push' || getMessageKind(effect.message).topic !== 'orders') return [];
      return phonesOf(effect.to, told).map((token) => `${orderId}-${event.n}-${index} on ${token}`);
    }),
  );
}

/** The order as that event left it, as far as it matters to whom it is told. */
function asOf(order: Order, { n, to }: OrderEvent): Order {
  const until = order.events.slice(0, n);
  const last = until.findLast(({ action }) => action === 'assign' || action === 'unassign' || action === 'restore');
  return { ...order, status: to, courierId: last?.action === 'assign' ? (last.courierId ?? null) : null };
}

function phonesOf(to: Recipient, { phones, staff }: NotificationLog): string[] {
  const uids = to.type === 'user' ? [to.uid] : staff.filter(([id]) => id === to.restaurantId).map(([, uid]) => uid);
  return phones.filter(([uid]) => uids.includes(uid)).map(([, token]) => token);
}

/** No event of the payment provider moved two orders, and each was answered in the end. */
export function causeBreaches({ orders, told }: Books): string[] {
  const causes = orders.flatMap(([, { events }]) => events.map(({ causeId }) => causeId));
  // Deadlines are named alike in all orders.
  const holds = causes.filter((cause) => cause.startsWith('hold:'));
  const twice = holds.filter((cause, index) => holds.indexOf(cause) !== index);
  return [
    ...twice.map((cause) => `${cause} was applied to more than one order`),
    ...(told?.webhooks ?? []).flatMap(([event, status]) =>
      when(status < 200 || status > 299, `event ${event} of Stripe was answered ${status}`),
    ),
  ];
}
