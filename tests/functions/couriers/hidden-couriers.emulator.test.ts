import { strict as assert } from 'node:assert';
import { Timestamp } from 'firebase-admin/firestore';
import type { Backend } from '#fixtures/backend.js';
import { courierName, MINUTE, START_MS } from '#fixtures/catalogue.js';
import { aCity, type CityFacts } from '#fixtures/city.js';
import { Journey } from '#fixtures/journey.js';

const CASH: CityFacts['zone'] = { cash: { maxOrderMinor: 5000, courierFloatMinor: 5000, coinMinor: 1 } };

describe('couriers who are not available', () => {
  let backend: Backend;
  afterEach(() => backend.close());

  /** An order that is ready, with thirty couriers on one side of its kitchen; `change` befalls all but the last. */
  const ready = async (change: Record<string, unknown>, inCash = false): Promise<string> => {
    backend = await aCity({ couriers: 30, ...(inCash && { zone: CASH }) });
    // All stand to the east of the kitchen, so that one side of the search holds them.
    const journey = new Journey(backend);
    await journey.place(inCash ? { card: null, cart: { paymentMethod: 'cash' } } : {});
    const batch = backend.db.batch();
    if (Object.keys(change).length > 0)
      for (let index = 0; index < 29; index += 1)
        batch.update(backend.db.doc(`couriers/${courierName(index)}`), change);
    await batch.commit();
    await journey.move('mario', { action: 'accept' });
    await journey.move('mario', { action: 'markReady' });
    await backend.advance(MINUTE / 4);
    const found = await backend.db.collection('couriers').where('offer.orderId', '==', journey.orderId).get();
    return found.docs.map(({ id }) => id).join();
  };

  it('do not hide the nearest available courier', async () => assert.equal(await ready({}), 'omar'));

  it('hide no courier behind them where their float is full and the order is paid in cash', async () =>
    assert.equal(await ready({ cashMinor: 4900 }, true), courierName(29)));

  it('get offers of orders paid by card, with any amount of cash', async () =>
    assert.equal(await ready({ cashMinor: 4900 }), 'omar'));

  it('hide no courier behind them where their phones are silent', async () =>
    assert.equal(await ready({ 'presence.at': Timestamp.fromMillis(START_MS - 5 * MINUTE) }), courierName(29)));

  it('hide no courier behind them where they have another offer', async () => {
    const offer = {
      orderId: 'another',
      restaurantName: 'R',
      pickUpAt: { lat: 48, lng: 16 },
      distanceMeters: 1,
      payMinor: 1,
      currency: 'EUR',
      expiresAtMs: START_MS + 60 * MINUTE,
      wave: 1,
      peers: [],
    };
    assert.equal(await ready({ offer }), courierName(29));
  });
});
