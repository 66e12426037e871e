import { strict as assert } from 'node:assert';
import type { Backend } from '#fixtures/backend.js';
import { assertSound } from '#fixtures/books.js';
import { MINUTE } from '#fixtures/catalogue.js';
import { aCity } from '#fixtures/city.js';
import { Journey } from '#fixtures/journey.js';

const CASH = { cash: { maxOrderMinor: 5000, courierFloatMinor: 6000, coinMinor: 1 } };
const DAY = 24 * 60 * MINUTE;

describe('an order in cash', () => {
  let backend: Backend;
  afterEach(async () => {
    await assertSound(backend);
    await backend.close();
  });
  const ordered = async (inCash: boolean): Promise<Journey> => {
    backend = await aCity({ zone: CASH });
    const journey = new Journey(backend);
    await journey.place(inCash ? { card: null, cart: { paymentMethod: 'cash' } } : {});
    return journey;
  };
  const restored = async (inCash: boolean, afterMs: number) => {
    const journey = await ordered(inCash);
    await journey.move('mario', { action: 'accept' });
    await journey.cancel('mario');
    await backend.advance(afterMs);
    await journey.move('olga', { action: 'restore', reason: 'mistake' });
    return journey;
  };
  const statusOf = async ({ orderId }: Journey) => (await backend.order(orderId)).status;

  it('that the kitchen cancelled by mistake can be restored within ten minutes, as one paid by card', async () => {
    assert.equal(await statusOf(await restored(false, 5 * MINUTE)), 'accepted');
    await backend.close();
    assert.equal(await statusOf(await restored(true, 5 * MINUTE)), 'accepted');
  });

  it('cannot be restored later', async () => {
    await assert.rejects(restored(true, 11 * MINUTE), { reason: 'HOLD_GONE' });
  });

  it('that is restored is delivered and paid at the door', async () => {
    const journey = await restored(true, MINUTE);
    await journey.assign();
    await journey.move('mario', { action: 'markReady' });
    await journey.pickUp();
    await journey.arrive('omar');
    await journey.deliver();
    assert.equal(await statusOf(journey), 'delivered');
  });

  it('that its courier never ends keeps a deadline and an open operator task, until an operator ends it', async () => {
    const journey = await ordered(true);
    await journey.reach('picked_up');
    await backend.advance(20 * DAY);
    const { status, due } = await backend.order(journey.orderId);
    assert.deepEqual([status, due?.kind], ['picked_up', 'escalate']);
    assert.ok((due?.atMs ?? 0) > backend.nowMs);
    const tasks = await backend.db.collection('operatorTasks').where('orderId', '==', journey.orderId).get();
    assert.ok(tasks.size > 0);
    await backend.call('cancelOrder', 'olga', {
      orderId: journey.orderId,
      idempotencyKey: 'cancel-key-1',
      reason: 'lost',
      liable: 'courier',
    });
    const ended = await backend.order(journey.orderId);
    assert.equal(ended.status, 'cancelled');
    assert.deepEqual((await backend.courier('omar')).active, {});
  });

  const endUnpaid = async (end: (journey: Journey) => Promise<unknown>): Promise<void> => {
    const journey = new Journey(backend);
    await journey.place({ card: null, cart: { paymentMethod: 'cash' } });
    await end(journey);
    assert.equal((await backend.order(journey.orderId)).payment.capturedMinor, 0);
  };
  const placeNext = (inCash: boolean) =>
    new Journey(backend).place(inCash ? { card: null, cart: { paymentMethod: 'cash' } } : {});

  it('that stays unpaid by its customer is the last but one: after two only a card pays, for fifteen days', async () => {
    backend = await aCity({ zone: CASH });
    await endUnpaid(async (journey) => {
      await journey.reach('picked_up');
      await backend.advance(10 * MINUTE);
      await journey.fail();
      await journey.bringBack();
    });
    await endUnpaid(async (journey) => {
      await journey.reach('preparing');
      await journey.cancel('carla');
    });
    await assert.rejects(placeNext(true), { reason: 'TOO_MANY_OPEN_ORDERS', details: { kind: 'cash', max: 0 } });
    await placeNext(false);
    await backend.advance(15 * DAY);
    await placeNext(true);
  });

  it('does not count as unpaid by its customer where the kitchen cancels, or before the kitchen accepts', async () => {
    backend = await aCity({ zone: CASH });
    for (const who of ['mario', 'mario', 'carla', 'carla'])
      await endUnpaid(async (journey) => {
        if (who === 'mario') await journey.reach('preparing');
        await journey.cancel(who);
        await backend.advance(11 * MINUTE);
      });
    await placeNext(true);
  });
});
