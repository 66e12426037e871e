import { strict as assert } from 'node:assert';
import { toAccountId } from '#functions/ledger/model/account-id.js';
import { ACCOUNTS } from '#functions/ledger/model/journals.js';
import { supplyBreaches } from '#simulator/invariants/inventory.js';
import type { Books, Supplies } from '#simulator/invariants/snapshot.js';
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
const supplies = (changes: Partial<Supplies> = {}): Supplies => ({
  promotions: [['five', coupon]],
  shards: [['five', 9]],
  standings: [['carla', { credits: { EUR: 200 }, uses: { five: 1 } }]],
  restaurants: [['rosa', { slotCapacity: 1 }]],
  slots: [['rosa', SLOT_MS, { holds: { 'order-1': hold }, expireAt: 0 }]],
  stocks: [['rosa', { left: { margherita: 8 } }]],
  opened: new Map([['rosa', { margherita: 10 }]]),
  ...changes,
});
const granted = { account: ACCOUNTS.credit('carla'), amountMinor: -500 };
const found = (
  changes: Partial<Supplies> = {},
  order: OrderFacts = { status: 'placed', reserved },
  spentMinor = 0,
): string[] => {
  const spent = spentMinor === 0 ? [] : [{ account: ACCOUNTS.credit('carla'), amountMinor: spentMinor }];
  const books: Books = {
    orders: [['order-1', anOrder(order)]],
    couriers: [],
    nowMs: START_MS,
    supplies: supplies(changes),
    ledger: [
      ['credit-1', { orderId: null, kind: 'credit', currency: 'EUR', atMs: START_MS, entries: [granted, ...spent] }],
    ],
    quotes: [['order-1', aQuote({ slotMs: SLOT_MS, pricing: aPricing({ promotionIds: ['five'] }) })]],
  };
  return supplyBreaches(books);
};

describe('what there is only so much of', () => {
  it('is sound while an order under way holds it', () => assert.deepEqual(found(), []));
  it('is sound when the order was charged for it', () => assert.deepEqual(found({}, { status: 'delivered' }, 300), []));
  it('is sound when a void order gave it back, but for what was cooked', () => {
    const back = supplies({
      shards: [['five', 10]],
      slots: [],
      standings: [['carla', { credits: { EUR: 500 }, uses: { five: 0 } }]],
    });
    const uncooked = { ...back, stocks: [['rosa', { left: { margherita: 10 } }]] } satisfies Partial<Supplies>;
    assert.deepEqual(found(back, { status: 'cancelled', events: anOrder({ status: 'preparing' }).events }), []);
    assert.deepEqual(found(uncooked, { status: 'cancelled', events: anOrder({ status: 'accepted' }).events }), []);
  });

  const broken: [string, Partial<Supplies>, RegExp][] = [
    ['a use that no order holds', { shards: [['five', 8]] }, /five: 2 uses are counted, 1 orders hold one/],
    ['a use that nobody counted', { shards: [['five', 10]] }, /five: 0 uses are counted/],
    [
      'more uses than there are',
      {
        shards: [
          ['five', -1],
          ['five', 10],
        ],
      },
      /more than 10 uses/,
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
    ['an order without its place', { slots: [] }, /no place is held for order-1/],
    [
      'a place for nobody',
      {
        slots: [['rosa', SLOT_MS, { holds: { 'order-1': hold, 'order-2': hold }, expireAt: 0 }]],
        restaurants: [['rosa', { slotCapacity: 2 }]],
      },
      /order-2 rosa \d+, which does not need it/,
    ],
    [
      'a kitchen that is too full',
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
      /2 orders at \d+, room for 1/,
    ],
    [
      'more portions than there were',
      { stocks: [['rosa', { left: { margherita: -1 } }]], opened: new Map() },
      /1 too many of margherita/,
    ],
    [
      'portions that nobody ordered',
      { stocks: [['rosa', { left: { margherita: 7 } }]] },
      /3 of margherita are gone, 2 were ordered/,
    ],
  ];
  for (const [what, changes, breach] of broken)
    it(`finds ${what}`, () => assert.match(found(changes).join('\n'), breach));

  it('finds a coupon that came back though it had paid for all of a delivery', () => {
    const back = { shards: [['five', 10] as const] };
    const free = { status: 'delivered', payment: { capturedMinor: 0, authorizedMinor: 0, intentId: null } } as const;
    assert.match(found(back, free, 300).join('\n'), /0 uses are counted, 1 orders hold one/);
  });
  it('counts a hold of a quote until it lapses', () => {
    const lapsed = {
      holds: { 'order-1': hold, 'quote-2': { accountId: toAccountId('nina'), untilMs: START_MS } },
      expireAt: 0,
    };
    assert.deepEqual(found({ slots: [['rosa', SLOT_MS, lapsed]] }), []);
  });
});
