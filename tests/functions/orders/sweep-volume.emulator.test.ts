import { strict as assert } from 'node:assert';
import { sweep } from '#functions/sweep/sweep.js';
import { aRestaurant, MINUTE, START_MS } from '#fixtures/catalogue.js';
import { aCity } from '#fixtures/city.js';
import { anOrder } from '#fixtures/orders.js';
import { atMostMs, isProving } from '#fixtures/proofs.js';

/** More than one sweep took once; `npm run prove` tries as many as a large city has at dinner. */
const ORDERS = isProving ? 5_000 : 250;
const RESTAURANTS = 25;

describe('orders that are due in the same minute', function () {
  this.timeout(atMostMs(300_000));

  it(`are all handled by one sweep and the task that continues it: ${ORDERS}`, async () => {
    const backend = await aCity();
    backend.sweeps = false;
    for (let index = 0; index < RESTAURANTS; index += 1)
      await backend.db.doc(`restaurants/kitchen-${index}`).set(aRestaurant());
    for (let first = 0; first < ORDERS; first += 450) {
      const write = backend.db.batch();
      for (let number = first; number < Math.min(ORDERS, first + 450); number += 1) {
        const order = anOrder({ status: 'placed', restaurantId: `kitchen-${number % RESTAURANTS}` });
        const payment = { ...order.payment, status: 'none' as const, intentId: null };
        write.set(backend.db.doc(`orders/due-${number}`), {
          ...order,
          payment,
          due: { kind: 'reject', atMs: START_MS - 1 },
        });
      }
      await write.commit();
    }
    const beganAt = performance.now();
    // A budget that is used up at once: the sweep handles as many as it does at a time and hands the rest over.
    const first = await sweep(backend.ctx, { budgetMs: 0 });
    assert.deepEqual([first.orders, first.finished], [25, false]);
    await backend.advance(2 * MINUTE);
    if (isProving) console.log(`      ${ORDERS} orders in ${Math.round((performance.now() - beganAt) / 1000)} s`);
    const left = await backend.db.collection('orders').where('status', '==', 'placed').count().get();
    assert.equal(left.data().count, 0);
    const handed = backend.tasks.ran.filter((name) => name.startsWith('sweep-')).length;
    assert.ok(handed >= 1, `${handed} further tasks`);
    await backend.close();
  });
});
