import { strict as assert } from 'node:assert';
import { privacyBreaches } from '#simulator/invariants/privacy.js';
import type { Books } from '#simulator/invariants/snapshot.js';
import { KITCHEN_AT, START_MS } from '#fixtures/catalogue.js';
import { anOrder, aQuote, type OrderFacts } from '#fixtures/orders.js';

const NAMELESS = '-';
const viewers = { customerId: 'carla', restaurantId: 'rosa' };
const OMARS = 'couriers/omar/live/order-1';
const fixes = [{ ...KITCHEN_AT, agoMs: 0 }];
const message = {
  uid: 'carla',
  role: 'customer',
  n: 1,
  customerId: 'carla',
  restaurantId: null,
  courierId: 'omar',
  text: 'Third floor',
  createdAt: START_MS,
  state: 'shown',
} as const;
const found = (order: OrderFacts, books: Partial<Books> = {}): string[] =>
  privacyBreaches({
    orders: [['order-1', anOrder(order)]],
    couriers: [],
    ledger: [],
    quotes: [['order-1', aQuote()]],
    nowMs: START_MS,
    ...books,
  });
const over = { status: 'completed', customerName: NAMELESS } as const;
const line = { itemId: 'margherita', quantity: 2, modifierNames: [], grossMinor: 2000 };

describe('what is still to be read', () => {
  it('is the name while the order is under way, and the courier on the way', () => {
    const positions = [[OMARS, { ...viewers, fixes, seq: 1, at: START_MS }]] as const;
    assert.deepEqual(found({ status: 'picked_up' }, { positions }), []);
  });
  it('is nothing once it is over', () => {
    assert.deepEqual(found(over, { positions: [], messages: [['orders/order-1/messages/carla-1', message]] }), []);
  });

  it('may be the name of a courier who is called like the customer', () =>
    assert.deepEqual(found({ ...over, courierName: 'Carla' }), []));

  const broken: [string, OrderFacts, Partial<Books>, RegExp][] = [
    ['the name of an order that is over', { ...over, customerName: 'Carla' }, {}, /completed, and still says for whom/],
    ['the name in another field', { ...over, lines: [{ ...line, name: 'Carla' }] }, {}, /says the contactName/],
    ['the address', { status: 'picked_up', lines: [{ ...line, name: '7 Door Street' }] }, {}, /says the addressLine/],
    ['the telephone number', { status: 'picked_up', lines: [{ ...line, name: '+4312345678' }] }, {}, /says the phone/],
    [
      'a courier who is followed after the delivery',
      over,
      { positions: [[OMARS, viewers]] },
      /omar: still followed for order-1/,
    ],
    [
      'a courier who is followed for what another carries',
      { status: 'picked_up' },
      { positions: [['couriers/nina/live/order-1', viewers]] },
      /nina: still followed/,
    ],
    [
      'a courier who is followed by somebody else’s customer',
      { status: 'picked_up' },
      { positions: [[OMARS, { ...viewers, customerId: 'nina' }]] },
      /omar: followed by others/,
    ],
    [
      'a number in a chat',
      over,
      { messages: [['orders/order-1/messages/carla-1', { ...message, text: 'Ring +43 660 1234567' }]] },
      /carla-1 shows how to reach/,
    ],
  ];
  for (const [what, order, books, breach] of broken)
    it(`finds ${what}`, () => assert.match(found(order, books).join('\n'), breach));

  it('may be the name until a cancelled order is settled', () => {
    const due = { kind: 'settle' as const, atMs: START_MS };
    assert.deepEqual(found({ status: 'cancelled', due }), []);
    assert.equal(found({ status: 'cancelled', due: null }).length, 1);
  });
});
