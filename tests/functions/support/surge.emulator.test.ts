import { strict as assert } from 'node:assert';
import { rollUpBoards } from '#functions/operations/boards.js';
import type { Backend } from '#fixtures/backend.js';
import { MINUTE } from '#fixtures/catalogue.js';
import { aCity } from '#fixtures/city.js';
import { aCart } from '#fixtures/journey.js';
import { anOrder } from '#fixtures/orders.js';

let backend: Backend;
const SECOND = 1000;
const surge = async () => (await backend.db.doc('zones/centre/live/surge').get()).data();
const wait = async (count: number) => {
  const batch = backend.db.batch();
  for (let number = 0; number < count; number += 1)
    batch.set(backend.db.doc(`orders/waiting-${number}`), { ...anOrder(), searchFromMs: backend.nowMs });
  await batch.commit();
};
const quote = () => backend.call('quote', 'carla', aCart());
/** 4.00 without surge. */
const deliveryMinor = async () => (await quote()).totals.deliveryMinor;

describe('automatic surge', () => {
  beforeEach(async () => (backend = await aCity({ zone: { autoSurge: {} } })));
  afterEach(() => backend.close());

  it('follows the orders that wait for each free courier, in one document that changes by steps', async () => {
    await rollUpBoards(backend.ctx);
    assert.deepEqual([await surge(), await deliveryMinor()], [undefined, 400]);
    await wait(3);
    backend.nowMs += MINUTE;
    await rollUpBoards(backend.ctx);
    const atMs = backend.nowMs;
    const announced = { surgePpm: 1_500_000, waiting: 3, free: 1, atMs, untilMs: atMs + 15 * MINUTE };
    assert.deepEqual(await surge(), announced);
    assert.equal((await backend.db.doc('boards/centre').get()).get('surgePpm'), 1_500_000);
    assert.equal(await deliveryMinor(), 600);
    await wait(4);
    backend.nowMs += 4 * MINUTE;
    await rollUpBoards(backend.ctx);
    assert.deepEqual(await surge(), announced);
    backend.nowMs += MINUTE;
    await rollUpBoards(backend.ctx);
    assert.deepEqual((await surge())?.['surgePpm'], 1_700_000);
  });

  it('ends where it is not computed again', async () => {
    await wait(3);
    await rollUpBoards(backend.ctx);
    backend.nowMs += 15 * MINUTE - 1;
    assert.equal(await deliveryMinor(), 600);
    backend.nowMs += 1;
    assert.equal(await deliveryMinor(), 400);
  });

  it('is frozen in a quote', async () => {
    await wait(3);
    await rollUpBoards(backend.ctx);
    const { quoteId, totals } = await quote();
    await backend.db.doc('zones/centre/live/surge').update({ surgePpm: 2_000_000 });
    backend.nowMs += 10 * SECOND;
    assert.equal(await deliveryMinor(), 800);
    const { totalMinor: confirmedTotalMinor } = totals;
    const placing = { quoteId, idempotencyKey: `place-${quoteId}`, confirmedTotalMinor };
    const placed = await backend.call('placeOrder', 'carla', { ...placing, paymentMethodId: 'pm_card_visa' });
    assert.equal(placed.outcome, 'placed');
    assert.equal((await backend.order(quoteId)).totals.deliveryMinor, 600);
  });

  it('is replaced by that of an operator, lower as well, until it is set back', async () => {
    await wait(3);
    await rollUpBoards(backend.ctx);
    const set = (surgePpm: number) =>
      backend.call('setSurge', 'olga', { zoneId: 'centre', surgePpm, reason: 'a fair' });
    await set(1_250_000);
    assert.equal(await deliveryMinor(), 500);
    await set(1_000_000);
    assert.equal(await deliveryMinor(), 600);
  });

  it('costs a read every ten seconds, and none in a zone without it', async () => {
    const readsOfQuote = async () => {
      await backend.billed();
      await quote();
      return (await backend.billed()).reads;
    };
    await quote();
    backend.nowMs += 10 * SECOND;
    const [cold, warm] = [await readsOfQuote(), await readsOfQuote()];
    assert.equal(cold - warm, 1);
    await backend.close();
    backend = await aCity();
    await quote();
    backend.nowMs += 10 * SECOND;
    assert.equal(await readsOfQuote(), warm);
  });

  it('counts as none where its document cannot be read, which is reported and replaced', async () => {
    await backend.db.doc('zones/centre/live/surge').set({ surgePpm: 'much' });
    assert.equal(await deliveryMinor(), 400);
    const tasks = (await backend.db.collection('operatorTasks').get()).docs;
    assert.deepEqual(
      tasks.map((task) => task.get('path')),
      ['zones/centre/live/surge'],
    );
    await wait(3);
    await rollUpBoards(backend.ctx);
    assert.equal(await deliveryMinor(), 600);
  });
});
