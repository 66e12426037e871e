import type { OrderAction } from '#functions/contract/orders.js';
import { AUTH_TIME, REMOVED, SERVER_TIME, uidOf, type Attempt, type Fields, type Persona } from './support/attempt.js';
import { itAllows, itDraws, itRefuses, without } from './support/expectations.js';
import { FIX, requestFor, WISHES } from './support/moves.js';

function command(as: Persona, role: string, orderId: string, request: Fields): Attempt {
  const data: Fields = {
    uid: uidOf(as),
    role,
    n: 1,
    request,
    createdAt: SERVER_TIME,
    authTime: AUTH_TIME,
    answer: { state: 'pending' },
  };
  return { as, op: 'create', path: `orders/${orderId}/commands/${uidOf(as)}-command-1`, data };
}

describe('rules: commands, the envelope', () => {
  const cancel = command('customer', 'customer', 'delivery-placed', requestFor('cancel'));
  itDraws({
    allows: 'a customer to ask for a cancellation',
    attempt: cancel,
    refuses: {
      "another user's name": { uid: 'otto' },
      'a role that she does not have: merchant': { role: 'merchant' },
      'a role that she does not have: courier': { role: 'courier' },
      'the role of an operator': { role: 'operator' },
      'the role of the system': { role: 'system' },
      'no role': { role: null },
      "the phone's own time": { createdAt: new Date() },
      'the time of another sign-in': { authTime: AUTH_TIME - 1 },
      'a time of sign-in that is text': { authTime: String(AUTH_TIME) },
      'an answer of its own': { answer: { state: 'applied', event: 2, answeredAtMs: 0 } },
      'more than a pending answer': { answer: { state: 'pending', event: 1 } },
      'no answer': { answer: null },
      'another field': { note: 'please' },
      'no request': { request: null },
      'a request that is text': { request: 'cancel' },
      'a request of an unknown type': { request: { type: 'refund', reason: 'cold' } },
      'a cancellation without a reason': { request: { type: 'cancel' } },
      'a cancellation with an empty reason': { request: { type: 'cancel', reason: '' } },
      'a cancellation with a blank reason': { request: { type: 'cancel', reason: ' \n\u00a0' } },
      'a cancellation with a reason of 201 characters': { request: { type: 'cancel', reason: 'x'.repeat(201) } },
      'a cancellation with a reason that is no text': { request: { type: 'cancel', reason: 7 } },
      'a cancellation that names who is liable': { request: { type: 'cancel', reason: 'late', liable: 'platform' } },
      'a cancellation at a negative cost': { request: { type: 'cancel', reason: 'late', mostMinor: -1 } },
      'a cancellation at a cost that is text': { request: { type: 'cancel', reason: 'late', mostMinor: '0' } },
      'a cancellation after no events': { request: { type: 'cancel', reason: 'late', events: 0 } },
      'a cancellation after 201 events': { request: { type: 'cancel', reason: 'late', events: 201 } },
      'an unknown field beside type and reason': { request: { type: 'cancel', reason: 'late', note: 'x' } },
      'a move called cancel': { request: { type: 'move', move: { action: 'cancel', reason: 'late' } } },
      'a move called cancel with the fields of a return': {
        request: { type: 'move', move: { action: 'cancel', fix: FIX } },
      },
      'a move beside a cancellation': { request: { type: 'cancel', reason: 'late', move: { action: 'accept' } } },
    },
  });
  for (const name of ['uid', 'role', 'n', 'request', 'createdAt', 'authTime', 'answer']) {
    itRefuses(`a command without ${name}`, { ...cancel, data: without(cancel.data ?? {}, name) });
  }
  itAllows('a cancellation with the agreed cost and the events that she has seen', {
    ...cancel,
    data: { ...cancel.data, request: { type: 'cancel', reason: 'late', mostMinor: 2940, events: 2 } },
  });
  itAllows('a reason of 200 characters', {
    ...cancel,
    data: { ...cancel.data, request: { type: 'cancel', reason: 'é'.repeat(200) } },
  });
  for (const id of ['ana-command-2', 'ana-command-01', 'otto-command-1', 'command-1', 'ana-1', '4f1c0d2e-aaaa-bbbb'])
    itRefuses(`a first command under the id ${id}`, { ...cancel, path: `orders/delivery-placed/commands/${id}` });
  itRefuses('a command for an order that does not exist', { ...cancel, path: 'orders/unknown/commands/ana-command-1' });
  itRefuses(
    "a command for another customer's order",
    command('otherCustomer', 'customer', 'delivery-placed', requestFor('cancel')),
  );
  itRefuses('a command of an unauthenticated client', { ...cancel, as: 'anonymous' });
  itRefuses('a command that changes after it was written', {
    as: 'customer',
    op: 'update',
    path: 'orders/cancel-asked/commands/ana-command-1',
    data: { request: requestFor('cancel') },
  });
  itRefuses('a command that its author withdraws', {
    as: 'customer',
    op: 'delete',
    path: 'orders/cancel-asked/commands/ana-command-1',
  });
  itRefuses('a list of commands', {
    as: 'customer',
    op: 'list',
    path: 'orders/cancel-asked/commands',
    query: { where: [['uid', '==', 'ana']] },
  });
  itRefuses("the kitchen a customer's command", {
    as: 'kitchen',
    op: 'get',
    path: 'orders/cancel-asked/commands/ana-command-1',
  });
});

describe('rules: commands of staff, by the membership document', () => {
  const accept = (as: Persona) => command(as, 'merchant', 'delivery-placed', requestFor('accept'));
  itAllows('a manager to accept', accept('manager'));
  itAllows('the owner of a chain to accept', accept('chainOwner'));
  itRefuses('a dismissed manager with an old token', accept('dismissedManager'));
  itRefuses('a blocked manager with an old token', accept('blockedManager'));
});

/** Kim's next command about an order. */
function next(orderId: string, n: number, changes: Fields = {}): Attempt {
  const { data, ...attempt } = command('kitchen', 'merchant', orderId, requestFor('startPreparing'));
  return { ...attempt, path: `orders/${orderId}/commands/kim-command-${n}`, data: { ...data, n, ...changes } };
}

describe('rules: commands, queued behind another', () => {
  const queued = next('accept-waits', 2, { after: 'kim-command-1', queued: 1 });
  itDraws({
    allows: 'what the order is not ready for, behind a command that waits for its answer',
    attempt: queued,
    refuses: {
      'behind itself': { after: 'kim-command-2' },
      'behind one that there is not': { after: 'kim-command-7' },
      "behind another user's": { after: 'ana-command-1' },
      'behind a path': { after: '../../kim-command-1' },
      'behind a number': { after: 12345678 },
      'at the head of the queue': { queued: 0 },
      'at a place that is another’s': { queued: 2 },
      'at half a place': { queued: 1.5 },
      'what its role never may': { request: requestFor('deliver') },
      'in a role that the writer does not have': { role: 'courier' },
    },
  });
  itRefuses('the same at no place in the queue', next('accept-waits', 2, { after: 'kim-command-1' }));
  itRefuses('the same, not queued', next('accept-waits', 2));
  itRefuses('the same behind one that was answered', next('accept-refused', 2, { after: 'kim-command-1', queued: 1 }));
  itRefuses('the same behind the first as the third', next('accept-waits', 3, { after: 'kim-command-1', queued: 1 }));
  itRefuses('a first command that is queued', next('delivery-placed', 1, { after: 'kim-command-0', queued: 1 }));
  itRefuses('a first command that names one before it', next('delivery-accepted', 1, { after: 'kim-command-0' }));
  itAllows('the same that names none', next('delivery-accepted', 1));
  itRefuses('a first command with a place in the queue', next('delivery-accepted', 1, { queued: 1 }));
  itRefuses("the same for another restaurant's order", {
    ...queued,
    as: 'otherKitchen',
    data: { ...queued.data, uid: uidOf('otherKitchen') },
  });
  itAllows('the tenth of a queue', next('accept-queued', 10, { after: 'kim-command-9', queued: 9 }));
  const timely = { request: requestFor('accept'), queued: 9 };
  itAllows('what the order is ready for', next('accept-queued', 10, { ...timely, after: 'kim-command-9' }));
  itRefuses('the same behind an earlier command', next('accept-queued', 10, { ...timely, after: 'kim-command-8' }));
  itRefuses('an eleventh', next('accept-queued', 30, { after: 'kim-command-29', queued: 10 }));
  itRefuses(
    'an eleventh that begins a queue of its own',
    next('accept-queued', 30, { after: 'kim-command-29', queued: 1 }),
  );
});

describe('rules: commands, their rate', () => {
  const accept = { request: requestFor('accept') };
  itAllows('a second one a minute after the first', next('accept-refused', 2, accept));
  itRefuses(
    'a second one a minute after the first that names no command but a place',
    next('accept-refused', 2, { ...accept, queued: 1 }),
  );
  itRefuses('a second one within a second of the first', next('accept-waits', 2, accept));
  itRefuses(
    'a second one within a second that names no command but a place',
    next('accept-waits', 2, { ...accept, queued: 1 }),
  );
  itRefuses('a third one where there is no second', next('accept-refused', 3, accept));
  itRefuses('a number with a fraction', next('accept-refused', 1.5, accept));
  itRefuses('a number before the first', next('accept-refused', 0, accept));
  itAllows('a sixtieth', next('accept-sixty', 60, accept));
  itRefuses('a sixty-first', next('accept-refused', 61, accept));
});

/** The wish of a role that may ask it of the order, with refused neighbours that differ by these fields. */
function itDrawsMove(
  as: Persona,
  role: string,
  orderId: string,
  action: OrderAction,
  refused: Readonly<Record<string, Fields>>,
): void {
  const changed = (fields: Fields): Attempt => {
    const move = Object.fromEntries(
      Object.entries({ ...WISHES[action], ...fields }).filter(([, value]) => value !== REMOVED),
    );
    return command(as, role, orderId, { type: 'move', move });
  };
  describe(`rules: commands to ${action} by a ${role}`, () => {
    itAllows('a valid command', changed({}));
    itRefuses('an additional field', changed({ tip: 1 }));
    for (const [title, fields] of Object.entries(refused)) itRefuses(title, changed(fields));
  });
}

const STRANGE_FIXES: Readonly<Record<string, Fields>> = {
  'a fix without its time': { fix: without(FIX, 'takenAtMs') },
  'a fix with the time as text': { fix: { ...FIX, takenAtMs: 'now' } },
  'a fix of before 1970': { fix: { ...FIX, takenAtMs: -1 } },
  'a fix with a time that JavaScript cannot hold': { fix: { ...FIX, takenAtMs: 2 ** 53 } },
  'a fix with a time that no Date holds': { fix: { ...FIX, takenAtMs: 8_640_000_000_000_001 } },
  'a fix beyond the pole': { fix: { ...FIX, lat: 91 } },
  'a fix with its accuracy': { fix: { ...FIX, accuracy: 5 } },
  'a fix that is no map': { fix: 'here' },
};

itDrawsMove('kitchen', 'merchant', 'delivery-placed', 'accept', {
  'no time to prepare': { prepMinutes: 0 },
  'more than three hours': { prepMinutes: 181 },
  'half a minute': { prepMinutes: 0.5 },
  'minutes as text': { prepMinutes: '20' },
  'minutes as nothing': { prepMinutes: null },
});
itDrawsMove('kitchen', 'merchant', 'delivery-placed', 'reject', {
  'a reason of its own': { reason: 'no mood' },
  'no reason': { reason: REMOVED },
  'items that are no list': { itemIds: 'margherita' },
  'an item that is no text': { itemIds: ['margherita', 7] },
  'an item that is a number alone': { itemIds: [7] },
  'an item id with a slash': { itemIds: ['a/b'] },
  'two ids in one': { itemIds: ['a,b'] },
  'an empty id': { itemIds: [''] },
  'an id that Firestore reserves': { itemIds: ['margherita', '__x__', 'tonno'] },
  'an item id of 65 characters': { itemIds: ['a'.repeat(65)] },
  '51 items': { itemIds: Array.from({ length: 51 }, (_, index) => `item-${index}`) },
});
itDrawsMove('kitchen', 'merchant', 'delivery-accepted', 'startPreparing', { 'a time to prepare': { prepMinutes: 5 } });
itDrawsMove('kitchen', 'merchant', 'delivery-preparing', 'markReady', { 'a time to prepare': { prepMinutes: 5 } });
itDrawsMove('kitchen', 'merchant', 'delivery-preparing', 'delay', {
  'no minutes': { minutes: REMOVED },
  'a delay of no minute': { minutes: 0 },
  'more than three hours': { minutes: 181 },
  'half a minute': { minutes: 0.5 },
  'minutes as text': { minutes: '10' },
  'no event seen': { events: 0 },
  'more events than an order has': { events: 201 },
  'events as text': { events: '3' },
  "an operator's reason": { reason: 'the oven is cold' },
});
itDrawsMove('kitchen', 'merchant', 'pickup-ready', 'collect', {
  'a PIN of three digits': { pin: '123' },
  'a PIN of letters': { pin: 'abcd' },
  'a PIN that is a number': { pin: 1234 },
  'no PIN': { pin: REMOVED },
  'an ID that was not checked': { idChecked: false },
});
itDrawsMove('courier', 'courier', 'delivery-ready', 'pickUp', {
  'a code of 13 characters': { code: 'x'.repeat(13) },
  'a code that is a number': { code: 7 },
  ...STRANGE_FIXES,
});
itDrawsMove('courier', 'courier', 'delivery-picked_up', 'deliver', {
  ...STRANGE_FIXES,
  'no fix': { fix: REMOVED },
  'no proof': { proof: REMOVED },
  'a proof that is text': { proof: 'trust me' },
  'a PIN of three digits': { proof: { type: 'pin', pin: '123' } },
  'a PIN that is a number': { proof: { type: 'pin', pin: 1234 } },
  'a PIN with more': { proof: { type: 'pin', pin: '0123', path: 'x' } },
  'a PIN of another type': { proof: { type: 'photo', pin: '0123' } },
  'a photo of another order': { proof: { type: 'photo', path: 'proofs/other/cora/door.jpg' } },
  'a photo of another courier': { proof: { type: 'photo', path: 'proofs/delivery-picked_up/otis/door.jpg' } },
  'a photo elsewhere': { proof: { type: 'photo', path: 'public/delivery-picked_up/cora/door.jpg' } },
  'a photo that is no picture': { proof: { type: 'photo', path: 'proofs/delivery-picked_up/cora/door.svg' } },
  'a photo with more': { proof: { type: 'photo', path: 'proofs/delivery-picked_up/cora/door.jpg', pin: '0123' } },
  'an ID that was not checked': { idChecked: false },
  'a photo of another type': { proof: { type: 'pin', path: 'proofs/delivery-picked_up/cora/door.jpg' } },
});
itDrawsMove('courier', 'courier', 'delivery-picked_up', 'fail', {
  'no reason': { reason: REMOVED },
  'a blank reason': { reason: '  ' },
  'a reason of 201 characters': { reason: 'x'.repeat(201) },
  'a wait by the phone’s own clock': { waitedMinutes: 8 },
  'contacts by its own count': { contacts: 2 },
  'a cause that is not known': { cause: 'nobody' },
  'a cause that is not text': { cause: true },
});
itDrawsMove('courier', 'courier', 'delivery-picked_up', 'arrive', { ...STRANGE_FIXES, 'no fix': { fix: REMOVED } });
itDrawsMove('courier', 'courier', 'delivery-picked_up', 'contact', { 'a fix': { fix: FIX } });
itDrawsMove('courier', 'courier', 'delivery-undeliverable', 'return', {
  ...STRANGE_FIXES,
  'no fix': { fix: REMOVED },
  'the bill for the platform': { liable: 'platform' },
  'a bill without a party': { liable: null },
});
itDrawsMove('courier', 'courier', 'delivery-ready', 'unassign', {
  'no reason': { reason: REMOVED },
  'a blank reason': { reason: ' ' },
});

describe('rules: commands, optional parts', () => {
  const move = (as: Persona, role: string, orderId: string, wish: Fields) =>
    command(as, role, orderId, { type: 'move', move: wish });
  itAllows('an acceptance with the usual time', move('kitchen', 'merchant', 'delivery-placed', { action: 'accept' }));
  itAllows(
    'an acceptance with three hours',
    move('kitchen', 'merchant', 'delivery-placed', { action: 'accept', prepMinutes: 180 }),
  );
  itAllows(
    'a rejection without items',
    move('kitchen', 'merchant', 'delivery-placed', { action: 'reject', reason: 'closing' }),
  );
  itAllows(
    'a rejection with an empty list',
    move('kitchen', 'merchant', 'delivery-placed', { action: 'reject', reason: 'closing', itemIds: [] }),
  );
  itAllows(
    'a rejection with 50 items',
    move('kitchen', 'merchant', 'delivery-placed', {
      action: 'reject',
      reason: 'out_of_stock',
      itemIds: Array.from({ length: 50 }, (_, index) => `${index}-${'i'.repeat(60)}`),
    }),
  );
  itAllows('a hand-over without code and fix', move('owner', 'merchant', 'delivery-ready', { action: 'pickUp' }));
  itAllows(
    "a return at the customer's cost",
    move('courier', 'courier', 'delivery-undeliverable', { action: 'return', liable: 'customer', fix: FIX }),
  );
  itAllows(
    'a photo as proof',
    move('courier', 'courier', 'delivery-picked_up', {
      action: 'deliver',
      fix: FIX,
      proof: { type: 'photo', path: 'proofs/delivery-picked_up/cora/door.webp' },
    }),
  );
  for (const reason of ['too_busy', 'closing', 'cannot_fulfil']) {
    itAllows(
      `a rejection because of ${reason}`,
      move('kitchen', 'merchant', 'delivery-placed', { action: 'reject', reason }),
    );
  }
  itAllows(
    'a collection after a check of the ID',
    move('kitchen', 'merchant', 'pickup-ready', { action: 'collect', pin: '0123', idChecked: true }),
  );
  itAllows(
    'a delivery after a check of the ID',
    move('courier', 'courier', 'delivery-picked_up', {
      action: 'deliver',
      fix: FIX,
      proof: { type: 'pin', pin: '0123' },
      idChecked: true,
    }),
  );
  itAllows(
    'a failure for want of an ID',
    move('courier', 'courier', 'delivery-picked_up', { action: 'fail', reason: 'no ID', cause: 'id_check' }),
  );
  itAllows(
    'a code of twelve characters',
    move('courier', 'courier', 'delivery-ready', { action: 'pickUp', code: 'x'.repeat(12), fix: FIX }),
  );
  itAllows(
    'a fix of any time that a Date holds',
    move('courier', 'courier', 'delivery-ready', {
      action: 'pickUp',
      fix: { ...FIX, takenAtMs: 8_640_000_000_000_000 },
    }),
  );
  itAllows(
    'a fix of 1970',
    move('courier', 'courier', 'delivery-ready', { action: 'pickUp', fix: { ...FIX, takenAtMs: 0 } }),
  );
  itRefuses(
    'a field beside the move',
    command('kitchen', 'merchant', 'delivery-placed', { type: 'move', move: { action: 'accept' }, note: 'x' }),
  );
  itRefuses(
    'a courier who asks as the system',
    move('courier', 'system', 'delivery-undeliverable', { action: 'return', fix: FIX }),
  );
  itRefuses(
    'a courier who lost the role',
    move('suspendedCourier', 'courier', 'carried-by-susi', { action: 'unassign', reason: 'flat tyre' }),
  );
  itRefuses('a move without a verb', move('kitchen', 'merchant', 'delivery-placed', { prepMinutes: 5 }));
  itRefuses('a move of another restaurant', move('otherOwner', 'merchant', 'delivery-placed', { action: 'accept' }));
  itRefuses(
    'a move of another courier',
    move('otherCourier', 'courier', 'delivery-ready', { action: 'pickUp', code: 'A7', fix: FIX }),
  );
  itRefuses(
    'a courier who hands over as the kitchen',
    move('courier', 'merchant', 'delivery-ready', { action: 'pickUp' }),
  );
});
