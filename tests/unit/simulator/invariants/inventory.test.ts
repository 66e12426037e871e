import { strict as assert } from 'node:assert';
import { toAccountId } from '#functions/ledger/model/account-id.js';
import { ACCOUNTS } from '#functions/ledger/model/chart.js';
import { inventoryBreaches } from '#simulator/invariants/inventory.js';
import type { Books, Inventory } from '#simulator/invariants/snapshot.js';
import { aPromotion, MINUTE, START_MS } from '#fixtures/catalogue.js';
import { anOrder, aPricing, aQuote, type OrderFacts } from '#fixtures/orders.js';

const SLOT_MS = START_MS + 15 * MINUTE;
const coupon = {
  ...aPromotion({ id: 'five', kind: 'order', benefit: { type: 'fixed', amountMinor: 500 }, code: 'FIVE' }),
  totalLimit: 10,
  perUserLimit: 1,
};
const reserved = {
  promotions: [{ id: 'five', shard: 0 }],
  uses: ['five'],
  slotMs: SLOT_MS,
  stock: { margherita: 2 },
  creditMinor: 300,
};
const hold = { accountId: toAccountId('carla'), untilMs: null };

/** One of ten coupons, a place in the kitchen, two of ten portions and 3.00 of 5.00 credit are with Carla's order. */
const inventory = (changes: Partial<Inventory> = {}): Inventory => ({
  promotions: [['centre/five', coupon]],
  shards: [['centre/five', 9]],
  standings: [['carla', { credits: { EUR: 200 }, uses: { five: 1 } }]],
  restaurants: [['rosa', { slotCapacity: 1 }]],
  slots: [['rosa', SLOT_MS, { holds: { 'order-1': hold }, expireAt: 0 }]],
  stocks: [['rosa', { left: { margherita: 8 } }]],
  opened: new Map([['rosa', { margherita: 10 }]]),
  ...changes,
});
const granted = { account: ACCOUNTS.credit('carla'), amountMinor: -500 };
const found = (
  changes: Partial<Inventory> = {},
  order: OrderFacts = { status: 'placed', reserved },
  spentMinor = 0,
): string[] => {
  const spent = spentMinor === 0 ? [] : [{ account: ACCOUNTS.credit('carla'), amountMinor: spentMinor }];
  const books: Books = {
    orders: [['order-1', anOrder(order)]],
    couriers: [],
    nowMs: START_MS,
    inventory: inventory(changes),
    ledger: [
      ['credit-1', { orderId: null, kind: 'credit', currency: 'EUR', atMs: START_MS, entries: [granted, ...spent] }],
    ],
    quotes: [['order-1', aQuote({ slotMs: SLOT_MS, pricing: aPricing({ promotionIds: ['five'] }) })]],
  };
  return inventoryBreaches(books);
};

describe('the counters of limited resources', () => {
  it('agree with the reservations of an open order', () => assert.deepEqual(found(), []));
  it('agree with an order that was charged', () => assert.deepEqual(found({}, { status: 'delivered' }, 300), []));
  it('agree with a void order that released everything except cooked portions', () => {
    const back = inventory({
      shards: [['centre/five', 10]],
      slots: [],
      standings: [['carla', { credits: { EUR: 500 }, uses: { five: 0 } }]],
    });
    const uncooked = { ...back, stocks: [['rosa', { left: { margherita: 10 } }]] } satisfies Partial<Inventory>;
    assert.deepEqual(found(back, { status: 'cancelled', events: anOrder({ status: 'preparing' }).events }), []);
    assert.deepEqual(found(uncooked, { status: 'cancelled', events: anOrder({ status: 'accepted' }).events }), []);
  });

  const broken: [string, Partial<Inventory>, RegExp][] = [
    ['a use that no order holds', { shards: [['centre/five', 8]] }, /five: 2 uses are counted, 1 orders hold one/],
    ['a use that is not counted', { shards: [['centre/five', 10]] }, /five: 0 uses are counted/],
    [
      'more uses than the limit',
      {
        shards: [
          ['centre/five', -1],
          ['centre/five', 10],
        ],
      },
      /more uses than its limit of 10/,
    ],
    [
      'a use that is not counted for its customer',
      { standings: [['carla', { credits: { EUR: 200 }, uses: {} }]] },
      /carla: 0 uses of five are counted, 1 orders/,
    ],
    [
      'a customer with more uses than allowed',
      { standings: [['carla', { credits: { EUR: 200 }, uses: { five: 2 } }]] },
      /2 uses of five, 1 are allowed/,
    ],
    [
      'credit that the ledger does not owe',
      { standings: [['carla', { credits: { EUR: 500 }, uses: { five: 1 } }]] },
      /may spend 500 EUR, the ledger has 200/,
    ],
    ['an order without its place in the slot', { slots: [] }, /no place in a slot is held for order-1/],
    [
      'a place in a slot that no order needs',
      {
        slots: [['rosa', SLOT_MS, { holds: { 'order-1': hold, 'order-2': hold }, expireAt: 0 }]],
        restaurants: [['rosa', { slotCapacity: 2 }]],
      },
      /order-2 rosa \d+, which has ended or has no slot/,
    ],
    [
      'a slot with more orders than its capacity',
      {
        slots: [
          [
            'rosa',
            SLOT_MS,
            {
              holds: { 'order-1': hold, 'order-2': { accountId: toAccountId('nina'), untilMs: START_MS + 1 } },
              expireAt: 0,
            },
          ],
        ],
      },
      /2 orders in the slot at \d+, capacity 1/,
    ],
    [
      'more portions than in stock',
      { stocks: [['rosa', { left: { margherita: -1 } }]], opened: new Map() },
      /1 more portions of margherita taken than in stock/,
    ],
    [
      'portions that no order took',
      { stocks: [['rosa', { left: { margherita: 7 } }]] },
      /3 portions of margherita are taken from stock, 2 were ordered/,
    ],
  ];
  for (const [what, changes, breach] of broken)
    it(`show ${what}`, () => assert.match(found(changes).join('\n'), breach));

  it('show a coupon that was released although it paid for a whole delivery', () => {
    const back = { shards: [['centre/five', 10] as const] };
    const free = { status: 'delivered', payment: { capturedMinor: 0, authorizedMinor: 0, intentId: null } } as const;
    assert.match(found(back, free, 300).join('\n'), /0 uses are counted, 1 orders hold one/);
  });
  it('include the hold of a quote until it expires', () => {
    const expired = {
      holds: { 'order-1': hold, 'quote-2': { accountId: toAccountId('nina'), untilMs: START_MS } },
      expireAt: 0,
    };
    assert.deepEqual(found({ slots: [['rosa', SLOT_MS, expired]] }), []);
  });
});
