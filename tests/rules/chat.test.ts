import { aMessage } from '#fixtures/documents/orders.js';
import { AUTH_TIME, REMOVED, SERVER_TIME, type Attempt, type Fields, type Persona } from './support/attempt.js';
import { itAllows, itDraws, itRefuses, withData, without } from './support/expectations.js';
import { fieldsOf } from './support/city.js';

const toCora: Fields = { ...fieldsOf(aMessage()), state: 'new', createdAt: SERVER_TIME, authTime: AUTH_TIME };
const say = (as: Persona, orderId: string, id: string, changes: Fields): Attempt => ({
  as,
  op: 'create',
  path: `orders/${orderId}/messages/${id}`,
  data: { ...toCora, ...changes },
});
const ana = (orderId: string, changes: Fields = {}) => say('customer', orderId, 'ana-1', changes);
const toKitchen: Fields = { restaurantId: 'luigi', courierId: null };

describe('rules: messages', () => {
  const second = say('customer', 'delivery-picked_up', 'ana-2', { n: 2 });
  itDraws({
    allows: "a customer's second message to her courier",
    attempt: second,
    refuses: {
      'in the name of another': { uid: 'cora' },
      'as the courier': { role: 'courier' },
      'as an operator': { role: 'operator' },
      'to the customer of another order': { customerId: 'otto' },
      'to another courier': { courierId: 'fred' },
      'to another restaurant': { courierId: null, restaurantId: 'sakura' },
      'to both at once': { restaurantId: 'luigi' },
      'to no party': { courierId: null },
      'without words': { text: '' },
      'of 501 letters': { text: 'x'.repeat(501) },
      'that is a list': { text: ['Second floor'] },
      'dated by the phone': { createdAt: new Date(1_760_000_000_000) },
      'of another sign-in': { authTime: AUTH_TIME - 1 },
      'that claims to be filtered': { state: 'shown' },
      'under the number of another': { n: 3 },
      'under a number that is a text': { n: '2' },
      'with another field': { expireAt: SERVER_TIME },
    },
  });
  itAllows('a message of 500 letters', withData(second, { text: 'x'.repeat(500) }));
  for (const field of ['uid', 'role', 'n', 'customerId', 'text', 'createdAt', 'authTime', 'state'])
    itRefuses(`a message without ${field}`, { ...second, data: without({ ...second.data }, field) });
  itRefuses('a message written over', { ...second, path: 'orders/delivery-picked_up/messages/ana-1' });
  itRefuses('a message changed by its writer', {
    as: 'customer',
    op: 'update',
    path: 'orders/delivery-picked_up/messages/ana-1',
    data: { text: REMOVED },
  });

  const asKitchen = (as: Persona, uid: string) =>
    say(as, 'delivery-picked_up', `${uid}-1`, { uid, role: 'merchant', ...toKitchen });
  itAllows('a manager to the customer', asKitchen('manager', 'mario'));
  itRefuses('a dismissed manager with an old token', asKitchen('dismissedManager', 'dora'));
  itRefuses('a blocked manager with an old token', asKitchen('blockedManager', 'bruno'));

  itAllows(
    'the courier to the customer',
    say('courier', 'delivery-picked_up', 'cora-2', { uid: 'cora', role: 'courier', n: 2 }),
  );
  itRefuses('another courier', say('otherCourier', 'delivery-picked_up', 'otis-1', { uid: 'otis', role: 'courier' }));
  itRefuses(
    'another courier as herself',
    say('otherCourier', 'delivery-picked_up', 'otis-1', { uid: 'otis', role: 'courier', courierId: 'otis' }),
  );
  itRefuses(
    'a courier who is suspended',
    say('suspendedCourier', 'carried-by-susi', 'susi-1', { uid: 'susi', role: 'courier', courierId: 'susi' }),
  );
  itRefuses(
    'the courier on behalf of the kitchen',
    say('courier', 'delivery-picked_up', 'cora-2', { uid: 'cora', role: 'courier', n: 2, ...toKitchen }),
  );
  itRefuses(
    'the courier as an operator',
    say('courier', 'delivery-picked_up', 'cora-2', { uid: 'cora', role: 'operator', n: 2 }),
  );
  itAllows(
    'the owner to the customer',
    say('owner', 'delivery-picked_up', 'olga-1', { uid: 'olga', role: 'merchant', ...toKitchen }),
  );
  itRefuses(
    'the owner between customer and courier',
    say('owner', 'delivery-picked_up', 'olga-1', { uid: 'olga', role: 'merchant' }),
  );
  itRefuses(
    'the owner of another restaurant',
    say('otherOwner', 'delivery-picked_up', 'sato-1', { uid: 'sato', role: 'merchant', ...toKitchen }),
  );
  itRefuses('a stranger', say('otherCustomer', 'delivery-picked_up', 'otto-1', { uid: 'otto' }));
  itRefuses('an unauthenticated client', say('anonymous', 'delivery-picked_up', 'unknown-1', { uid: 'unknown' }));
  itRefuses('a courier where none is assigned', ana('pickup-accepted', { courierId: null }));
  itAllows('the kitchen where no courier is', ana('pickup-accepted', toKitchen));
});

describe('rules: when a party may write', () => {
  for (const status of [
    'placed',
    'accepted',
    'preparing',
    'picked_up',
    'undeliverable',
    'delivered',
    'cancelled',
    'returned',
  ]) {
    const attempt = ana(`delivery-${status}`, toKitchen);
    if (status === 'picked_up') continue;
    itAllows(`a message about an order that is ${status}`, attempt);
  }
  itAllows('a message about an order for later', ana('delivery-scheduled', toKitchen));
  itAllows(
    "the kitchen's message about an order that is ready",
    say('owner', 'delivery-ready', 'olga-1', { uid: 'olga', role: 'merchant', ...toKitchen }),
  );
  itAllows('a message about a collected order', ana('pickup-collected', toKitchen));
  for (const status of ['pending_payment', 'expired', 'rejected', 'completed'])
    itRefuses(`a message about an order that is ${status}`, ana(`delivery-${status}`, toKitchen));
  itAllows('a message within two hours of the end', ana('delivered-lately', toKitchen));
  itRefuses('a message more than two hours after the end', ana('delivered-long-ago', toKitchen));
  itAllows(
    'a message within two hours of the return of an order that is paid out',
    ana('returned-lately-paid-out', toKitchen),
  );
  itRefuses('a message more than two hours after it, though it is paid out now', ana('returned-paid-out', toKitchen));
  itRefuses('a message about an order that is not there', ana('nowhere', toKitchen));
});

describe('rules: how fast a party may write', () => {
  itRefuses('a message within a second of the one before', say('customer', 'delivery-ready', 'ana-2', { n: 2 }));
  itRefuses('a first message skipped', say('customer', 'delivery-accepted', 'ana-2', { n: 2 }));
  itAllows('a first message', say('customer', 'delivery-accepted', 'ana-1', { n: 1 }));
  itRefuses('a first message under a later id', say('customer', 'delivery-accepted', 'ana-7', { n: 1 }));
  itRefuses('a first message in the name of another', say('customer', 'delivery-accepted', 'cora-1', { uid: 'cora' }));
  itRefuses('a number before the first', say('customer', 'delivery-accepted', 'ana-0', { n: 0 }));
  itRefuses('a 201st message', say('customer', 'talkative', 'ana-201', { n: 201 }));
  itAllows('a 200th message', say('customer', 'chatty', 'ana-200', { n: 200 }));
});

describe('rules: who reads a chat', () => {
  const chat = 'orders/delivery-picked_up/messages';
  const list = (as: Persona, field: string, value: string, limit: number | null = 50): Attempt => ({
    as,
    op: 'list',
    path: chat,
    query: {
      where: [
        [field, '==', value],
        ['state', '==', 'shown'],
      ],
      orderBy: 'createdAt',
      limit,
    },
  });
  itAllows('the courier her own chat', list('courier', 'courierId', 'cora'));
  itRefuses('the courier the chat of the kitchen', list('courier', 'restaurantId', 'luigi'));
  itRefuses('another courier her chat', list('otherCourier', 'courierId', 'cora'));
  itRefuses('a suspended courier her former chat', list('suspendedCourier', 'courierId', 'susi'));
  itRefuses('the kitchen the chat of courier and customer', list('kitchen', 'courierId', 'cora'));
  itRefuses('the customer more than a page', list('customer', 'customerId', 'ana', 51));
  itRefuses('the customer the whole chat', list('customer', 'customerId', 'ana', null));
  itRefuses('the customer a message that is not filtered yet', {
    as: 'customer',
    op: 'list',
    path: chat,
    query: { where: [['customerId', '==', 'ana']] },
  });
  const over = 'orders/delivered-long-ago/messages';
  itAllows('the customer a chat that is over', { ...list('customer', 'customerId', 'ana'), path: over });
  itRefuses('the courier her own messages, once the chat is over', {
    as: 'courier',
    op: 'get',
    path: `${over}/cora-1`,
  });
  itRefuses('the kitchen its own messages, once the chat is over', {
    as: 'kitchen',
    op: 'get',
    path: `${over}/kim-1`,
  });
  itAllows('the courier her own messages, before', { as: 'courier', op: 'get', path: `${chat}/cora-1` });
  itAllows('the kitchen its own message that is not filtered yet', { as: 'kitchen', op: 'get', path: `${chat}/kim-2` });
  itRefuses("the owner a colleague's message that is not filtered yet", {
    as: 'owner',
    op: 'get',
    path: `${chat}/kim-2`,
  });
  itAllows('the customer her own message that was removed, once the chat is over', {
    as: 'customer',
    op: 'get',
    path: `${over}/ana-2`,
  });
  itRefuses('the courier that message', { as: 'courier', op: 'get', path: `${over}/ana-2` });
  itRefuses(
    'a message that is closed as it is written',
    say('customer', 'delivery-picked_up', 'ana-2', { n: 2, closed: 'courier' }),
  );
  itRefuses('chats of all orders', {
    as: 'customer',
    op: 'list',
    path: 'messages',
    query: {
      where: [
        ['customerId', '==', 'ana'],
        ['state', '==', 'shown'],
      ],
      isGroup: true,
    },
  });
});

describe('rules: read receipts', () => {
  const mark = { as: 'customer', op: 'update', path: 'users/ana/reads/delivery-picked_up' } as const;
  itDraws({
    allows: 'a later mark',
    attempt: { ...mark, data: { readUpTo: new Date(1_760_000_000_000) } },
    refuses: { 'a mark that is a number': { readUpTo: 1_760_000_000_000 }, 'another field': { uid: 'otto' } },
  });
  itRefuses('a mark among those of another', { ...mark, as: 'otherCustomer', data: { readUpTo: SERVER_TIME } });
  const first = { ...mark, op: 'create', data: { readUpTo: SERVER_TIME } } as const;
  itAllows('a first mark of an order', { ...first, path: 'users/ana/reads/delivery-ready' });
  itRefuses('a first mark that is text', {
    ...first,
    path: 'users/ana/reads/delivery-ready',
    data: { readUpTo: 'now' },
  });
  itRefuses('a first mark of an order that does not exist', { ...first, path: 'users/ana/reads/no-such' });
  itRefuses('a mark under a name with a dot', {
    ...mark,
    op: 'create',
    path: 'users/ana/reads/a.b',
    data: { readUpTo: SERVER_TIME },
  });
  itRefuses('all marks at once', { ...mark, op: 'list', path: 'users/ana/reads', query: { limit: null } });
  itRefuses('51 marks', { ...mark, op: 'list', path: 'users/ana/reads', query: { limit: 51 } });
});
