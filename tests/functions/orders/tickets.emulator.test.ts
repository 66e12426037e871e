import { strict as assert } from 'node:assert';
import type { Backend } from '#fixtures/backend.js';
import { Menu } from '#functions/contract/restaurants.js';
import { aMenu } from '#fixtures/catalogue.js';
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
  const update = (ticketColumns: 24 | 32 | 48 | null, uid = 'mario') =>
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

  it('are cut, and refuse no step, where the options of an order are too many', async () => {
    await update(24);
    const { items, groups } = aMenu();
    const option = (id: string, groupIds: string[] = []) => ({
      ...{ id, name: id.padEnd(76, ' tomatoes12'), priceMinor: 0, maxQuantity: 1, groupIds },
    });
    const group = (id: string, options: ReturnType<typeof option>[]) => ({ id, name: id, min: 0, max: 20, options });
    const [outer, more, inner] = ['a', 'b', 'c'].map((name) => Array.from({ length: 20 }, (_, n) => `${name}${n}`));
    assert.ok(outer && more && inner);
    const menu = aMenu({
      items: items.map((item) => (item.id === 'margherita' ? { ...item, groupIds: ['outer', 'more'] } : item)),
      groups: Menu.shape.groups.parse([
        ...groups,
        group(
          'outer',
          outer.map((id) => option(id, ['inner'])),
        ),
        group(
          'more',
          more.map((id) => option(id, ['inner'])),
        ),
        group(
          'inner',
          inner.map((id) => option(id)),
        ),
      ]),
    });
    await backend.db.doc('restaurants/rosa/menus/published').set(menu);
    const below = inner.map((optionId) => ({ optionId, quantity: 1 }));
    const modifiers = [...outer, ...more.slice(0, 6)].map((optionId) => ({ optionId, quantity: 1, modifiers: below }));
    const line = { itemId: 'margherita', quantity: 1, modifiers };
    const journey = await new Journey(backend).place({ cart: { lines: [line, line, line, line, line] } });
    await journey.move('mario', { action: 'accept' });
    assert.equal((await backend.order('order-1')).status, 'accepted');
    const [ticket] = await tickets();
    assert.match(String(ticket?.get('text')), /\nItems +5\n\*\* CUT: SEE THE ORDER \*\*\n$/);
  });

  it('are whole where they are not: the same order without options', async () => {
    await update(24);
    const line = { itemId: 'margherita', quantity: 1 };
    const journey = await new Journey(backend).place({ cart: { lines: [line, line, line, line, line] } });
    await journey.move('mario', { action: 'accept' });
    const [ticket] = await tickets();
    assert.match(String(ticket?.get('text')), /\nItems +5\n$/);
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
