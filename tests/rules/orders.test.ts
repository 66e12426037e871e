import { ORDER_STATUSES, type OrderStatus } from '#functions/contract/orders.js';
import { toStaffKey } from '#functions/core/staff-key.js';
import type { Attempt, Fields, Persona, Query } from './support/attempt.js';
import { itAllows, itRefuses } from './support/expectations.js';

const get = (as: Persona, path: string): Attempt => ({ as, op: 'get', path });
const list = (as: Persona, query: Query): Attempt => ({ as, op: 'list', path: 'orders', query });

/** What each party may see, by the status of the order. */
const SEEN_BY: Readonly<Record<'customer' | 'kitchen' | 'courier' | 'operator', readonly OrderStatus[]>> = {
  customer: ORDER_STATUSES,
  kitchen: ORDER_STATUSES.filter((status) => status !== 'pending_payment' && status !== 'expired'),
  courier: ['accepted', 'preparing', 'ready', 'picked_up', 'undeliverable', 'cancelled'],
  operator: ORDER_STATUSES,
};

describe('rules: orders, by status', () => {
  for (const as of ['customer', 'kitchen', 'courier', 'operator'] as const) {
    for (const status of ORDER_STATUSES) {
      const says = SEEN_BY[as].includes(status) ? itAllows : itRefuses;
      says(`an order that is ${status} to the ${as}`, get(as, `orders/delivery-${status}`));
    }
  }
  itRefuses('an order that was cancelled hours ago to its courier', get('courier', 'orders/cancelled-long-ago'));
  itRefuses(
    'an order to its courier that was cancelled hours ago and paid out now',
    get('courier', 'orders/cancelled-paid-out'),
  );
  itRefuses(
    'an order to its courier that was settled and paid out now',
    get('courier', 'orders/cancelled-settled-paid-out'),
  );
  itAllows(
    'an order to its courier that was cancelled within the hour and paid out',
    get('courier', 'orders/cancelled-lately-paid-out'),
  );
  itAllows(
    'an order to its courier that was cancelled within the hour, settled and paid out',
    get('courier', 'orders/cancelled-lately-settled-paid-out'),
  );
  itAllows('the same order to its customer', get('customer', 'orders/cancelled-long-ago'));
  itRefuses('an order to the courier who was only offered it', get('offeredCourier', 'orders/delivery-ready'));
  itRefuses('an order to its courier whose role is gone', get('suspendedCourier', 'orders/carried-by-susi'));
  itRefuses('an order that does not exist', get('customer', 'orders/unknown'));
});

describe('rules: orders, lists', () => {
  const own: Query = { where: [['customerId', '==', 'ana']] };
  const openTo = (uid: string): Query => ({
    where: [
      ['restaurantId', '==', 'luigi'],
      ['staffKeys', 'array-contains', toStaffKey(uid)],
      ['status', 'in', ['placed', 'ready']],
    ],
    orderBy: 'createdAtMs',
  });
  const open = openTo('kim');
  const ended: Query = {
    where: [
      ['restaurantId', '==', 'luigi'],
      ['status', 'in', ['delivered', 'completed']],
    ],
  };
  itAllows('a customer her own orders', list('customer', own));
  itRefuses('a customer her own orders without a limit', list('customer', { ...own, limit: null }));
  itRefuses('a customer 51 of her own orders', list('customer', { ...own, limit: 51 }));
  itRefuses('a customer the orders of another', list('customer', { where: [['customerId', '==', 'otto']] }));
  itRefuses(
    "a customer her own orders and another's",
    list('customer', { where: [['customerId', 'in', ['ana', 'otto']]] }),
  );
  itRefuses('a customer orders from her id on', list('customer', { where: [['customerId', '>=', 'ana']] }));
  itRefuses('a customer orders without a filter', list('customer', {}));
  itAllows('a kitchen its open orders, the oldest first', list('kitchen', open));
  itRefuses(
    'a kitchen open orders without its own key',
    list('kitchen', {
      where: [
        ['restaurantId', '==', 'luigi'],
        ['status', 'in', ['placed', 'ready']],
      ],
      orderBy: 'createdAtMs',
    }),
  );
  itRefuses("a kitchen open orders by another user's key", list('kitchen', openTo('olga')));
  itRefuses("a dismissed manager with an old token open orders by a member's key", list('dismissedManager', open));
  itRefuses("a blocked manager with an old token open orders by a member's key", list('blockedManager', open));
  itRefuses('a dismissed manager with an old token an open order', get('dismissedManager', 'orders/delivery-placed'));
  itAllows('a kitchen its ended orders', list('kitchen', ended));
  itRefuses('a kitchen 51 open orders', list('kitchen', { ...open, limit: 51 }));
  itRefuses(
    'a kitchen the unpaid among its orders',
    list('kitchen', {
      where: [
        ['restaurantId', '==', 'luigi'],
        ['staffKeys', 'array-contains', toStaffKey('kim')],
        ['status', 'in', ['placed', 'pending_payment']],
      ],
    }),
  );
  itRefuses(
    'a kitchen all its orders, the unpaid included',
    list('kitchen', { where: [['restaurantId', '==', 'luigi']] }),
  );
  itRefuses('a kitchen orders of every restaurant', list('kitchen', { where: [['status', '==', 'placed']] }));
  itRefuses(
    'a kitchen the orders of another restaurant',
    list('kitchen', {
      where: [
        ['restaurantId', '==', 'sakura'],
        ['status', '==', 'placed'],
      ],
    }),
  );
  itRefuses(
    'a manager the orders of another customer at another restaurant',
    list('manager', {
      where: [
        ['customerId', '==', 'otto'],
        ['staffKeys', 'array-contains', toStaffKey('sato')],
        ['status', 'in', ['placed', 'ready']],
      ],
    }),
  );
  itRefuses('a courier the orders she ever carried', list('courier', { where: [['courierId', '==', 'cora']] }));
  itRefuses('a courier the orders that wait for one', list('courier', { where: [['status', '==', 'ready']] }));
  itAllows('an operator a page of orders', list('operator', {}));
  itRefuses('an operator all orders', list('operator', { limit: null }));
  itRefuses('orders through a collection group', list('customer', { ...own, isGroup: true }));
});

describe('rules: orders, writing', () => {
  const writes: Readonly<Record<string, Fields>> = {
    'a status': { status: 'delivered' },
    'a paid order': {
      payment: { status: 'captured', intentId: null, authorizedMinor: 0, capturedMinor: 0, refundedMinor: 0 },
    },
    'a price': { totals: { totalMinor: 1 } },
    'a courier': { courierId: 'cora' },
    'an owner': { customerId: 'otto' },
    'an event': { events: [] },
  };
  for (const as of ['customer', 'owner', 'courier', 'operator'] as const) {
    for (const [title, data] of Object.entries(writes))
      itRefuses(`${title} set by the ${as}`, { as, op: 'update', path: 'orders/delivery-picked_up', data });
  }
  itRefuses('an order deleted by its customer', { as: 'customer', op: 'delete', path: 'orders/delivery-delivered' });
});
