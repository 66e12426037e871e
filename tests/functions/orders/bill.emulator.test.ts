import { strict as assert } from 'node:assert';
import { START_MS } from '#fixtures/catalogue.js';
import { aCity } from '#fixtures/city.js';
import { Journey } from '#fixtures/journey.js';
import { anOrder } from '#fixtures/orders.js';
import { atMostMs, isProving } from '#fixtures/proofs.js';

/** Stored with the Admin SDK before each bill: seconds and hundreds of megabytes for the numbers of a proof. */
const LARGE = isProving ? { couriers: 1_000, pastOrders: 10_000 } : { couriers: 200, pastOrders: 1_000 };

/** What the server side of one delivered order costs in a city of that size. */
async function billOfOrder(couriers: number, pastOrders: number) {
  const backend = await aCity({ couriers });
  try {
    for (let index = 0; index < pastOrders; index += 500) {
      const batch = backend.db.batch();
      for (let number = index; number < Math.min(pastOrders, index + 500); number++) {
        const past = anOrder({ status: 'completed' });
        batch.set(backend.db.doc(`orders/past-${number}`), { ...past, createdAtMs: START_MS - number * 60_000 });
      }
      await batch.commit();
    }
    const journey = new Journey(backend);
    await backend.billed();
    await journey.place();
    await journey.move('mario', { action: 'accept', prepMinutes: 10 });
    // The window's end; looking for what a sweep would find would be billed, too.
    backend.sweeps = false;
    await backend.advance(15_000);
    await backend.ask('respondToOffer', 'omar', {
      orderId: journey.orderId,
      idempotencyKey: 'answer-key-1',
      answer: 'accept',
    });
    await journey.move('mario', { action: 'markReady' });
    await journey.pickUp();
    await journey.deliver();
    return await backend.billed();
  } finally {
    await backend.close();
  }
}

describe('the bill of an order', () => {
  it(`is the same with ten couriers online as with ${LARGE.couriers}, and with no past orders as with ${LARGE.pastOrders}`, async function () {
    this.timeout(atMostMs(60_000));
    const small = await billOfOrder(10, 0);
    const large = await billOfOrder(LARGE.couriers, LARGE.pastOrders);
    assert.deepEqual(large, small);
    assert.ok(small.reads + small.writes < 46, JSON.stringify(small));
  });
});
