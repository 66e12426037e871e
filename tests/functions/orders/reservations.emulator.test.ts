import { strict as assert } from 'node:assert';
import { FIRST_ORDER } from '#functions/contract/accounts.js';
import { ACCOUNTS } from '#functions/ledger/model/chart.js';
import type { Promotion } from '#functions/contract/zones.js';
import type { Backend } from '#fixtures/backend.js';
import { paths } from '#functions/platform/firestore.js';
import { assertSound } from '#fixtures/books.js';
import { aPromotion, MINUTE, START_MS, theDropOff } from '#fixtures/catalogue.js';
import { aCity, type CityFacts } from '#fixtures/city.js';
import { aCart, Journey } from '#fixtures/journey.js';
import { forgetPast, pastOrderId } from '#fixtures/past-orders.js';
import { anOrder } from '#fixtures/orders.js';

let backend: Backend;
const city = async (facts: CityFacts = {}) => (backend = await aCity(facts));
const left = async (path: string, field = 'left'): Promise<unknown> => (await backend.db.doc(path).get()).get(field);

/** 5.00 off by code, paid by the platform; limited as asked. */
const coupon = (limits: Partial<Promotion>): Promotion =>
  ({
    ...aPromotion({
      id: 'five',
      kind: 'order',
      code: 'FIVE',
      benefit: { type: 'fixed', amountMinor: 500 },
      merchantFundedPpm: 0,
    }),
    ...limits,
  }) as Promotion;
const withCoupon = async (limits: Partial<Promotion>) => {
  await city();
  await backend.call('savePromotion', 'olga', { zoneId: 'centre', promotion: coupon(limits) });
};

/** The account completes an order: from then on its quotes hold places. */
const complete = (uid: string) =>
  paths.order(backend.db, pastOrderId(uid)).set(anOrder({ status: 'completed', customerId: uid }));

/** All customers request a quote, then all place at once. Returns how many got the price that they had accepted. */
async function race(
  customers: number,
  cart: object,
): Promise<{ placed: string[]; changed: number; refused: string[] }> {
  const uids = Array.from({ length: customers }, (_, index) => `customer-${index}`);
  for (const uid of uids) backend.identity.add(uid, { role: 'customer' }, uid);
  const quotes = await Promise.all(uids.map((uid) => backend.call('quote', uid, aCart(cart))));
  const results = await Promise.allSettled(
    quotes.map(({ quoteId, totals }, index) =>
      backend.call('placeOrder', uids[index] ?? null, {
        quoteId,
        idempotencyKey: `place-${index}-key`,
        confirmedTotalMinor: totals.totalMinor,
        paymentMethodId: 'pm_card_visa',
      }),
    ),
  );
  const values = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const placed = values.flatMap((value) => (value.outcome === 'placed' ? [value.orderId] : []));
  const refused = results.flatMap((result) => (result.status === 'rejected' ? [String(result.reason)] : []));
  return { placed, changed: values.length - placed.length, refused };
}

describe('limited resources', () => {
  afterEach(async () => {
    await backend.deliverWebhooks();
    await forgetPast(backend);
    await assertSound(backend);
    await backend.close();
  });

  it('of a coupon: of 50 customers 10 get the last 10 uses, the others see the price without it', async () => {
    await withCoupon({ totalLimit: 10 });
    const { placed, changed, refused } = await race(50, { promotionCodes: ['FIVE'] });
    assert.deepEqual([placed.length, changed, refused], [10, 40, []]);
    assert.equal(await left('zones/centre/promotions/five/shards/0'), 0);
  });

  it('of a portion: the last one goes to one customer, and no other pays for it', async () => {
    await city({ restaurant: { countsStock: true } });
    await backend.db.doc('restaurants/rosa/live/stock').set({ left: { margherita: 3 } });
    const { placed } = await race(5, { lines: [{ itemId: 'margherita', quantity: 2 }] });
    assert.equal(placed.length, 1);
    assert.equal(await left('restaurants/rosa/live/stock', 'left.margherita'), 1);
    assert.equal(backend.fake.moved.filter((what) => what.startsWith('hold')).length, 1);
  });

  it('of a kitchen: a quarter of an hour has its capacity, by the quotes that hold places', async () => {
    await city({ restaurant: { slotCapacity: 2 } });
    const scheduledForMs = START_MS + 120 * MINUTE;
    const uids = ['carla', 'nina', 'olga'];
    await Promise.all(uids.map(complete));
    const outcomes = await Promise.allSettled(uids.map((uid) => backend.call('quote', uid, aCart({ scheduledForMs }))));
    assert.deepEqual(outcomes.map(({ status }) => status).toSorted(), ['fulfilled', 'fulfilled', 'rejected']);
  });

  it('of a kitchen: as soon as possible is the next quarter of an hour with a place', async () => {
    await city({ restaurant: { slotCapacity: 1 } });
    await complete('carla');
    const first = await backend.call('quote', 'carla', aCart());
    const second = await backend.call('quote', 'nina', aCart());
    // Ready at 12:20, in the quarter from 12:15; the next begins at 12:30. The way is ten minutes.
    assert.deepEqual([first.promisedInSeconds, second.promisedInSeconds], [30 * 60, 40 * 60]);
  });

  it('of a kitchen: a quote that is not placed releases its place when it expires', async () => {
    await city({ restaurant: { slotCapacity: 1 } });
    const scheduledForMs = START_MS + 120 * MINUTE;
    await complete('carla');
    await backend.call('quote', 'carla', aCart({ scheduledForMs }));
    await assert.rejects(backend.call('quote', 'nina', aCart({ scheduledForMs })), { reason: 'KITCHEN_FULL' });
    await backend.advance(16 * MINUTE);
    await backend.call('quote', 'nina', aCart({ scheduledForMs }));
  });

  it('are not counted again by an order that is rejected after the restaurant stopped counting them', async () => {
    await city({ restaurant: { countsStock: true } });
    await backend.db.doc('restaurants/rosa/live/stock').set({ left: { margherita: 2, cola: 5 } });
    const journey = await new Journey(backend).place();
    await backend.call('setStock', 'mario', { restaurantId: 'rosa', left: { margherita: null } });
    await journey.move('mario', { action: 'reject', reason: 'too_busy' });
    assert.deepEqual(await left('restaurants/rosa/live/stock', 'left'), { cola: 5 });
  });

  it('are released by a rejected order: uses, portions, place and credit', async () => {
    await city({ restaurant: { countsStock: true, slotCapacity: 1 } });
    await backend.call('savePromotion', 'olga', {
      zoneId: 'centre',
      promotion: coupon({ totalLimit: 1, perUserLimit: 1 }),
    });
    await backend.db.doc('restaurants/rosa/live/stock').set({ left: { margherita: 2 } });
    await credit(300);
    const journey = await new Journey(backend).place({ cart: { promotionCodes: ['FIVE'], useCredit: true } });
    assert.deepEqual((await backend.order('order-1')).reserved, {
      promotions: [{ id: 'five', shard: 0 }],
      uses: ['five'],
      slotMs: START_MS + 15 * MINUTE,
      stock: { margherita: 2 },
      creditMinor: 300,
    });
    await journey.move('mario', { action: 'reject', reason: 'too_busy' });
    assert.equal(await left('zones/centre/promotions/five/shards/0'), 1);
    assert.equal(await left('restaurants/rosa/live/stock', 'left.margherita'), 2);
    assert.deepEqual(await left('users/carla/private/standing', 'uses'), { five: 0 });
    assert.deepEqual(await left('users/carla/private/standing', 'credits'), { EUR: 300 });
    assert.deepEqual(await left(`restaurants/rosa/slots/${START_MS + 15 * MINUTE}`, 'holds'), {});
    assert.equal((await backend.order('order-1')).reserved, undefined);
  });

  for (const [state, kept] of [
    ['accepted', 0],
    ['preparing', 3],
  ] as const)
    it(`of a portion keep ${kept} of 3 for an order that is cancelled ${state === 'accepted' ? 'before' : 'after'} the kitchen begins`, async () => {
      await city({ restaurant: { countsStock: true } });
      await backend.db.doc('restaurants/rosa/live/stock').set({ left: { margherita: 21 } });
      const journey = new Journey(backend);
      await journey.place({ cart: { lines: [{ itemId: 'margherita', quantity: 3 }] } });
      await journey.reach(state);
      assert.equal(await left('restaurants/rosa/live/stock', 'left.margherita'), 18);
      await journey.cancel('mario');
      await backend.advance(11 * MINUTE);
      assert.equal(await left('restaurants/rosa/live/stock', 'left.margherita'), 21 - kept);
    });

  it('are released one by one: a coupon does not change the credit, credit not the coupons', async () => {
    await withCoupon({ perUserLimit: 2 });
    const standing = async () => [
      await left('users/carla/private/standing', 'credits'),
      await left('users/carla/private/standing', 'uses'),
    ];
    await credit(300);
    const withoutCredit = await new Journey(backend).place({ cart: { promotionCodes: ['FIVE'] } });
    assert.deepEqual(await standing(), [{ EUR: 300 }, { five: 1 }]);
    const withoutCoupon = await new Journey(backend).place({ cart: { useCredit: true } });
    assert.deepEqual(await standing(), [{ EUR: 0 }, { five: 1 }]);
    await withoutCoupon.move('mario', { action: 'reject', reason: 'too_busy' });
    assert.deepEqual(await standing(), [{ EUR: 300 }, { five: 1 }]);
    await withoutCredit.move('mario', { action: 'reject', reason: 'too_busy' });
    assert.deepEqual(await standing(), [{ EUR: 300 }, { five: 0 }]);
  });

  it('stay taken by a paid order', async () => {
    await withCoupon({ perUserLimit: 1, totalLimit: 5 });
    await (await new Journey(backend).place({ cart: { promotionCodes: ['FIVE'] } })).reach('delivered');
    assert.equal(await left('zones/centre/promotions/five/shards/0'), 4);
    await assert.rejects(new Journey(backend).quote({ promotionCodes: ['FIVE'] }), {
      reason: 'PROMOTION_LIMIT_REACHED',
    });
  });

  it('of a coupon whose limit is lowered below its uses are none, and the uses stay counted', async () => {
    const limited = (totalLimit: number) =>
      backend.call('savePromotion', 'olga', { zoneId: 'centre', promotion: coupon({ totalLimit }) });
    const place = () => new Journey(backend).place({ cart: { promotionCodes: ['FIVE'] } });
    // An accepted order no longer counts among those that can be cancelled free of charge.
    const placeAccepted = async () => (await place()).move('mario', { action: 'accept' });
    const shard = async () => {
      const { expireAt: _, ...counts } =
        (await backend.db.doc('zones/centre/promotions/five/shards/0').get()).data() ?? {};
      return counts;
    };
    await withCoupon({ totalLimit: 10 });
    await placeAccepted();
    await placeAccepted();
    const [first, second] = [await place(), await place()];
    await limited(1);
    assert.deepEqual(await shard(), { left: 0, over: 3 });
    await assert.rejects(place(), { reason: 'PROMOTION_USED_UP' });
    await first.move('mario', { action: 'reject', reason: 'too_busy' });
    await second.move('mario', { action: 'reject', reason: 'too_busy' });
    // Two of four came back: one is still beyond the limit.
    await assert.rejects(place(), { reason: 'PROMOTION_USED_UP' });
    await limited(4);
    assert.deepEqual(await shard(), { left: 2 });
    await placeAccepted();
    await placeAccepted();
    await assert.rejects(place(), { reason: 'PROMOTION_USED_UP' });
  });

  it('stay taken by an order that the coupon paid for in full', async () => {
    await city({ zone: { pricing: { serviceFee: { ratePpm: 0, minMinor: 0, maxMinor: 0 }, bagFeeMinor: 0 } } });
    const free = { benefit: { type: 'percent', ratePpm: 1_000_000 }, perUserLimit: 1, totalLimit: 5 } as const;
    const ride = aPromotion({ id: 'ride', kind: 'delivery', benefit: free.benefit, merchantFundedPpm: 0 });
    for (const promotion of [coupon(free), ride])
      await backend.call('savePromotion', 'olga', { zoneId: 'centre', promotion });
    const journey = await new Journey(backend).place({ card: null, cart: { promotionCodes: ['FIVE'], tipPpm: 0 } });
    assert.equal((await backend.order(journey.orderId)).totals.totalMinor, 0);
    await journey.reach('delivered');
    assert.equal(await left('zones/centre/promotions/five/shards/0'), 4);
    assert.deepEqual(await left('users/carla/private/standing', 'uses'), { five: 1 });
  });

  it('are taken once, also when placing is repeated', async () => {
    await withCoupon({ totalLimit: 1 });
    const journey = new Journey(backend);
    const { totals } = await journey.quote({ promotionCodes: ['FIVE'] });
    const place = () =>
      backend.call('placeOrder', 'carla', {
        quoteId: journey.orderId,
        idempotencyKey: 'place-key-1',
        confirmedTotalMinor: totals.totalMinor,
        paymentMethodId: 'pm_card_visa',
      });
    const answers = [await place(), await place()];
    assert.deepEqual(
      answers.map(({ outcome }) => outcome),
      ['placed', 'placed'],
    );
    assert.equal(await left('zones/centre/promotions/five/shards/0'), 0);
  });
});

const credit = (amountMinor: number, key = 'credit-key-1', uid = 'carla') =>
  backend.call('grantCredit', 'olga', {
    uid,
    currency: 'EUR',
    amountMinor,
    reason: 'late order',
    idempotencyKey: key,
  });

describe('a first order', () => {
  afterEach(() => backend.close());
  const first = () => withCoupon({ firstOrderOnly: true });

  it('has its promotion once, also when two are placed at the same time', async () => {
    await first();
    const journeys = [new Journey(backend), new Journey(backend)];
    const quotes = await Promise.all(journeys.map((journey) => journey.quote({ promotionCodes: ['FIVE'] })));
    const outcomes = await Promise.all(
      quotes.map(({ quoteId, totals }, index) =>
        backend.call('placeOrder', 'carla', {
          quoteId,
          idempotencyKey: `place-key-${index}`,
          confirmedTotalMinor: totals.totalMinor,
        }),
      ),
    );
    assert.deepEqual(outcomes.map(({ outcome }) => outcome).toSorted(), ['changed', 'placed']);
  });

  it('is not an order after a delivered one', async () => {
    await first();
    await (await new Journey(backend).place()).reach('delivered');
    await assert.rejects(new Journey(backend).quote({ promotionCodes: ['FIVE'] }), { reason: 'FIRST_ORDER_ONLY' });
  });

  it('is not an order after a delivered one, with any number of failed ones since', async () => {
    await first();
    const delivered = anOrder({ status: 'completed', createdAtMs: START_MS - 60 * 24 * 60 * MINUTE });
    await paths.order(backend.db, 'past').set(delivered);
    const unpaid = Array.from({ length: 12 }, (_, index) =>
      paths
        .order(backend.db, `unpaid-${index}`)
        .set(anOrder({ status: 'expired', createdAtMs: START_MS - index * MINUTE })),
    );
    await Promise.all(unpaid);
    await assert.rejects(new Journey(backend).quote({ promotionCodes: ['FIVE'] }), { reason: 'FIRST_ORDER_ONLY' });
    assert.equal((await paths.standing(backend.db, 'carla').get()).data()?.hasOrdered, true);
    // Remembered: the order itself is not looked for again.
    await paths.order(backend.db, 'past').delete();
    await assert.rejects(new Journey(backend).quote({ promotionCodes: ['FIVE'] }), { reason: 'FIRST_ORDER_ONLY' });
  });

  it('is the first one that does not fail after twelve failed ones', async () => {
    await first();
    const past = Array.from({ length: 12 }, (_, index) =>
      paths
        .order(backend.db, `unpaid-${index}`)
        .set(anOrder({ status: 'expired', createdAtMs: START_MS - index * MINUTE })),
    );
    await Promise.all(past);
    assert.equal((await new Journey(backend).quote({ promotionCodes: ['FIVE'] })).totals.discountMinor, 500);
  });

  it('may follow a failed one', async () => {
    await first();
    const journey = await new Journey(backend).place();
    await journey.move('mario', { action: 'reject', reason: 'closing' });
    assert.equal((await new Journey(backend).quote({ promotionCodes: ['FIVE'] })).totals.discountMinor, 500);
  });
});

describe('promotions for the first order', () => {
  afterEach(async () => {
    await assertSound(backend);
    await backend.close();
  });
  const benefit = { type: 'fixed' as const, amountMinor: 100 };
  const first = (id: string, kind: 'order' | 'delivery') => ({
    ...aPromotion({ id, kind, benefit, merchantFundedPpm: 0 }),
    firstOrderOnly: true,
  });
  const uses = async () => (await paths.standing(backend.db, 'carla').get()).data()?.uses;
  const ONE = [first('welcome', 'order')];
  const BOTH = [...ONE, first('free-ride', 'delivery')];

  for (const [promotions, discountMinor] of [
    [ONE, 100],
    [BOTH, 200],
  ] as const) {
    it(`are one use of an order with ${promotions.length}, and are released completely when the kitchen rejects it`, async () => {
      backend = await aCity({ promotions: [...promotions] });
      const journey = await new Journey(backend).place();
      assert.deepEqual(await uses(), { [FIRST_ORDER]: 1 });
      await journey.move('mario', { action: 'reject', reason: 'too_busy' });
      await backend.deliverWebhooks();
      assert.deepEqual(await uses(), { [FIRST_ORDER]: 0 });
      assert.equal((await new Journey(backend).quote()).totals.discountMinor, discountMinor);
    });
  }

  it('are released as often as an older order had counted them', async () => {
    backend = await aCity({ promotions: BOTH });
    const journey = await new Journey(backend).place();
    await paths.standing(backend.db, 'carla').update({ uses: { [FIRST_ORDER]: 2 } });
    const order = await backend.order('order-1');
    const reserved = order.reserved && { ...order.reserved, uses: [FIRST_ORDER, FIRST_ORDER] };
    await paths.order(backend.db, 'order-1').set({ ...order, ...(reserved && { reserved }) });
    await journey.move('mario', { action: 'reject', reason: 'too_busy' });
    await backend.deliverWebhooks();
    assert.deepEqual(await uses(), { [FIRST_ORDER]: 0 });
  });
});

describe('credit', () => {
  afterEach(async () => {
    await backend.deliverWebhooks();
    await assertSound(backend);
    await backend.close();
  });

  it('is granted once per key, and its balance never falls below zero', async () => {
    await city();
    assert.deepEqual(await credit(500), { balanceMinor: 500, replayed: false });
    assert.deepEqual(await credit(500), { balanceMinor: 500, replayed: true });
    await assert.rejects(credit(-501, 'credit-key-2'), { reason: 'CREDIT_SPENT' });
    await assert.rejects(
      backend.call('grantCredit', 'carla', {
        uid: 'carla',
        currency: 'EUR',
        amountMinor: 1,
        reason: 'x',
        idempotencyKey: 'credit-key-3',
      }),
      { reason: 'ROLE_REQUIRED' },
    );
  });

  it('is granted to two customers under the same key', async () => {
    await city();
    assert.deepEqual(await credit(500), { balanceMinor: 500, replayed: false });
    assert.deepEqual(await credit(300, 'credit-key-1', 'nina'), { balanceMinor: 300, replayed: false });
    assert.deepEqual(await credit(300, 'credit-key-1', 'nina'), { balanceMinor: 300, replayed: true });
  });

  it('pays first where the customer wants it, and is posted to the ledger', async () => {
    await city();
    await credit(500);
    await (await new Journey(backend).place({ cart: { useCredit: true } })).reach('delivered');
    assert.equal(backend.fake.moved.at(-1), 'capture order-1 2440');
    assert.equal(await balance(ACCOUNTS.credit('carla')), 0);
    assert.equal(await balance('merchant:rosa'), 1600);
  });

  it('that pays the whole price opens no hold', async () => {
    await city();
    await credit(5000);
    const journey = await new Journey(backend).place({ cart: { useCredit: true, tipPpm: 0 } });
    assert.equal((await backend.order('order-1')).payment.status, 'none');
    await journey.reach('delivered');
    assert.equal(await balance(ACCOUNTS.credit('carla')), 5000 - 2740);
    assert.deepEqual(backend.fake.moved, []);
  });

  for (const [by, ends, expected] of [
    [
      'the customer',
      (journey: Journey) => journey.cancel('carla'),
      { credit: 5000 - 1650, kitchen: 1600, held: 450, five: 1 },
    ],
    ['the kitchen', (journey: Journey) => journey.cancel('mario'), { credit: 5000, kitchen: 0, held: 0, five: 0 }],
  ] as const)
    it(`that paid the whole price is settled without money where ${by} cancels while the food is prepared`, async () => {
      await withCoupon({ perUserLimit: 1 });
      await credit(5000);
      const cart = { useCredit: true, tipPpm: 0, promotionCodes: ['FIVE'] };
      const journey = await (await new Journey(backend).place({ card: null, cart })).reach('preparing');
      assert.equal((await backend.order('order-1')).totals.totalMinor, 0);
      await journey.assign();
      await ends(journey);
      // An operator may undo it for ten minutes.
      await backend.advance(11 * MINUTE);
      const found = {
        credit: await balance(ACCOUNTS.credit('carla')),
        kitchen: await balance('merchant:rosa'),
        held: await balance(ACCOUNTS.held('omar')),
        five: await left('users/carla/private/standing', 'uses.five'),
      };
      assert.deepEqual(found, expected);
      assert.deepEqual(await left('users/carla/private/standing', 'credits.EUR'), expected.credit);
      // The courier had not arrived at the counter: the ride waits for an operator.
      assert.equal(await balance(ACCOUNTS.courier('omar')), 0);
      assert.deepEqual(backend.fake.moved, []);
    });

  it('is not spent twice: of two orders at once one sees another price', async () => {
    await city();
    await credit(500);
    const quotes = [
      await backend.call('quote', 'carla', aCart({ useCredit: true })),
      await backend.call('quote', 'carla', aCart({ useCredit: true })),
    ];
    const outcomes = await Promise.all(
      quotes.map(({ quoteId, totals }, index) =>
        backend.call('placeOrder', 'carla', {
          quoteId,
          idempotencyKey: `place-key-${index}`,
          confirmedTotalMinor: totals.totalMinor,
        }),
      ),
    );
    assert.deepEqual(outcomes.map(({ outcome }) => outcome).toSorted(), ['changed', 'placed']);
  });
});

const balance = async (account: string) => {
  const ledger = await backend.db.collection('ledger').get();
  const entries: { account: string; amountMinor: number }[] = ledger.docs.flatMap((one) => one.get('entries'));
  return entries.filter((entry) => entry.account === account).reduce((sum, entry) => sum - entry.amountMinor, 0);
};

describe('stacking', () => {
  afterEach(() => backend.close());
  const two = (exclusive: boolean) => [
    coupon({ exclusive }),
    aPromotion({ id: 'auto', kind: 'order', benefit: { type: 'percent', ratePpm: 100_000 } }),
  ];

  it('combines compatible promotions', async () => {
    await city({ promotions: two(false) });
    // 10 % of 20.00, then 5.00.
    assert.equal((await new Journey(backend).quote({ promotionCodes: ['FIVE'] })).totals.discountMinor, 700);
  });

  it('takes the better of an exclusive one and the rest', async () => {
    await city({ promotions: two(true) });
    assert.equal((await new Journey(backend).quote({ promotionCodes: ['FIVE'] })).totals.discountMinor, 500);
  });
});

describe('a slot beyond the life of a hold', () => {
  const scheduledForMs = START_MS + 10 * 24 * 60 * MINUTE;
  const chargedAtMs = scheduledForMs - 12 * 60 * MINUTE;
  let journey: Journey;
  const scheduled = async (card: string | null = 'pm_card_visa') => {
    await city();
    await saveCards(['pm_card_visa', 'pm_card_declined', 'pm_card_challenged']);
    journey = await new Journey(backend).place({ card, cart: { scheduledForMs, dropOff: theDropOff } });
  };
  afterEach(async () => {
    await backend.deliverWebhooks();
    await assertSound(backend);
    await backend.close();
  });
  const order = () => backend.order('order-1');
  const saveCards = async (ids: readonly string[], uid = 'carla') => {
    await backend.call('setUpPayment', uid, {});
    const saved = { brand: 'visa', last4: '4242', expMonth: 12, expYear: 2030 };
    backend.fake.cards.set(
      `cus_${uid}`,
      ids.map((paymentMethodId) => ({ ...saved, paymentMethodId })),
    );
  };
  const place = (card = 'pm_card_visa') =>
    new Journey(backend).place({ card, cart: { scheduledForMs, dropOff: theDropOff } });

  it('needs a card that the customer saved, not an invented one or that of another customer', async () => {
    await city({ restaurant: { slotCapacity: 12, countsStock: true } });
    await backend.db.doc('restaurants/rosa/live/stock').set({ left: { margherita: 10 } });
    await assert.rejects(place('pm_invented'), { reason: 'CARD_NOT_FOUND' });
    await saveCards(['pm_card_visa']);
    await saveCards(['pm_of_nina'], 'nina');
    for (const card of ['pm_invented', 'pm_of_nina']) await assert.rejects(place(card), { reason: 'CARD_NOT_FOUND' });
    const portions = () => left('restaurants/rosa/live/stock', 'left.margherita');
    assert.deepEqual([await portions(), (await backend.db.collection('orders').get()).size], [10, 0]);
    await place();
    assert.deepEqual([await portions(), (await backend.db.collection('orders').get()).size], [10, 1]);
  });

  it('takes its counted portions when it is charged, as many as are left, and returns those', async () => {
    await city({ restaurant: { countsStock: true } });
    const stock = backend.db.doc('restaurants/rosa/live/stock');
    const portions = () => left('restaurants/rosa/live/stock', 'left.margherita');
    await stock.set({ left: { margherita: 1 } });
    await saveCards(['pm_card_visa']);
    const own = await place();
    assert.equal(await portions(), 1);
    await backend.advance(chargedAtMs - START_MS + MINUTE);
    assert.deepEqual([await portions(), (await order()).reserved?.stock], [0, { margherita: 1 }]);
    await own.cancel('carla');
    assert.equal(await portions(), 1);
  });

  it('with nothing to pay takes its portions when the kitchen gets it', async () => {
    await city({ restaurant: { countsStock: true } });
    await backend.db.doc('restaurants/rosa/live/stock').set({ left: { margherita: 5 } });
    await credit(5000);
    const cart = { scheduledForMs, dropOff: theDropOff, useCredit: true, tipPpm: 0 };
    await new Journey(backend).place({ cart });
    const portions = () => left('restaurants/rosa/live/stock', 'left.margherita');
    assert.deepEqual([(await order()).payment.status, await portions()], ['none', 5]);
    await backend.advance(scheduledForMs - START_MS - 34 * MINUTE);
    assert.deepEqual([(await order()).status, await portions()], ['placed', 3]);
  });

  it('has no promotion with a total limit: its use would be reserved for weeks, unpaid', async () => {
    await withCoupon({ totalLimit: 10 });
    const ask = (atMs: number) => new Journey(backend).quote({ promotionCodes: ['FIVE'], scheduledForMs: atMs });
    await assert.rejects(ask(scheduledForMs), { reason: 'PROMOTION_NOT_FOR_SLOT' });
    const nearMs = START_MS + 24 * 60 * MINUTE;
    assert.equal((await ask(nearMs)).totals.discountMinor, 500);
  });

  it('has a promotion with a limit for each customer', async () => {
    await withCoupon({ perUserLimit: 1 });
    const priced = await new Journey(backend).quote({ promotionCodes: ['FIVE'], scheduledForMs });
    assert.equal(priced.totals.discountMinor, 500);
  });

  it('counts as unpaid until it is charged: a third waits, one that is paid now does not', async () => {
    await city();
    await saveCards(['pm_card_visa']);
    await place();
    await place();
    await assert.rejects(place(), { reason: 'TOO_MANY_OPEN_ORDERS' });
    await new Journey(backend).place({ card: 'pm_card_visa' });
    await backend.advance(chargedAtMs - START_MS + MINUTE);
    assert.equal((await order()).payment.status, 'authorized');
  });

  it('needs a saved card, and authorises nothing yet', async () => {
    await assert.rejects(scheduled(null), { reason: 'CARD_REQUIRED' });
    await scheduled();
    const { status, payment, due } = await order();
    assert.deepEqual(
      [status, payment.status, due],
      ['scheduled', 'deferred', { kind: 'authorize', atMs: chargedAtMs }],
    );
    assert.deepEqual(backend.fake.moved, []);
  });

  it('is charged twelve hours before, and is sent to the kitchen', async () => {
    await scheduled();
    await backend.advance(chargedAtMs - START_MS + MINUTE);
    assert.deepEqual(backend.fake.moved, ['hold order-1 2940']);
    assert.equal((await order()).payment.status, 'authorized');
    await backend.advance(12 * 60 * MINUTE);
    assert.equal((await order()).status === 'scheduled', false);
  });

  it('whose card refuses is cancelled an hour later, and the customer is notified', async () => {
    await scheduled('pm_card_declined');
    await backend.advance(chargedAtMs - START_MS + MINUTE);
    assert.ok(backend.push.sent.some(({ data }) => data['key'] === 'payment_failed'));
    assert.equal((await order()).due?.kind, 'fixPayment');
    await backend.advance(61 * MINUTE);
    assert.deepEqual([(await order()).status, (await order()).payment.status], ['cancelled', 'voided']);
  });

  it('whose card refuses continues with another one within the hour', async () => {
    await scheduled('pm_card_declined');
    await assert.rejects(backend.call('retryPayment', 'carla', { orderId: 'order-1' }), { reason: 'MOVE_NOT_ALLOWED' });
    await backend.advance(chargedAtMs - START_MS + MINUTE);
    await assert.rejects(backend.call('retryPayment', 'nina', { orderId: 'order-1' }), { reason: 'ORDER_NOT_FOUND' });
    const { paymentStatus } = await backend.call('retryPayment', 'carla', {
      orderId: 'order-1',
      paymentMethodId: 'pm_card_visa',
    });
    assert.equal(paymentStatus, 'authorized');
    await backend.advance(61 * MINUTE);
    assert.equal((await order()).status, 'scheduled');
  });

  it("whose card the customer replaces in the app continues with the provider's event", async () => {
    await scheduled('pm_card_challenged');
    await backend.advance(chargedAtMs - START_MS + MINUTE);
    backend.fake.customerPays('order-1');
    await backend.advance(61 * MINUTE);
    assert.deepEqual([(await order()).status, (await order()).payment.status], ['scheduled', 'authorized']);
    assert.ok(journey);
  });
});
