import { strict as assert } from 'node:assert';
import { toFailure } from '#functions/platform/failure.js';
import type { Backend } from '#fixtures/backend.js';
import { assertSound } from '#fixtures/books.js';
import { aPromotion, MINUTE, START_MS } from '#fixtures/catalogue.js';
import { aCity, type CityFacts } from '#fixtures/city.js';
import { Journey } from '#fixtures/journey.js';

const placing = { idempotencyKey: 'place-key-1', confirmedTotalMinor: 2940, paymentMethodId: 'pm_card_visa' };

describe('placing an order', () => {
  let backend: Backend;
  const city = async (facts: CityFacts = {}) => new Journey((backend = await aCity(facts)));
  afterEach(async () => {
    await assertSound(backend);
    await backend.close();
  });

  describe('paying', () => {
    it('waits for the payment sheet, and continues when the webhook reports the hold', async () => {
      const journey = await (await city()).place({ card: null });
      assert.equal((await backend.order(journey.orderId)).status, 'pending_payment');
      backend.fake.customerPays(journey.orderId);
      assert.deepEqual(await backend.deliverWebhooks(), [{ status: 200, body: 'ok' }]);
      assert.equal((await backend.order(journey.orderId)).status, 'placed');
    });

    it('expires after 15 minutes without a payment, and cancels the intent', async () => {
      const journey = await (await city()).place({ card: null });
      await backend.advance(14 * MINUTE);
      assert.equal((await backend.order(journey.orderId)).status, 'pending_payment');
      await backend.advance(MINUTE);
      const { status, payment } = await backend.order(journey.orderId);
      assert.deepEqual([status, payment.status, backend.fake.moved], ['expired', 'voided', ['void order-1']]);
    });

    it('continues when the customer paid at the last second and the webhook was lost', async () => {
      const journey = await (await city()).place({ card: null });
      await backend.advance(15 * MINUTE - 1000);
      backend.fake.customerPays(journey.orderId);
      backend.fake.events = [];
      await backend.advance(1000);
      assert.equal((await backend.order(journey.orderId)).status, 'placed');
    });

    it('releases an amount that was authorised after the order had expired', async () => {
      const journey = await (await city()).place({ card: null });
      backend.conduct.fail('payments.voidHold', 'before', new Error('unreachable'), 99);
      await backend.advance(15 * MINUTE);
      backend.fake.customerPays(journey.orderId);
      assert.equal((await backend.deliverWebhooks())[0]?.status, 500);
      backend.conduct.fail('payments.voidHold', 'before', new Error('never'), 0);
      await backend.advance(3 * 60 * MINUTE);
      const { status } = await backend.order(journey.orderId);
      assert.equal(status, 'expired');
    });

    it('lets the customer give up before paying: the order expires at once', async () => {
      const journey = await (await city()).place({ card: null });
      assert.deepEqual((await journey.cancel('carla')).status, 'expired');
      assert.deepEqual(backend.fake.moved, ['void order-1']);
    });

    it('keeps the order after a declined card, and accepts another one under the same key', async () => {
      const journey = await city();
      await journey.quote();
      const place = (paymentMethodId: string) =>
        backend.call('placeOrder', 'carla', { ...placing, quoteId: 'order-1', paymentMethodId });
      const declined = await place('pm_card_declined').catch((error: unknown) => toFailure(error));
      assert.deepEqual(declined, {
        code: 'failed-precondition',
        reason: 'PAYMENT_DECLINED',
        details: { orderId: 'order-1', declineCode: 'insufficient_funds' },
      });
      assert.equal((await backend.order('order-1')).status, 'pending_payment');
      const again = await place('pm_card_visa');
      assert.equal(again.outcome === 'placed' && again.status, 'placed');
      assert.deepEqual(backend.fake.moved, ['hold order-1 2940']);
    });

    it('waits during 3-D Secure, then continues', async () => {
      const journey = await (await city()).place({ card: 'pm_card_challenged' });
      assert.equal((await backend.order(journey.orderId)).status, 'pending_payment');
      backend.fake.customerPays(journey.orderId);
      await backend.deliverWebhooks();
      assert.equal((await backend.order(journey.orderId)).status, 'placed');
    });

    it('opens no payment for an order of total 0, and delivers and pays it out nevertheless', async () => {
      const free = aPromotion({
        kind: 'order',
        benefit: { type: 'percent', ratePpm: 1_000_000 },
        code: 'GIFT',
        merchantFundedPpm: 0,
      });
      const delivery = aPromotion({
        kind: 'delivery',
        benefit: { type: 'percent', ratePpm: 1_000_000 },
        merchantFundedPpm: 0,
      });
      const journey = await city({
        promotions: [free, delivery],
        zone: { pricing: { serviceFee: { ratePpm: 0, minMinor: 0, maxMinor: 0 }, bagFeeMinor: 0 } },
      });
      await journey.place({ card: null, cart: { promotionCodes: ['gift'], tipPpm: 0 } });
      const { totals, payment, status } = await backend.order(journey.orderId);
      assert.deepEqual([totals.totalMinor, payment.status, payment.intentId, status], [0, 'none', null, 'placed']);
      await journey.reach('completed');
      assert.deepEqual(backend.fake.moved, ['transfer order-1 1600 to acct_rosa']);
      assert.equal((await backend.order(journey.orderId)).payment.capturedMinor, 0);
    });
  });

  describe('called twice', () => {
    it('returns the same result for the same key and opens one intent', async () => {
      const journey = await city();
      await journey.quote();
      const ask = () => backend.call('placeOrder', 'carla', { ...placing, quoteId: 'order-1' });
      const [first, second] = [await ask(), await ask()];
      assert.deepEqual(second, first);
      assert.deepEqual([...backend.fake.intents.keys()], ['pi_order-1']);
    });

    it('returns the result also where the restaurant has closed since', async () => {
      const journey = await (await city()).place();
      await backend.db.doc('restaurants/rosa').update({ availability: 'offline' });
      const again = await backend.call('placeOrder', 'carla', { ...placing, quoteId: journey.orderId });
      assert.equal(again.outcome, 'placed');
    });

    it('refuses another key with ALREADY_PLACED', async () => {
      const journey = await (await city()).place();
      const other = { ...placing, quoteId: journey.orderId, idempotencyKey: 'place-key-2' };
      await assert.rejects(backend.call('placeOrder', 'carla', other), { reason: 'ALREADY_PLACED' });
    });

    it('makes one order of twenty calls at once', async () => {
      const journey = await city();
      await journey.quote();
      const calls = Array.from({ length: 20 }, () =>
        backend.call('placeOrder', 'carla', { ...placing, quoteId: 'order-1' }),
      );
      const settled = await Promise.allSettled(calls);
      assert.deepEqual(
        settled.filter((one) => one.status === 'rejected'),
        [],
      );
      assert.deepEqual(backend.fake.moved, ['hold order-1 2940']);
      assert.equal((await backend.order('order-1')).events.length, 2);
    });
  });

  describe('when something changed since the quote', () => {
    const place = (quoteId: string) => backend.call('placeOrder', 'carla', { ...placing, quoteId });

    it('returns the difference to a dearer menu, and places the new quote', async () => {
      await (await city()).quote();
      const items = (await backend.db.doc('restaurants/rosa/menus/published').get()).get('items');
      const dearer = items.map((item: object) =>
        'id' in item && item.id === 'margherita' ? { ...item, priceMinor: 1100 } : item,
      );
      await backend.db.doc('restaurants/rosa/menus/published').update({ items: dearer, version: 2 });
      await backend.db.doc('restaurants/rosa').update({ menuVersion: 2 });
      const changed = await place('order-1');
      assert.equal(changed.outcome, 'changed');
      assert.ok(changed.outcome === 'changed');
      // 22.00 + 4.00 + 1.10 + 0.20 + tax 2.20 + 0.22 + tip 2.20
      assert.deepEqual(
        [changed.before.totalMinor, changed.after.totalMinor, changed.changedItemIds],
        [2940, 3192, ['margherita']],
      );
      const placed = await backend.call('placeOrder', 'carla', {
        ...placing,
        quoteId: changed.quoteId,
        confirmedTotalMinor: 3192,
      });
      assert.equal(placed.outcome, 'placed');
      await assert.rejects(backend.order('order-1'));
    });

    it('returns the difference when an item was sold out since', async () => {
      const journey = await city();
      await journey.quote({
        lines: [
          { itemId: 'margherita', quantity: 2 },
          { itemId: 'cola', quantity: 1 },
        ],
      });
      await backend.db.doc('restaurants/rosa').update({ 'soldOut.cola': START_MS + 60 * MINUTE });
      const changed = await place('order-1');
      assert.ok(changed.outcome === 'changed');
      assert.deepEqual([changed.after.totalMinor, changed.changedItemIds], [2940, ['cola']]);
    });

    it('returns the difference when a code ended since', async () => {
      const code = aPromotion({
        kind: 'order',
        benefit: { type: 'fixed', amountMinor: 500 },
        code: 'FIVE',
        endsAtMs: START_MS + 5 * MINUTE,
      });
      const journey = await city({ promotions: [code] });
      await journey.quote({ promotionCodes: ['FIVE'] });
      await backend.advance(5 * MINUTE);
      const changed = await place('order-1');
      assert.ok(changed.outcome === 'changed');
      // 15.00 + 4.00 + 0.75 + 0.20 + tax 1.50 + 0.15 + tip 2.00 before
      assert.deepEqual([changed.before.totalMinor, changed.after.totalMinor], [2360, 2940]);
    });

    it('keeps the surge of the quote when it has risen since', async () => {
      await (await city()).quote();
      await backend.call('setSurge', 'olga', { zoneId: 'centre', surgePpm: 2_000_000, reason: 'rain' });
      backend.restart();
      const placed = await place('order-1');
      assert.equal(placed.outcome, 'placed');
      assert.equal((await backend.order('order-1')).totals.deliveryMinor, 400);
    });

    it('keeps it no longer than the quote is valid, also when it is priced again', async () => {
      await (
        await city()
      ).quote({
        lines: [
          { itemId: 'margherita', quantity: 2 },
          { itemId: 'cola', quantity: 1 },
        ],
      });
      await backend.call('setSurge', 'olga', { zoneId: 'centre', surgePpm: 2_000_000, reason: 'rain' });
      await backend.advance(14 * MINUTE);
      await backend.db.doc('restaurants/rosa').update({ 'soldOut.cola': START_MS + 60 * MINUTE });
      const deliveryMinor = async (quoteId: string) =>
        (await backend.db.doc(`quotes/${quoteId}`).get()).get('pricing.totals.deliveryMinor');
      const first = await place('order-1');
      assert.ok(first.outcome === 'changed');
      assert.equal(await deliveryMinor(first.quoteId), 400);
      await backend.advance(16 * MINUTE);
      const second = await place(first.quoteId);
      assert.ok(second.outcome === 'changed');
      assert.equal(await deliveryMinor(second.quoteId), 800);
    });

    it('refuses a total that the customer did not accept', async () => {
      await (await city()).quote();
      const wrong = { ...placing, quoteId: 'order-1', confirmedTotalMinor: 2939 };
      await assert.rejects(backend.call('placeOrder', 'carla', wrong), {
        reason: 'TOTAL_NOT_CONFIRMED',
        details: { totalMinor: 2940 },
      });
    });

    it('refuses when the restaurant has closed', async () => {
      await (await city()).quote();
      await backend.db.doc('restaurants/rosa').update({ availability: 'offline' });
      await assert.rejects(place('order-1'), { reason: 'RESTAURANT_CLOSED' });
    });
  });
});

describe('a quote', () => {
  let backend: Backend;
  before(async () => (backend = await aCity()));
  after(() => backend.close());
  const refused: [string, Parameters<Journey['quote']>[0], string][] = [
    ['a delivery without an address', { dropOff: null }, 'DROP_OFF_REQUIRED'],
    ['a restaurant that does not exist', { restaurantId: 'nowhere' }, 'RESTAURANT_NOT_FOUND'],
    ['an item that is not on the menu', { lines: [{ itemId: 'sushi', quantity: 1 }] }, 'ITEM_UNKNOWN'],
    ['a basket below the minimum', { lines: [{ itemId: 'cola', quantity: 1 }] }, 'BASKET_BELOW_MINIMUM'],
    ['a code that does not exist', { promotionCodes: ['NOPE'] }, 'PROMOTION_UNKNOWN'],
    ['a slot that the kitchen cannot make', { scheduledForMs: START_MS + 34 * MINUTE }, 'SLOT_INVALID'],
    ['a slot too far ahead', { scheduledForMs: START_MS + 31 * 24 * 60 * MINUTE }, 'SLOT_INVALID'],
    ['cash where the zone takes none', { paymentMethod: 'cash' }, 'CASH_NOT_TAKEN'],
  ];
  // Codes that were guessed are counted.
  const stored = async () => Object.entries(await backend.dump()).filter(([path]) => !path.startsWith('limits/'));
  for (const [what, cart, reason] of refused) {
    it(`refuses ${what} with ${reason}`, async () => {
      const before = await stored();
      await assert.rejects(new Journey(backend).quote(cart), { reason });
      assert.deepEqual(await stored(), before);
    });
  }

  it('refuses a distance beyond the last bracket', async () => {
    backend.route = { distanceMeters: 10_001, travelSeconds: 2000 };
    await assert.rejects(new Journey(backend).quote(), { reason: 'TOO_FAR' });
  });
});
