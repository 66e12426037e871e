import { strict as assert } from 'node:assert';
import type { Backend } from '#fixtures/backend.js';
import { assertSound } from '#fixtures/books.js';
import { aCity, type CityFacts } from '#fixtures/city.js';
import { Journey } from '#fixtures/journey.js';

describe('the bills of an order', () => {
  let backend: Backend;
  let journey: Journey;
  const begin = async (facts: CityFacts = {}) => (journey = new Journey((backend = await aCity(facts))));
  const read = async (uid: string, ...orderIds: string[]) =>
    (await backend.call('readBills', uid, { orderIds: orderIds.length > 0 ? orderIds : ['order-1'] })).bills;
  const readOne = async (uid: string) => (await read(uid))[0];
  afterEach(async () => {
    await backend.deliverWebhooks();
    await assertSound(backend);
    await backend.close();
  });

  it('show the customer the totals and what was paid, and no other party any of it', async () => {
    await (await begin()).reach('picked_up');
    const { totals } = await backend.order('order-1');
    assert.deepEqual(await readOne('carla'), {
      party: 'customer',
      orderId: 'order-1',
      currency: 'EUR',
      totals,
      authorizedMinor: 2940,
      capturedMinor: 0,
      refundedMinor: 0,
      proposal: null,
    });
    assert.deepEqual(await readOne('mario'), {
      party: 'restaurant',
      orderId: 'order-1',
      currency: 'EUR',
      itemsMinor: 2000,
      earnsMinor: 1600,
      bearsMinor: 0,
      pay: 'due',
      payout: null,
    });
    assert.deepEqual(await readOne('omar'), {
      party: 'courier',
      orderId: 'order-1',
      currency: 'EUR',
      rideMinor: 450,
      tipMinor: 200,
      cashMinor: 0,
    });
  });

  it('are none for others, for the kitchen, and for a restaurant before the payment', async () => {
    await (await begin()).place({ card: null });
    assert.deepEqual([await read('mario'), await read('lena'), await read('omar')], [[], [], []]);
    assert.equal((await read('carla')).length, 1);
    backend.fake.customerPays('order-1');
    await backend.deliverWebhooks();
    assert.equal((await read('mario')).length, 1);
    backend.identity.add('kim', { role: 'customer', merchant: { rosa: 'kitchen' } }, 'Kim');
    await backend.db.doc('restaurants/rosa/members/kim').set({ role: 'kitchen', displayName: 'Kim', addedAtMs: 1 });
    assert.deepEqual(await read('kim'), []);
  });

  it('leave out an order that cannot be read, and those of others, and show the rest', async () => {
    await (await begin()).reach('delivered');
    const bad = await backend.db.doc('orders/order-1').get();
    await backend.db.doc('orders/bad').set({ ...bad.data(), status: 'unheard of' });
    const bills = await read('carla', 'bad', 'order-99', 'order-1');
    assert.deepEqual(
      bills.map(({ orderId }) => orderId),
      ['order-1'],
    );
    assert.equal((await backend.db.collection('operatorTasks').where('path', '==', 'orders/bad').get()).size, 1);
    await backend.db.doc('orders/bad').delete();
    const quote = (await backend.db.doc('quotes/order-1').get()).data() ?? {};
    await backend.db.doc('quotes/order-1').delete();
    assert.deepEqual([(await read('carla')).length, await read('mario')], [1, []]);
    await backend.db.doc('quotes/order-1').set(quote);
  });

  it('count the ride and tip of its own rider among the restaurant’s earnings, and show the payout', async () => {
    await (await begin({ couriers: 0 })).reach('preparing');
    const act = { type: 'ownRider' as const, name: 'Rita' };
    await backend.call('dispatchOrder', 'olga', {
      ...{ orderId: 'order-1', idempotencyKey: 'rider-key-1', act },
      reason: 'no courier accepted',
    });
    await journey.move('mario', { action: 'markReady' });
    await journey.move('mario', { action: 'pickUp' });
    const bill = await readOne('mario');
    assert.equal(bill?.party === 'restaurant' && bill.earnsMinor, 1600 + 450 + 200);
  });

  it('show the customer the total of a proposal to agree to', async () => {
    await (await begin()).reach('accepted');
    await backend.call('editOrder', 'mario', {
      orderId: 'order-1',
      idempotencyKey: 'edit-key-1',
      changes: [{ type: 'substitute', line: 0, by: { itemId: 'margherita', quantity: 3 } }],
      reason: 'A larger one',
    });
    const bill = await readOne('carla');
    const { edit } = await backend.order('order-1');
    assert.ok(edit && bill?.party === 'customer');
    assert.deepEqual(bill.proposal, { event: edit.event, totalMinor: edit.totalMinor });
  });
});

describe('the inspection of an order', () => {
  it('shows an operator the sealed fields, audited, and no party or competitor of it', async () => {
    const backend = await aCity();
    await new Journey(backend).reach('preparing');
    const inspect = (uid: string) => backend.call('inspectOrder', uid, { orderId: 'order-1', reason: 'a call' });
    const { order } = await inspect('olga');
    assert.deepEqual(order, await backend.order('order-1'));
    assert.equal(order.payment.intentId, 'pi_order-1');
    const audit = await backend.db.collection('audit').where('action', '==', 'inspectOrder').get();
    assert.deepEqual(
      audit.docs.map((entry) => [entry.get('by'), entry.get('subject'), entry.get('reason')]),
      [['olga', 'orders/order-1', 'a call']],
    );
    backend.identity.add('otto', { role: 'operator', merchant: { rosa: 'kitchen' } }, 'Otto');
    await backend.db.doc('restaurants/rosa/members/otto').set({ role: 'kitchen', displayName: 'Otto', addedAtMs: 1 });
    await assert.rejects(inspect('otto'), { reason: 'OTHER_OPERATOR_REQUIRED' });
    await backend.close();
  });
});
