import assert from 'node:assert/strict';
import { noteSignal } from '#functions/abuse/links.js';
import { paths } from '#functions/platform/firestore.js';
import type { Backend } from '#fixtures/backend.js';
import { assertSound } from '#fixtures/books.js';
import { aPromotion, MINUTE } from '#fixtures/catalogue.js';
import { aCity, type CityFacts } from '#fixtures/city.js';
import { aCart } from '#fixtures/journey.js';
import { forgetPast, pastOrderId } from '#fixtures/past-orders.js';
import { anOrder } from '#fixtures/orders.js';

let backend: Backend;
const city = async (facts: CityFacts = {}) => (backend = await aCity(facts));
let keys = 0;

/** Quotes and places; the payment sheet is left open unless a saved card pays. */
async function place(
  cart: Parameters<typeof aCart>[0] = {},
  { uid = 'carla', card }: { uid?: string; card?: string } = {},
) {
  const { quoteId, totals } = await backend.call('quote', uid, aCart(cart));
  const placing = { quoteId, idempotencyKey: `place-key-${(keys += 1)}`, confirmedTotalMinor: totals.totalMinor };
  const request = { ...placing, ...(card !== undefined && { paymentMethodId: card }) };
  const answer = await backend.ask('placeOrder', uid, request);
  return { orderId: quoteId, request, outcome: answer.outcome };
}
const tooMany = (kind: string) => ({ reason: 'TOO_MANY_OPEN_ORDERS', details: { kind } });
const refusesWith = (kind: string) => (error: unknown) => {
  assert.ok(error instanceof Error && 'reason' in error && 'details' in error);
  assert.equal(error.reason, 'TOO_MANY_OPEN_ORDERS');
  assert.equal(Object(error.details)['kind'], kind);
  return true;
};
const statuses = async () =>
  (await backend.db.collection('orders').get()).docs.map((order) => String(order.get('status'))).toSorted();
const portions = async () => (await paths.stock(backend.db, 'rosa').get()).data()?.left['margherita'];
const counted = (left: number) => backend.db.doc('restaurants/rosa/live/stock').set({ left: { margherita: left } });
const one = { lines: [{ itemId: 'margherita', quantity: 1 }] };
const cash = { paymentMethod: 'cash' as const };
const CASH_ZONE = { zone: { cash: { maxOrderMinor: 5000, courierFloatMinor: 50_000, coinMinor: 1 } } };

describe('open orders of an account', () => {
  afterEach(async () => {
    await backend.deliverWebhooks();
    await assertSound(backend);
    await backend.close();
  });

  it('are limited to two unpaid ones: the third expires at once, its hold is released, and its retry is refused again', async () => {
    await city();
    await place();
    await place();
    await assert.rejects(place(), refusesWith('unpaid'));
    assert.deepEqual(await statuses(), ['expired', 'pending_payment', 'pending_payment']);
    assert.equal(backend.fake.intents.get('pi_order-3')?.status, 'voided');
    const again = { quoteId: 'order-3', idempotencyKey: `place-key-${keys}`, confirmedTotalMinor: 2940 };
    await assert.rejects(backend.ask('placeOrder', 'carla', again), tooMany('unpaid'));
  });

  it('are limited to three unpaid ones after a completed order, and to two again while a bank disputes it', async () => {
    await city();
    await paths.order(backend.db, 'past').set(anOrder({ status: 'completed' }));
    await place();
    await place();
    await place();
    await backend.db.doc('orders/past').update({ 'payment.disputed': true });
    await backend.advance(16 * MINUTE);
    await place();
    await place();
    await assert.rejects(place(), refusesWith('unpaid'));
    await backend.db.doc('orders/past').delete();
    assert.equal((await statuses()).filter((status) => status === 'pending_payment').length, 2);
  });

  for (const card of ['pm_card_declined', 'pm_card_challenged']) {
    it(`are limited to two unpaid ones by ${card} as well: the third expires at once`, async () => {
      await city();
      for (let n = 0; n < 2; n += 1) await place({}, { card }).catch(() => undefined);
      await assert.rejects(place({}, { card }), refusesWith('unpaid'));
      assert.deepEqual(await statuses(), ['expired', 'pending_payment', 'pending_payment']);
      await place({}, { card: 'pm_card_visa' });
      assert.equal((await backend.order('order-4')).status, 'placed');
    });
  }

  it('never exceed two, when fifty are placed at once', async () => {
    await city();
    const quotes = await Promise.all(Array.from({ length: 50 }, () => backend.call('quote', 'carla', aCart())));
    await Promise.allSettled(
      quotes.map(({ quoteId, totals }, index) =>
        backend.ask('placeOrder', 'carla', {
          quoteId,
          idempotencyKey: `race-key-${index}`,
          confirmedTotalMinor: totals.totalMinor,
        }),
      ),
    );
    const unpaid = (await statuses()).filter((status) => status === 'pending_payment');
    assert.ok(unpaid.length <= 2, `${unpaid.length} are open`);
  }).timeout(60_000);

  it('are not read for a plain order that a saved card pays at once; the second that the sheet pays costs one read', async () => {
    await city();
    const bill = async (card?: string) => {
      const { quoteId, totals } = await backend.call('quote', 'carla', aCart());
      const placing = { quoteId, idempotencyKey: `bill-key-${(keys += 1)}`, confirmedTotalMinor: totals.totalMinor };
      await backend.billed();
      await backend.ask('placeOrder', 'carla', { ...placing, ...(card !== undefined && { paymentMethodId: card }) });
      return backend.billed();
    };
    assert.deepEqual(await bill(), { reads: 2, writes: 1, deletes: 0 });
    assert.deepEqual(await bill(), { reads: 3, writes: 1, deletes: 0 });
    await place({}, { card: 'pm_card_visa' });
    await place({}, { card: 'pm_card_visa' });
    await place({}, { card: 'pm_card_visa' });
    assert.equal((await statuses()).filter((status) => status === 'placed').length, 3);
  });

  it('are limited to one in cash, also when each call is sent three times at once', async () => {
    await city(CASH_ZONE);
    for (let order = 0; order < 4; order += 1) {
      const { quoteId, totals } = await backend.call('quote', 'carla', { ...aCart(), ...cash });
      const placing = { quoteId, idempotencyKey: `cash-key-${order}`, confirmedTotalMinor: totals.totalMinor };
      await Promise.allSettled([1, 2, 3].map(() => backend.ask('placeOrder', 'carla', placing)));
    }
    assert.equal((await statuses()).filter((status) => status === 'placed').length, 1);
  });

  it('are limited to one in cash, with any outcome of the card orders', async () => {
    await city(CASH_ZONE);
    await place(cash);
    await assert.rejects(place(cash), refusesWith('cash'));
    await place({}, { card: 'pm_card_visa' });
    assert.deepEqual(await statuses(), ['expired', 'placed', 'placed']);
  });

  it('never exceed one in cash, when ten are placed at once', async () => {
    await city(CASH_ZONE);
    const quotes = await Promise.all(Array.from({ length: 10 }, () => backend.call('quote', 'carla', aCart(cash))));
    await Promise.allSettled(
      quotes.map(({ quoteId, totals }, index) =>
        backend.ask('placeOrder', 'carla', {
          quoteId,
          idempotencyKey: `race-key-${index}`,
          confirmedTotalMinor: totals.totalMinor,
        }),
      ),
    );
    assert.ok((await statuses()).filter((status) => status === 'placed').length <= 1);
  }).timeout(60_000);

  it('in cash count together for two accounts of one device, not of one address', async () => {
    for (const kind of ['address', 'device'] as const) {
      await city(CASH_ZONE);
      for (const uid of ['carla', 'nina']) await noteSignal(backend.ctx, uid, { kind, value: 'shared' });
      await place(cash);
      const second = place(cash, { uid: 'nina' });
      if (kind === 'device') await assert.rejects(second, refusesWith('cash'));
      else {
        await second;
        await assertSound(backend);
        await backend.close();
      }
    }
  });
});

describe('limited resources that an unpaid order reserves', () => {
  afterEach(async () => {
    await backend.deliverWebhooks();
    await forgetPast(backend);
    await assertSound(backend);
    await backend.close();
  });

  it('are at most three units of a counted item: a fourth is refused and released', async () => {
    await city({ restaurant: { countsStock: true } });
    await counted(20);
    await place({ lines: [{ itemId: 'margherita', quantity: 2 }] });
    await assert.rejects(place({ lines: [{ itemId: 'margherita', quantity: 2 }] }), refusesWith('units'));
    assert.equal(await portions(), 18);
    await place(one);
    assert.equal(await portions(), 17);
  });

  it('are counted for a declined card too', async () => {
    await city({ restaurant: { countsStock: true } });
    await counted(20);
    const declined = () => place({ lines: [{ itemId: 'margherita', quantity: 3 }] }, { card: 'pm_card_declined' });
    await assert.rejects(declined(), { reason: 'PAYMENT_DECLINED' });
    await assert.rejects(declined(), refusesWith('units'));
    assert.equal(await portions(), 17);
  });

  it('are counted together for the accounts of one card', async () => {
    await city({ restaurant: { countsStock: true } });
    backend.fake.fingerprints.set('pm_card_declined', 'fp-1');
    await counted(20);
    const declined = (uid: string) =>
      place({ lines: [{ itemId: 'margherita', quantity: 3 }] }, { uid, card: 'pm_card_declined' });
    await assert.rejects(declined('carla'), { reason: 'PAYMENT_DECLINED' });
    await assert.rejects(declined('nina'), refusesWith('units'));
    assert.equal(await portions(), 17);
  });

  const holds = async () => {
    const slots = (await backend.db.collection('restaurants/rosa/slots').get()).docs;
    return slots.flatMap((slot) => Object.keys(slot.get('holds') ?? {})).toSorted();
  };
  /** The account has completed an order. */
  const isKnown = (uid: string) =>
    paths.order(backend.db, pastOrderId(uid)).set(anOrder({ status: 'completed', customerId: uid }));

  it('are one place in the kitchens until a kitchen accepts the order, paid or not', async () => {
    await city({ restaurant: { slotCapacity: 12 } });
    const { orderId } = await place({}, { card: 'pm_card_visa' });
    await assert.rejects(place({}, { card: 'pm_card_visa' }), refusesWith('places'));
    await assert.rejects(place(), refusesWith('places'));
    assert.deepEqual(await holds(), [orderId]);
    await backend.call('moveOrder', 'mario', { orderId, idempotencyKey: 'accept-1', move: { action: 'accept' } });
    await place({}, { card: 'pm_card_visa' });
  });

  it('are two scheduled places for a card after a completed order, and one without', async () => {
    const later = (minutes: number) =>
      place({ scheduledForMs: backend.nowMs + minutes * MINUTE }, { card: 'pm_card_visa' });
    await city({ restaurant: { slotCapacity: 4 } });
    await isKnown('carla');
    await later(240);
    await later(255);
    await assert.rejects(later(270), refusesWith('places'));
    await backend.close();
    await city({ restaurant: { slotCapacity: 4 } });
    await later(240);
    await assert.rejects(later(255), refusesWith('places'));
  });

  it('are not held by the quotes of accounts without a completed order', async () => {
    await city({ restaurant: { slotCapacity: 1 } });
    for (let index = 0; index < 10; index += 1) {
      backend.identity.add(`guest-${index}`, { role: 'customer' }, 'Guest');
      await backend.call('quote', `guest-${index}`, aCart());
    }
    assert.deepEqual(await holds(), []);
    await isKnown('guest-0');
    const { quoteId } = await backend.call('quote', 'guest-0', aCart());
    assert.deepEqual(await holds(), [quoteId]);
  });

  it('go to the first account that orders, and the other is offered the next quarter of an hour', async () => {
    await city({ restaurant: { slotCapacity: 1 } });
    const first = await backend.call('quote', 'carla', aCart());
    const second = await backend.call('quote', 'nina', aCart());
    const placing = ({ quoteId, totals }: typeof first) => ({
      quoteId,
      idempotencyKey: 'place-key-1',
      confirmedTotalMinor: totals.totalMinor,
      paymentMethodId: 'pm_card_visa',
    });
    assert.equal((await backend.ask('placeOrder', 'nina', placing(second))).outcome, 'placed');
    assert.equal((await backend.ask('placeOrder', 'carla', placing(first))).outcome, 'changed');
  });

  it('wait five minutes for the payment where they are the last, fifteen where more are left', async () => {
    for (const [left, minutes] of [
      [2, 15],
      [1, 5],
    ] as const) {
      await city({ restaurant: { countsStock: true } });
      await counted(left);
      const { orderId } = await place(one);
      assert.deepEqual((await backend.order(orderId)).due, { kind: 'expire', atMs: backend.nowMs + minutes * MINUTE });
      if (left === 1) {
        await backend.advance(6 * MINUTE);
        assert.equal(await portions(), 1);
      } else await backend.close();
    }
  });

  it('wait five minutes for the last place of a kitchen and for the last use of a coupon', async () => {
    await city({ restaurant: { slotCapacity: 1 } });
    const { orderId } = await place();
    assert.equal((await backend.order(orderId)).due?.atMs, backend.nowMs + 5 * MINUTE);
    await backend.close();
    await city();
    const promotion = {
      ...aPromotion({ id: 'five', kind: 'order', code: 'FIVE', benefit: { type: 'fixed', amountMinor: 500 } }),
      totalLimit: 1,
    };
    await backend.call('savePromotion', 'olga', { zoneId: 'centre', promotion });
    const coupon = await place({ promotionCodes: ['FIVE'] });
    assert.equal((await backend.order(coupon.orderId)).due?.atMs, backend.nowMs + 5 * MINUTE);
  });

  it('are held by one quote of a customer at a time, in any quarter of an hour, and by every placed order', async () => {
    await city({ restaurant: { slotCapacity: 12 } });
    await isKnown('carla');
    const later = (minutes: number) => ({ scheduledForMs: backend.nowMs + minutes * MINUTE });
    for (const minutes of [90, 120, 150]) await backend.call('quote', 'carla', aCart(later(minutes)));
    assert.deepEqual(await holds(), ['order-3']);
    const placed = await place(later(180));
    await backend.call('quote', 'carla', aCart(later(240)));
    assert.deepEqual(await holds(), [placed.orderId, 'order-5']);
  });
});
