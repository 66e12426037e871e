import { strict as assert } from 'node:assert';
import { noteSignal } from '#functions/abuse/links.js';
import { paths } from '#functions/platform/firestore.js';
import type { Backend } from '#fixtures/backend.js';
import { aPromotion, MINUTE } from '#fixtures/catalogue.js';
import { aCity } from '#fixtures/city.js';
import { aCart } from '#fixtures/journey.js';
import { anOrder } from '#fixtures/orders.js';
import { pastOrderId } from '#fixtures/past-orders.js';

const DAY_MS = 24 * 3_600_000;

describe('the resources of orders for a later slot, which can be cancelled free of charge', () => {
  let backend: Backend;
  afterEach(() => backend.close());

  /** Places an order five days ahead; returns its outcome or the kind of open orders that are too many. */
  const place = async (n: number, cart: object): Promise<unknown> => {
    const scheduledForMs = backend.nowMs + 5 * DAY_MS;
    const { quoteId, totals } = await backend.call('quote', 'carla', aCart({ ...cart, scheduledForMs }));
    const input = {
      quoteId,
      idempotencyKey: `place-key-${n}`,
      confirmedTotalMinor: totals.totalMinor,
      paymentMethodId: 'pm_card_visa',
    };
    const answer = await backend.call('placeOrder', 'carla', input).then(
      ({ outcome }): unknown => outcome,
      (error: { details?: { kind?: unknown } }) => error.details?.kind ?? error,
    );
    await backend.deliverWebhooks();
    return answer;
  };

  it('are at most three units of an item for a new account, paid or not', async () => {
    backend = await aCity({ restaurant: { countsStock: true } });
    const stock = backend.db.doc('restaurants/rosa/live/stock');
    await stock.set({ left: { margherita: 12 } });
    const cart = { lines: [{ itemId: 'margherita', quantity: 3 }] };
    assert.deepEqual([await place(1, cart), await place(2, cart)], ['placed', 'units']);
    assert.equal((await stock.get()).get('left.margherita'), 9);
  });

  it('are at most two uses of a promotion with a total limit for a new account, paid or not', async () => {
    backend = await aCity();
    const benefit = { type: 'fixed' as const, amountMinor: 500 };
    const launch = aPromotion({ id: 'launch', kind: 'order', code: 'LAUNCH', merchantFundedPpm: 0, benefit });
    await backend.call('savePromotion', 'olga', { zoneId: 'centre', promotion: { ...launch, totalLimit: 10 } });
    const cart = { promotionCodes: ['LAUNCH'] };
    assert.deepEqual(
      [await place(1, cart), await place(2, cart), await place(3, cart), await place(4, {})],
      ['placed', 'placed', 'uses', 'placed'],
    );
  });
});

describe('the portions of an order for a slot a week ahead, which it takes once it is paid', () => {
  let backend: Backend;
  beforeEach(async () => {
    backend = await aCity({ restaurant: { countsStock: true } });
    await backend.db.doc('restaurants/rosa/live/stock').set({ left: { margherita: 12 } });
  });
  afterEach(() => backend.close());

  /** Places orders for the same slot, each of so many portions, and waits until their cards are charged. */
  const placeAndPay = async (orders: readonly { uid: string; quantity: number }[]) => {
    const scheduledForMs = backend.nowMs + 7 * DAY_MS;
    const ids: string[] = [];
    for (const [n, { uid, quantity }] of orders.entries()) {
      await backend.call('setUpPayment', uid, {});
      const card = { brand: 'visa', last4: '4242', expMonth: 12, expYear: 2030, paymentMethodId: 'pm_card_visa' };
      backend.fake.cards.set(`cus_${uid}`, [card]);
      const cart = aCart({ lines: [{ itemId: 'margherita', quantity }], scheduledForMs });
      const { quoteId, totals } = await backend.call('quote', uid, cart);
      await backend.call('placeOrder', uid, {
        quoteId,
        idempotencyKey: `place-key-${n}`,
        confirmedTotalMinor: totals.totalMinor,
        paymentMethodId: 'pm_card_visa',
      });
      ids.push(quoteId);
    }
    await backend.advance(scheduledForMs - DAY_MS / 2 + MINUTE - backend.nowMs);
    await backend.deliverWebhooks();
    const taken = await Promise.all(ids.map(async (id) => (await backend.order(id)).reserved?.stock ?? {}));
    const left: unknown = (await backend.db.doc('restaurants/rosa/live/stock').get()).get('left.margherita');
    return { taken, left };
  };

  for (const [customer, taken] of [
    ['a new account', 3],
    ['an account with a completed order', 4],
  ] as const)
    it(`are at most ${taken} for ${customer}`, async () => {
      if (taken > 3) await paths.order(backend.db, pastOrderId('carla')).set(anOrder({ status: 'completed' }));
      const placed = await placeAndPay([{ uid: 'carla', quantity: 12 }]);
      assert.deepEqual(placed, { taken: [{ margherita: taken }], left: 12 - taken });
    });

  it('are three for two orders of an account together', async () => {
    const two = [2, 2].map((quantity) => ({ uid: 'carla', quantity }));
    const { taken, left } = await placeAndPay(two);
    assert.equal(left, 9);
    assert.deepEqual(taken.map(({ margherita }) => margherita).toSorted(), [1, 2]);
  });

  for (const [device, total] of [
    ['one-phone', 3],
    ['another-phone', 4],
  ] as const)
    it(`are ${total} for two accounts, the second with ${device}`, async () => {
      await noteSignal(backend.ctx, 'carla', { kind: 'device', value: 'one-phone' });
      await noteSignal(backend.ctx, 'nina', { kind: 'device', value: device });
      const { left } = await placeAndPay(['carla', 'nina'].map((uid) => ({ uid, quantity: 2 })));
      assert.equal(left, 12 - total);
    });
});

describe('the last portions, reserved by orders that expire unpaid', () => {
  let backend: Backend;
  beforeEach(async () => {
    backend = await aCity({ restaurant: { countsStock: true } });
    await backend.db.doc('restaurants/rosa/live/stock').set({ left: { margherita: 3 } });
  });
  afterEach(() => backend.close());

  const place = async (card?: string) => {
    const { quoteId, totals } = await backend.call('quote', 'carla', aCart());
    await backend.call('placeOrder', 'carla', {
      quoteId,
      idempotencyKey: 'place-key-1',
      confirmedTotalMinor: totals.totalMinor,
      ...(card !== undefined && { paymentMethodId: card }),
    });
    return quoteId;
  };
  const refused = { reason: 'TOO_MANY_OPEN_ORDERS', details: { kind: 'units', max: 0 } };

  it('are refused after four; two hours later once more', async () => {
    for (let n = 0; n < 4; n += 1) {
      await place();
      await backend.advance(16 * MINUTE);
    }
    await assert.rejects(place(), refused);
    assert.equal((await backend.db.doc('restaurants/rosa/live/stock').get()).get('left.margherita'), 3);
    await backend.advance(120 * MINUTE);
    const orderId = await place();
    assert.equal((await backend.order(orderId)).status, 'pending_payment');
  });

  it('are refused after four that the customer cancels before paying, not to a saved card that pays at once', async () => {
    for (let n = 0; n < 4; n += 1) {
      const orderId = await place();
      await backend.call('cancelOrder', 'carla', { orderId, idempotencyKey: 'cancel-key-1', reason: 'changed' });
    }
    await assert.rejects(place(), refused);
    const orderId = await place('pm_card_visa');
    assert.equal((await backend.order(orderId)).status, 'placed');
  });
});
