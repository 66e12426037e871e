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

describe('personal data of an order', () => {
  it("may be the customer's name and the courier's position during the delivery", () => {
    const positions = [[OMARS, { ...viewers, fixes, seq: 1, at: START_MS }]] as const;
    assert.deepEqual(found({ status: 'picked_up' }, { positions }), []);
  });
  it('is removed once the order is final', () => {
    assert.deepEqual(found(over, { positions: [], messages: [['orders/order-1/messages/carla-1', message]] }), []);
  });

  it("may be a courier's name that equals the customer's", () =>
    assert.deepEqual(found({ ...over, courierName: 'Carla' }), []));

  const broken: [string, OrderFacts, Partial<Books>, RegExp][] = [
    [
      "the customer's name in a final order",
      { ...over, customerName: 'Carla' },
      {},
      /completed, but still has the customer's name/,
    ],
    ['the name in another field', { ...over, lines: [{ ...line, name: 'Carla' }] }, {}, /contains the contactName/],
    [
      'the address',
      { status: 'picked_up', lines: [{ ...line, name: '7 Door Street' }] },
      {},
      /contains the addressLine/,
    ],
    [
      'the telephone number',
      { status: 'picked_up', lines: [{ ...line, name: '+4312345678' }] },
      {},
      /contains the phone/,
    ],
    [
      "a courier's position after the delivery",
      over,
      { positions: [[OMARS, viewers]] },
      /omar: the position is still shared for order-1/,
    ],
    [
      "a courier's position for another courier's order",
      { status: 'picked_up' },
      { positions: [['couriers/nina/live/order-1', viewers]] },
      /nina: the position is still shared/,
    ],
    [
      "a courier's position for another customer",
      { status: 'picked_up' },
      { positions: [[OMARS, { ...viewers, customerId: 'nina' }]] },
      /omar: the position for order-1 is shared with others/,
    ],
    [
      'a number in a chat',
      over,
      { messages: [['orders/order-1/messages/carla-1', { ...message, text: 'Ring +43 660 1234567' }]] },
      /carla-1 shows contact details/,
    ],
  ];
  for (const [what, order, books, breach] of broken)
    it(`is reported where readable: ${what}`, () => assert.match(found(order, books).join('\n'), breach));

  it("may be the customer's name until a cancelled order is settled", () => {
    const due = { kind: 'settle' as const, atMs: START_MS };
    assert.deepEqual(found({ status: 'cancelled', due }), []);
    assert.equal(found({ status: 'cancelled', due: null }).length, 1);
  });
});
