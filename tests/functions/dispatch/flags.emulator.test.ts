import { strict as assert } from 'node:assert';
import { paths } from '#functions/platform/firestore.js';
import type { Backend } from '#fixtures/backend.js';
import { assertSound } from '#fixtures/books.js';
import { MINUTE } from '#fixtures/catalogue.js';
import { aCity, type CityFacts } from '#fixtures/city.js';
import { Journey } from '#fixtures/journey.js';
import { aFix } from '#fixtures/orders.js';

describe('the orders that operators find flagged', () => {
  let backend: Backend;
  let journey: Journey;
  const begin = async (facts: CityFacts = {}) => (journey = new Journey((backend = await aCity(facts))));
  afterEach(async () => {
    await assertSound(backend);
    await backend.close();
  });
  /** The query of the operators' console, by the contract. */
  const flagged = async (): Promise<string[]> => {
    const orders = paths.orders(backend.db).where('zoneId', '==', 'centre');
    const { docs } = await orders.orderBy('flaggedSinceMs', 'asc').limit(50).get();
    return docs.map(
      (one) =>
        one
          .data()
          .flags?.map(({ kind }) => kind)
          .join() ?? '',
    );
  };

  it('are none of a plain order', async () => {
    await begin();
    for (const status of ['placed', 'accepted', 'preparing', 'ready', 'picked_up', 'delivered'] as const) {
      await journey.reach(status);
      assert.deepEqual(await flagged(), [], status);
    }
  });

  it('are those whose waves of offers are used up, until an operator lets the search begin again', async () => {
    await (await begin({ zone: { limits: { offerWaves: 1 } } })).reach('preparing');
    await journey.answer(await journey.offered(), 'decline');
    assert.deepEqual(await flagged(), ['no_courier']);
    await backend.call('dispatchOrder', 'olga', {
      orderId: 'order-1',
      idempotencyKey: 'restart-key-1',
      act: { type: 'restart' },
      reason: 'couriers are back',
    });
    assert.deepEqual(await flagged(), []);
  });

  it('are those that wait for the kitchen, until it accepts', async () => {
    await (await begin()).reach('placed');
    await backend.advance(2 * MINUTE);
    assert.deepEqual(await flagged(), []);
    await backend.advance(2 * MINUTE);
    assert.deepEqual(await flagged(), ['acceptance_late']);
    await journey.move('mario', { action: 'accept' });
    assert.deepEqual(await flagged(), []);
  });

  it('are those whose pick-up code was guessed too often', async () => {
    await (await begin()).reach('ready');
    for (const code of ['1000', '1001', '1002', '1003', '1004', '1005'].filter((one) => one !== journey.pickUpCode()))
      await assert.rejects(journey.move('omar', { action: 'pickUp', code, fix: aFix('kitchen', backend.nowMs) }));
    assert.deepEqual(await flagged(), ['codes_locked']);
  });

  it('are those that could not be delivered, until the food is back', async () => {
    await (await begin()).reach('picked_up');
    await journey.fail();
    assert.deepEqual(await flagged(), ['undeliverable']);
    await journey.bringBack();
    assert.deepEqual(await flagged(), []);
  });

  it('are those whose customer is linked to the staff', async () => {
    await begin();
    await journey.quote();
    await backend.db.doc('quotes/order-1').update({ conflict: 'address' });
    const placing = { quoteId: 'order-1', idempotencyKey: 'place-key-1', confirmedTotalMinor: 2940 };
    await backend.call('placeOrder', 'carla', { ...placing, paymentMethodId: 'pm_card_visa' });
    await backend.deliverWebhooks();
    assert.deepEqual(await flagged(), ['risk']);
  });
});
