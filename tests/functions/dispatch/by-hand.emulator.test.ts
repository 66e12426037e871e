import { strict as assert } from 'node:assert';
import type { Requests } from '#functions/calls/callables.js';
import { toPseudonym } from '#functions/ledger/model/account-id.js';
import { ACCOUNTS } from '#functions/ledger/model/chart.js';
import { computeBalances } from '#simulator/invariants.js';
import type { Backend } from '#fixtures/backend.js';
import { assertSound, readBooks } from '#fixtures/books.js';
import { MINUTE } from '#fixtures/catalogue.js';
import { aCity, type CityFacts } from '#fixtures/city.js';
import { Journey } from '#fixtures/journey.js';

type Act = Requests['dispatchOrder']['act'];

/** Orders are matched at the end of such a window. */
const WINDOW = 15_000;

describe('an operator in dispatch', () => {
  let backend: Backend;
  let journey: Journey;
  const begin = async (facts: CityFacts = {}) => (journey = new Journey((backend = await aCity(facts))));
  const dispatch = (act: Act, uid = 'olga', orderId = 'order-1') =>
    backend.call('dispatchOrder', uid, {
      orderId,
      idempotencyKey: journey.key(act.type),
      act,
      reason: 'the kitchen called',
    });
  const assign = (courierId: string, uid = 'olga') => dispatch({ type: 'assign', courierId }, uid);
  const handOver = (courierId: string) => dispatch({ type: 'handOver', courierId });
  const order = () => backend.order('order-1');
  const asked = async () => {
    const found = await backend.db.collection('couriers').where('offer.orderId', '==', 'order-1').get();
    return found.docs.map((courier) => courier.id).toSorted();
  };
  const pushesTo = (uid: string, key: string) =>
    backend.push.keysTo(`device-${uid}`).filter((one) => one === key).length;
  afterEach(async () => {
    await assertSound(backend);
    await backend.close();
  });

  it('restarts the search after all waves were used up: from the first wave, for couriers who declined before', async () => {
    await (await begin({ zone: { limits: { offerWaves: 1 } } })).reach('preparing');
    await journey.answer(await journey.offered(), 'decline');
    await backend.advance(MINUTE);
    assert.deepEqual(await asked(), []);
    await dispatch({ type: 'restart' });
    await backend.advance(WINDOW);
    assert.deepEqual(await asked(), ['omar']);
    assert.equal((await backend.courier('omar')).offer?.wave, 1);
  });

  it('gives a restarted search the full time again, and cancels the order only after that', async () => {
    await (await begin({ couriers: 0 })).reach('preparing');
    await journey.move('mario', { action: 'markReady' });
    await backend.advance(19 * MINUTE);
    await dispatch({ type: 'restart' });
    await backend.advance(19 * MINUTE);
    assert.equal((await order()).status, 'ready');
    await backend.advance(2 * MINUTE);
    assert.equal((await order()).status, 'cancelled');
  });

  it('ends open offers with a restart, and a courier who accepts one afterwards is refused', async () => {
    await (await begin()).reach('preparing');
    await journey.offered();
    await dispatch({ type: 'restart' });
    assert.deepEqual(await asked(), []);
    assert.equal((await backend.courier('omar')).load, 0);
    await assert.rejects(journey.answer('omar', 'accept'), { reason: 'OFFER_GONE' });
  });

  it('refuses a restart for an order with a courier, and one before the acceptance', async () => {
    await (await begin()).reach('placed');
    await assert.rejects(dispatch({ type: 'restart' }), { reason: 'MOVE_NOT_ALLOWED' });
    await journey.reach('preparing');
    await journey.assign();
    await assert.rejects(dispatch({ type: 'restart' }), { reason: 'COURIER_ASSIGNED' });
  });

  it('assigns no courier whose account is being erased', async () => {
    await (await begin({ couriers: 2 })).reach('preparing');
    const erasure = backend.db.doc('erasures/omar-2');
    await erasure.set({ requestedAtMs: backend.nowMs });
    await assert.rejects(assign('omar-2'), { reason: 'COURIER_NOT_FOUND' });
    await erasure.delete();
    await assign('omar-2');
    assert.equal((await order()).courierId, 'omar-2');
  });

  it('assigns a courier who is offline and beyond the capacity of the zone, notifies, and records who and why', async () => {
    await (await begin({ couriers: 2, zone: { limits: { courierCapacity: 1 } } })).reach('preparing');
    await backend.db.doc('couriers/omar-2').update({ online: false, presence: null });
    await journey.offered();
    await assign('omar-2');
    assert.deepEqual(await asked(), []);
    assert.deepEqual([(await order()).courierId, (await order()).courierName], ['omar-2', 'omar-2']);
    assert.deepEqual(Object.keys((await backend.courier('omar-2')).active), ['order-1']);
    assert.equal(pushesTo('omar-2', 'order_assigned'), 1);
    const audit = (await backend.db.collection('audit').get()).docs.map((entry) => entry.data());
    assert.deepEqual(
      audit.map(({ by, action, subject, reason }) => [by, action, subject, reason]),
      [['olga', 'dispatchOrder', 'orders/order-1', 'the kitchen called']],
    );
    await journey.move('mario', { action: 'markReady' });
    await journey.pickUp('omar-2');
    await journey.deliver('omar-2');
    assert.equal((await order()).status, 'delivered');
  });

  it('takes the offer of the courier who is assigned, and ends the offers of others', async () => {
    await (await begin({ zone: { limits: { declinesBeforeParallel: 1 } }, couriers: 4 })).reach('preparing');
    await journey.answer(await journey.offered(), 'decline');
    await journey.offered();
    assert.deepEqual(await asked(), ['omar-2', 'omar-3', 'omar-4']);
    await assign('omar-3');
    assert.deepEqual(await asked(), []);
    const loads = await Promise.all(
      ['omar-2', 'omar-3', 'omar-4'].map(async (uid) => (await backend.courier(uid)).load),
    );
    assert.deepEqual(loads, [0, 1, 0]);
  });

  it('records pick-up and delivery for a courier whose phone is dead, who is paid for the ride', async () => {
    await (await begin()).reach('preparing');
    await journey.assign();
    await journey.move('mario', { action: 'markReady' });
    await assert.rejects(journey.move('mario', { action: 'pickUp' }), { reason: 'COURIER_REQUIRED' });
    await journey.move('olga', { action: 'pickUp' });
    await assert.rejects(journey.move('mario', { action: 'confirmDelivery', pin: journey.pin }), {
      reason: 'RIDER_REQUIRED',
    });
    await journey.move('olga', { action: 'confirmDelivery' });
    assert.equal((await order()).status, 'delivered');
    assert.deepEqual((await backend.courier('omar')).active, {});
    const balances = computeBalances(await readBooks(backend));
    assert.equal(balances.get(ACCOUNTS.courier('omar')), -650);
  });

  it('refuses a second courier until the first is unassigned', async () => {
    await (await begin({ couriers: 2 })).reach('preparing');
    await journey.assign();
    await assert.rejects(assign('omar-2'), { reason: 'COURIER_ASSIGNED' });
    await journey.move('olga', { action: 'unassign', reason: 'flat tyre' });
    await assign('omar-2');
    assert.equal((await order()).courierId, 'omar-2');
  });

  it('refuses a courier who is unknown or not approved, the customer, and one who is full', async () => {
    await (await begin({ couriers: 2 })).reach('preparing');
    await assert.rejects(assign('stranger'), { reason: 'COURIER_NOT_FOUND' });
    await backend.db.doc('couriers/omar').update({ approved: false });
    await assert.rejects(assign('omar'), { reason: 'COURIER_NOT_FOUND' });
    await backend.db.doc('couriers/omar-2').update({ staffOf: ['rosa'] });
    await assert.rejects(assign('omar-2'), { reason: 'PARTY_CONFLICT' });
    await backend.db.doc('couriers/omar-2').update({ staffOf: [] });
    const { active } = await backend.courier('omar-2');
    const delivery = { code: 'X', restaurantName: 'X', pickUpAt: { lat: 1, lng: 1 } };
    const dropOff = { lat: 1, lng: 1, addressLine: '1', contactName: 'C' };
    const five = Object.fromEntries([1, 2, 3, 4, 5].map((n) => [`other-${n}`, { ...delivery, dropOff }]));
    await backend.db.doc('couriers/omar-2').update({ active: five, load: 5 });
    await assert.rejects(assign('omar-2'), { reason: 'COURIER_FULL', details: { max: 5 } });
    await backend.db.doc('couriers/omar-2').update({ active, load: 0 });
    await assign('omar-2');
  });

  it('refuses the float of a courier who carries too much cash', async () => {
    const cash = { maxOrderMinor: 10_000, courierFloatMinor: 3000, coinMinor: 1 };
    await begin({ zone: { cash } });
    await journey.place({ card: null, cart: { paymentMethod: 'cash' } });
    await journey.reach('preparing');
    await backend.db.doc('couriers/omar').update({ cashMinor: 100 });
    await assert.rejects(assign('omar'), { reason: 'FLOAT_EXCEEDED' });
    await backend.db.doc('couriers/omar').update({ cashMinor: 0 });
    await assign('omar');
    assert.equal((await backend.courier('omar')).active['order-1']?.floatMinor, 2940);
  });

  it('is refused to others, and to an operator who is the courier', async () => {
    await (await begin()).reach('preparing');
    await assert.rejects(assign('omar', 'mario'), { reason: 'ROLE_REQUIRED' });
    await assert.rejects(assign('olga'), { reason: 'OTHER_OPERATOR_REQUIRED' });
  });

  it('hands the food over after the pick-up: address, position and pay go to the courier who ends the ride', async () => {
    await (await begin({ couriers: 2 })).reach('picked_up');
    await handOver('omar-2');
    const { courierId, pastCourierIds, status } = await order();
    assert.deepEqual([status, courierId, pastCourierIds], ['picked_up', 'omar-2', ['omar']]);
    assert.deepEqual(Object.keys((await backend.courier('omar')).active), []);
    assert.ok((await backend.courier('omar-2')).active['order-1']?.dropOff.addressLine);
    const live = async (uid: string) => (await backend.db.doc(`couriers/${uid}/live/order-1`).get()).exists;
    assert.deepEqual([await live('omar'), await live('omar-2')], [false, true]);
    assert.equal(pushesTo('omar-2', 'order_assigned'), 1);
    await assert.rejects(journey.deliver('omar'), { reason: 'ORDER_NOT_FOUND' });
    await journey.deliver('omar-2');
    const balances = computeBalances(await readBooks(backend));
    assert.deepEqual(
      [balances.get(ACCOUNTS.courier('omar')) ?? 0, balances.get(ACCOUNTS.courier('omar-2'))],
      [0, -650],
    );
  });

  it('hands food over that could not be delivered, hidden from the customer', async () => {
    await (await begin({ couriers: 2 })).reach('picked_up');
    await journey.fail();
    await handOver('omar-2');
    const live = (await backend.db.doc('couriers/omar-2/live/order-1').get()).data();
    assert.equal(live?.['returning'], true);
    await journey.bringBack('omar-2');
    assert.equal((await order()).status, 'returned');
  });

  it('refuses a hand-over before the pick-up, and to the courier who has the food', async () => {
    await (await begin({ couriers: 2 })).reach('ready');
    await assert.rejects(handOver('omar-2'), { reason: 'MOVE_NOT_ALLOWED' });
    await journey.reach('picked_up');
    await assert.rejects(handOver('omar'), { reason: 'COURIER_ASSIGNED' });
    await assert.rejects(assign('omar-2'), { reason: 'MOVE_NOT_ALLOWED' });
  });

  it('leaves nothing of a former courier who is erased', async () => {
    await (await begin({ couriers: 2 })).reach('preparing');
    await assign('omar-2');
    await journey.move('mario', { action: 'markReady' });
    await journey.pickUp('omar-2');
    await handOver('omar');
    await journey.deliver('omar');
    backend.signIn('omar-2');
    await backend.call('deleteMyAccount', 'omar-2', {});
    await backend.advance(65 * MINUTE);
    const { events, pastCourierIds, courierId } = await order();
    assert.equal(courierId, 'omar');
    const pseudonym = toPseudonym('omar-2');
    assert.deepEqual(pastCourierIds, [pseudonym]);
    assert.ok(!JSON.stringify(events).includes('"omar-2"'));
    assert.equal(events.find(({ action }) => action === 'assign')?.courierId, pseudonym);
  });

  it('applies a repeated request once', async () => {
    await (await begin({ couriers: 2 })).reach('picked_up');
    const wish = {
      orderId: 'order-1',
      idempotencyKey: 'hand-over-key',
      act: { type: 'handOver' as const, courierId: 'omar-2' },
      reason: 'flat tyre',
    };
    const first = await backend.call('dispatchOrder', 'olga', wish);
    const again = await backend.call('dispatchOrder', 'olga', wish);
    assert.deepEqual([first.replayed, again.replayed, again.event], [false, true, first.event]);
  });
});
