import { strict as assert } from 'node:assert';
import type { Backend } from '#fixtures/backend.js';
import { aCity } from '#fixtures/city.js';
import { Journey } from '#fixtures/journey.js';

describe('the tickets of a kitchen', () => {
  let backend: Backend;
  beforeEach(async () => {
    backend = await aCity();
  });
  afterEach(() => backend.close());

  const tickets = async () =>
    (await backend.db.collection('restaurants/rosa/tickets').orderBy('createdAtMs').get()).docs;
  const update = (ticketColumns: 32 | 48 | null, uid = 'mario') =>
    backend.ask('updateStore', uid, { restaurantId: 'rosa', changes: { ticketColumns } });

  it('are made of orders that were placed after a manager switched printing on', async () => {
    await update(48);
    await new Journey(backend).reach('preparing');
    const [ticket, ...others] = await tickets();
    const { kind, columns, printedAt, expireAt, text } = ticket?.data() ?? {};
    assert.deepEqual(
      [ticket?.id.startsWith('order-1-'), kind, columns, printedAt, others],
      [true, 'new', 48, null, []],
    );
    assert.ok(String(text).includes('Margherita'), String(text));
    assert.ok(Number(expireAt.toMillis()) > backend.nowMs);
    await backend.ask('cancelOrder', 'mario', { orderId: 'order-1', idempotencyKey: 'cancel-key-1', reason: 'no gas' });
    assert.deepEqual((await tickets()).map((one) => one.get('kind')).toSorted(), ['cancelled', 'new']);
  });

  it('are not made of the orders of other restaurants', async () => {
    await new Journey(backend).reach('preparing');
    assert.deepEqual(await tickets(), []);
    assert.equal((await backend.db.doc('orders/order-1').get()).get('tickets'), undefined);
  });

  it('are switched on by an owner or manager', async () => {
    await assert.rejects(update(32, 'lena'), { reason: 'RESTAURANT_NOT_FOUND' });
    await update(32);
    assert.equal((await backend.db.doc('restaurants/rosa').get()).get('ticketColumns'), 32);
    await update(null);
    assert.equal((await backend.db.doc('restaurants/rosa').get()).get('ticketColumns'), null);
  });
});
