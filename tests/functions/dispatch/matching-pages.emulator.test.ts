import { strict as assert } from 'node:assert';
import { Timestamp } from 'firebase-admin/firestore';
import { geohashForLocation } from 'geofire-common';
import { matchWindow } from '#functions/dispatch/match-window.js';
import { computeWindowEndMs } from '#functions/orders/model/search-windows.js';
import { paths } from '#functions/platform/firestore.js';
import type { Backend } from '#fixtures/backend.js';
import { aCourier, aZone, KITCHEN_AT, MINUTE, START_MS } from '#fixtures/catalogue.js';
import { aCity } from '#fixtures/city.js';
import { anOrder, aQuote } from '#fixtures/orders.js';

/** An order whose id no decision can hold. */
const UNSTORABLE = 'x'.repeat(100);
/** Where the order of the second page waits. */
const ELSEWHERE = { lat: 48.9, lng: 16.37 };

describe('a page of a matching that fails', () => {
  let backend: Backend;
  afterEach(() => backend.close());

  /** Fifty orders fill the first page; one more waits elsewhere. A courier stands at each of the two places. */
  const matched = async (firstOrderId: string): Promise<void> => {
    backend = await aCity({ couriers: 0 });
    backend.sweeps = false;
    const batch = backend.db.batch();
    const { restaurantId } = anOrder();
    for (let index = 0; index <= 50; index += 1) {
      const order = anOrder({
        status: 'ready',
        zoneId: 'centre',
        restaurantId,
        courierId: null,
        searchFromMs: START_MS - 1000 + index,
        pickUpAt: index === 50 ? ELSEWHERE : KITCHEN_AT,
        readyAtMs: START_MS,
      });
      const id = index === 0 ? firstOrderId : `order-${String(index).padStart(2, '0')}`;
      batch.set(paths.order(backend.db, id), order);
      batch.set(paths.quote(backend.db, id), aQuote());
    }
    for (const [id, place] of [
      ['omar', KITCHEN_AT],
      ['petra', ELSEWHERE],
    ] as const) {
      const geohash = geohashForLocation([place.lat, place.lng], 9);
      const presence = { ...place, geohash, at: Timestamp.fromMillis(START_MS + 60 * MINUTE) };
      batch.set(backend.db.doc(`couriers/${id}`), { ...aCourier(), presence });
    }
    await batch.commit();
    const atMs = computeWindowEndMs(backend.nowMs, aZone().limits);
    backend.nowMs = atMs;
    await matchWindow(backend.ctx, 'centre', atMs);
  };
  const parts = async () => (await backend.db.collection('zones/centre/matches').get()).size;
  const isAsked = async (uid: string) => (await backend.db.doc(`couriers/${uid}`).get()).get('offer') !== null;
  const failures = async () =>
    (await backend.db.collection('operatorTasks').where('kind', '==', 'document_failed').get()).docs.map((one) =>
      String(one.get('path')),
    );

  it('stores each page’s decision and makes its offers', async () => {
    await matched('order-00');
    assert.deepEqual([await parts(), await isAsked('omar'), await isAsked('petra')], [2, true, true]);
    assert.deepEqual(await failures(), []);
  });

  it('makes the offers of a later page where the decision of the first cannot be stored, with an operator task', async () => {
    await matched(UNSTORABLE);
    assert.deepEqual([await parts(), await isAsked('petra')], [1, true]);
    assert.ok((await failures()).some((path) => path.startsWith('zones/centre/matches/')));
  });
});
