import { strict as assert } from 'node:assert';
import { paths } from '#functions/platform/firestore.js';
import type { Backend } from '#fixtures/backend.js';
import { assertSound } from '#fixtures/books.js';
import { MINUTE, START_MS } from '#fixtures/catalogue.js';
import { aCity } from '#fixtures/city.js';
import { Journey } from '#fixtures/journey.js';

describe('the strikes of a kitchen', () => {
  let backend: Backend;
  const accepted = async (strikesBeforeTask = 3) =>
    new Journey((backend = await aCity({ zone: { limits: { strikesBeforeTask } } }))).reach('accepted');
  const strikes = async () => (await paths.strikes(backend.db, 'rosa').get()).data()?.strikes ?? {};
  const task = async () => (await paths.operatorTask(backend.db, 'store-strikes-rosa').get()).data();
  afterEach(async () => {
    await assertSound(backend);
    await backend.close();
  });

  it('count its cancellation before the pick-up', async () => {
    const journey = await accepted();
    const { code } = await backend.order('order-1');
    await journey.cancel('mario');
    assert.deepEqual(await strikes(), { 'order-1': { code, status: 'accepted', by: 'merchant', atMs: START_MS } });
    assert.equal(await task(), undefined);
  });

  it("do not count the customer's cancellation", async () => {
    const journey = await accepted();
    await journey.cancel('carla');
    assert.deepEqual(await strikes(), {});
  });

  it("count an operator's cancellation at its cost, and not one at the platform's", async () => {
    const journey = await accepted();
    await journey.cancel('olga', { liable: 'platform' });
    assert.deepEqual(await strikes(), {});
    await journey.move('olga', { action: 'restore', reason: 'a slip' });
    await journey.cancel('olga', { liable: 'merchant' });
    assert.equal((await strikes())['order-1']?.by, 'operator');
  });

  it('create an operator task from the number of the zone on', async () => {
    const journey = await accepted(1);
    await journey.cancel('mario');
    const { kind, detail, open, path } = (await task()) ?? {};
    assert.deepEqual([kind, open, path], ['store_strikes', true, 'restaurants/rosa']);
    assert.equal(detail, 'orders cancelled at the cost of the kitchen of rosa within 30 days: 1');
  });

  it('lose the order that an operator restores', async () => {
    const journey = await accepted();
    await journey.cancel('mario');
    await backend.advance(MINUTE);
    await journey.move('olga', { action: 'restore', reason: 'a slip' });
    assert.deepEqual(await strikes(), {});
  });

  it('that cannot be read prevent no cancellation, and become an operator task', async () => {
    const journey = await accepted();
    const ref = backend.db.doc('restaurants/rosa/stats/strikes');
    await ref.set({ strikes: 'many' });
    await journey.cancel('mario');
    assert.equal((await backend.order('order-1')).status, 'cancelled');
    const failed = await backend.db.collection('operatorTasks').where('kind', '==', 'document_failed').get();
    assert.deepEqual(
      failed.docs.map((one) => one.get('path')),
      ['restaurants/rosa/stats/strikes'],
    );
    const strike = { code: 'ABCD', status: 'accepted' as const, by: 'merchant' as const, atMs: START_MS };
    await ref.set({ strikes: { 'order-1': strike }, expireAt: new Date(START_MS) });
  });
});
