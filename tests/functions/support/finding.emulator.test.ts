import { strict as assert } from 'node:assert';
import type { AuditEntry } from '#functions/contract/operations.js';
import type { Inputs } from '#functions/calls/callables.js';
import { paths } from '#functions/platform/firestore.js';
import type { Backend } from '#fixtures/backend.js';
import { aCity } from '#fixtures/city.js';
import { Journey } from '#fixtures/journey.js';

describe('an operator’s search', () => {
  let backend: Backend;
  beforeEach(async () => {
    backend = await aCity();
    await backend.call('createProfile', 'carla', { displayName: 'Carla Rossi', locale: 'it' });
    await new Journey(backend).place();
  });
  afterEach(() => backend.close());
  const find = (by: Inputs['findRecords']['by'], operator = 'olga') =>
    backend.call('findRecords', operator, { by, reason: 'the customer calls' });
  const ids = async (by: Inputs['findRecords']['by']) => {
    const { people, orders, restaurants } = await find(by);
    return [
      people.map(({ uid }) => uid),
      orders.map(({ orderId }) => orderId),
      restaurants.map(({ restaurantId }) => restaurantId),
    ];
  };

  it('finds an order by its code, and no other', async () => {
    const { code } = await backend.order('order-1');
    assert.deepEqual(await ids({ type: 'code', code }), [[], ['order-1'], []]);
    assert.deepEqual(await ids({ type: 'code', code: ` ${code.toLowerCase()}` }), [[], ['order-1'], []]);
    assert.deepEqual(await ids({ type: 'code', code: 'ZZZZ' }), [[], [], []]);
  });

  it('finds a person by e-mail address or the beginning of the name, with the orders', async () => {
    assert.deepEqual(await ids({ type: 'email', email: 'carla@demo.test' }), [['carla'], ['order-1'], []]);
    assert.deepEqual(await ids({ type: 'email', email: 'nobody@demo.test' }), [[], [], []]);
    assert.deepEqual(await ids({ type: 'name', name: 'Carla' }), [['carla'], ['order-1'], []]);
    assert.deepEqual(await ids({ type: 'phone', phone: '+436601234567' }), [[], [], []]);
  });

  it('refuses a number that no telephone has, and finds nothing for an unknown one', async () => {
    for (const phone of ['+ () ./- ()', '+00000000', '+(0) 43 660 123'])
      await assert.rejects(find({ type: 'phone', phone }), { reason: 'INPUT_INVALID' });
    for (const phone of ['+4 () ./- ()', '+40000000', ' +(43) 660 / 123-45.67'])
      assert.deepEqual(await ids({ type: 'phone', phone }), [[], [], []]);
  });

  it('finds anything by its id, with the role and the restaurants of a person', async () => {
    assert.deepEqual(await ids({ type: 'id', id: 'order-1' }), [[], ['order-1'], []]);
    assert.deepEqual(await ids({ type: 'id', id: 'rosa' }), [[], [], ['rosa']]);
    await backend.call('createProfile', 'mario', { displayName: 'Mario', locale: 'it' });
    const [mario] = (await find({ type: 'id', id: 'mario' })).people;
    assert.deepEqual([mario?.role, mario?.restaurantIds, mario?.blocked], ['customer', ['rosa'], false]);
  });

  it('finds a restaurant by the beginning of its name', async () => {
    const name = (await paths.restaurant(backend.db, 'rosa').get()).data()?.name ?? '';
    assert.deepEqual(await ids({ type: 'name', name: name.slice(0, 4) }), [[], [], ['rosa']]);
  });

  it('leaves out what cannot be read', async () => {
    const { code } = await backend.order('order-1');
    await backend.db.doc('orders/order-1').update({ lines: 'none' });
    assert.deepEqual(await ids({ type: 'code', code }), [[], [], []]);
    assert.deepEqual(await ids({ type: 'email', email: 'carla@demo.test' }), [['carla'], [], []]);
  });

  it('is recorded, without what was searched for', async () => {
    await find({ type: 'email', email: 'carla@demo.test' });
    const entries = (await backend.db.collection('audit').get()).docs.map((one) => one.data() as AuditEntry);
    const { by, action, subject, after } = entries[0] ?? {};
    assert.deepEqual(
      [by, action, subject, after],
      ['olga', 'findRecords', 'search/email', { people: 1, orders: 1, restaurants: 0 }],
    );
    assert.equal(JSON.stringify(entries).includes('carla'), false);
  });

  it('is for operators', async () => {
    for (const uid of ['carla', 'mario', 'omar'])
      await assert.rejects(find({ type: 'id', id: 'carla' }, uid), { reason: 'ROLE_REQUIRED' });
  });
});
