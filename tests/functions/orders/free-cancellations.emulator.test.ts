import assert from 'node:assert/strict';
import { noteSignal } from '#functions/abuse/links.js';
import type { Backend } from '#fixtures/backend.js';
import { assertSound } from '#fixtures/books.js';
import { MINUTE } from '#fixtures/catalogue.js';
import { aCity } from '#fixtures/city.js';
import { aCart, Journey } from '#fixtures/journey.js';

const TWO_HOURS = { reason: 'TOO_MANY_REQUESTS', details: { retryAfterSeconds: 7_200 } };

describe('cancellations that cost the customer nothing', () => {
  let backend: Backend;
  beforeEach(async () => void (backend = await aCity()));
  afterEach(async () => {
    await backend.deliverWebhooks();
    await assertSound(backend);
    await backend.close();
  });

  const reach = (status: 'placed' | 'accepted') => new Journey(backend).reach(status);
  const cancelTen = async () => {
    for (let n = 0; n < 10; n += 1) await (await reach('accepted')).cancel('carla');
  };

  it('are at most ten in a row; the eleventh order goes on, until a token is back after two hours', async () => {
    await cancelTen();
    const eleventh = await reach('placed');
    await assert.rejects(eleventh.cancel('carla'), TWO_HOURS);
    assert.equal((await backend.order(eleventh.orderId)).status, 'placed');
    await backend.ask('moveOrder', 'mario', {
      orderId: eleventh.orderId,
      idempotencyKey: 'reject-key-1',
      move: { action: 'reject', reason: 'too_busy' },
    });
    await backend.advance(120 * MINUTE);
    await (await reach('accepted')).cancel('carla');
  });

  it('do not include one for which the customer pays, nor one by the kitchen or an operator', async () => {
    await cancelTen();
    const late = await reach('accepted');
    await backend.advance(61_000);
    await late.cancel('carla');
    await (await reach('accepted')).cancel('mario');
    await (await reach('accepted')).cancel('olga', { liable: 'customer' });
  });

  it('count a repeated call once', async () => {
    const journey = await reach('accepted');
    const request = { orderId: journey.orderId, idempotencyKey: 'cancel-key-0', reason: 'changed my mind' };
    await backend.ask('cancelOrder', 'carla', request);
    await backend.ask('cancelOrder', 'carla', request);
    assert.deepEqual(await freeTokens(), [9]);
  });

  for (const [what, hoursAhead, messages] of [
    ['are not sent to the kitchen before the order comes to it', 48, []],
    ['are sent to the kitchen that knows the order', 0, ['order_placed', 'order_cancelled']],
  ] as const)
    it(what, async () => {
      const slot = hoursAhead === 0 ? {} : { scheduledForMs: backend.nowMs + hoursAhead * 60 * MINUTE };
      const { quoteId: orderId, totals } = await backend.call('quote', 'carla', aCart(slot));
      await backend.call('placeOrder', 'carla', {
        quoteId: orderId,
        idempotencyKey: 'place-key-1',
        confirmedTotalMinor: totals.totalMinor,
        paymentMethodId: 'pm_card_visa',
      });
      await backend.deliverWebhooks();
      await backend.call('cancelOrder', 'carla', {
        orderId,
        idempotencyKey: 'cancel-key-1',
        reason: 'x',
        mostMinor: 0,
      });
      await backend.deliverWebhooks();
      assert.deepEqual(backend.push.keysTo('device-mario'), messages);
    });

  const freeTokens = async () => {
    const limits = (await backend.db.collection('limits').get()).docs;
    return limits.filter(({ id }) => id.startsWith('freeCancellation-')).map((one) => one.get('tokens'));
  };

  it('include a cash order that is being prepared, which charges nothing; not the same order by card', async () => {
    for (const [inCash, tokens] of [
      [true, [9]],
      [false, []],
    ] as const) {
      await backend.close();
      backend = await aCity({ zone: { cash: { maxOrderMinor: 5000, courierFloatMinor: 6000, coinMinor: 1 } } });
      const journey = new Journey(backend);
      await journey.place(inCash ? { card: null, cart: { paymentMethod: 'cash' } } : {});
      await journey.reach('preparing');
      await journey.cancel('carla');
      assert.deepEqual(await freeTokens(), tokens);
    }
  });

  it('include a scheduled order that holds a place in the kitchen; not one that holds nothing', async () => {
    for (const [restaurant, tokens] of [
      [{ slotCapacity: 1 }, [9]],
      [{}, []],
    ] as const) {
      await backend.close();
      backend = await aCity({ restaurant });
      const journey = new Journey(backend);
      await journey.place({ cart: { scheduledForMs: backend.nowMs + 300 * MINUTE } });
      assert.equal((await backend.order(journey.orderId)).status, 'scheduled');
      await journey.cancel('carla');
      assert.deepEqual(await freeTokens(), tokens);
    }
  });

  for (const [other, isShared] of [
    ['visa-1', true],
    ['visa-2', false],
  ] as const) {
    it(`are counted for all accounts of a card: ${isShared ? 'the same card' : 'another card cancels'}`, async () => {
      await noteSignal(backend.ctx, 'carla', { kind: 'card', value: 'visa-1' });
      await noteSignal(backend.ctx, 'nina', { kind: 'card', value: other });
      await cancelTen();
      const { quoteId: orderId, totals } = await backend.call('quote', 'nina', aCart());
      const placing = { quoteId: orderId, idempotencyKey: 'place-key-1', confirmedTotalMinor: totals.totalMinor };
      await backend.call('placeOrder', 'nina', { ...placing, paymentMethodId: 'pm_card_visa' });
      await backend.deliverWebhooks();
      const cancelled = backend.ask('cancelOrder', 'nina', {
        orderId,
        idempotencyKey: 'cancel-key-1',
        reason: 'changed my mind',
      });
      await (isShared ? assert.rejects(cancelled, TWO_HOURS) : cancelled);
    });
  }
});
