import { strict as assert } from 'node:assert';
import type { Backend } from '#fixtures/backend.js';
import { assertSound } from '#fixtures/books.js';
import { MINUTE, START_MS } from '#fixtures/catalogue.js';
import { aCity } from '#fixtures/city.js';
import { Journey } from '#fixtures/journey.js';

const WINDOW = 15_000;

describe('a delay that the kitchen announces', () => {
  let backend: Backend;
  /** Accepted at noon: ready in 20 minutes, a ride of 10; the search begins after 3. */
  const cooking = async () => new Journey((backend = await aCity())).reach('preparing');
  const delay = (journey: Journey, minutes = 15) => journey.move('mario', { action: 'delay', minutes });
  const minute = (atMs: number | null | undefined) => (atMs == null ? null : (atMs - START_MS) / MINUTE);
  const isAsked = async () => (await backend.courier('omar')).offer !== null;
  const texts = (device: string, key: string) =>
    backend.push.sent.filter((one) => one.token === device && one.data['key'] === key).map(({ body }) => body);
  afterEach(async () => {
    await assertSound(backend);
    await backend.close();
  });

  it('gives the order, its deadline and its customer the new time, and keeps the promise', async () => {
    const journey = await cooking();
    await delay(journey);
    const { readyAtMs, promisedAtMs, due, status } = await backend.order('order-1');
    assert.deepEqual([status, minute(readyAtMs), minute(promisedAtMs)], ['preparing', 35, 30]);
    assert.deepEqual([due?.kind, minute(due?.atMs)], ['overdue', 45]);
    assert.equal(texts('device-carla', 'order_postponed').length, 1);
    assert.match(texts('device-carla', 'order_postponed')[0] ?? '', /now expected at 1:45 PM/);
  });

  it('makes the search for a courier begin later', async () => {
    const journey = await cooking();
    await delay(journey);
    await backend.advance(4 * MINUTE);
    assert.equal(await isAsked(), false);
    await backend.advance(14 * MINUTE + WINDOW);
    assert.equal(await isAsked(), true);
  });

  it('lets a search that has begun rest until then, and go on with the couriers who have not declined', async () => {
    const journey = await cooking();
    await journey.offered();
    await delay(journey);
    await journey.answer('omar', 'decline');
    await backend.advance(10 * MINUTE);
    assert.equal(await isAsked(), false);
    await backend.advance(20 * MINUTE);
    assert.equal(await isAsked(), false, 'the only courier declined before');
    assert.equal((await backend.db.doc('orders/order-1/private/search').get()).get('wave'), 2);
  });

  it('is sent to the courier who has the order', async () => {
    const journey = await cooking();
    await journey.assign();
    await delay(journey);
    assert.match(texts('device-omar', 'pick_up_postponed')[0] ?? '', /1:35 PM/);
    assert.equal((await backend.order('order-1')).courierId, 'omar');
  });

  it('is refused once the courier is at the counter', async () => {
    const journey = await cooking();
    await journey.assign();
    await journey.arrive('omar', 'kitchen');
    await assert.rejects(delay(journey), /COURIER_AT_COUNTER/);
  });

  it('is applied once, however often the call is repeated, and at most twice in all', async () => {
    const journey = await cooking();
    const first = () => journey.move('mario', { action: 'delay', minutes: 10 }, 'delay-key-1');
    await first();
    assert.equal((await first()).replayed, true);
    assert.equal(minute((await backend.order('order-1')).readyAtMs), 30);
    await delay(journey, 5);
    await assert.rejects(delay(journey, 5), /TOO_MANY_DELAYS/);
  });

  it('by an operator is in the audit with the reason', async () => {
    const journey = await cooking();
    await journey.move('olga', { action: 'delay', minutes: 10, reason: 'the kitchen called' });
    const entries = await backend.db.collection('audit').where('by', '==', 'olga').get();
    assert.deepEqual(
      entries.docs.map((one) => [one.get('action'), one.get('reason'), one.get('after.action')]),
      [['moveOrder', 'the kitchen called', 'delay']],
    );
  });

  it('comes from a phone that was offline as well', async () => {
    await cooking();
    const answer = await backend.command('order-1', 'mario-command-1', {
      uid: 'mario',
      role: 'merchant',
      request: { type: 'move', move: { action: 'delay', minutes: 15 } },
    });
    assert.equal(answer?.state, 'applied');
    assert.equal(minute((await backend.order('order-1')).readyAtMs), 35);
  });
});
