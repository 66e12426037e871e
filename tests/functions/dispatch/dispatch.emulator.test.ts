import { strict as assert } from 'node:assert';
import { seal } from '#functions/core/seal.js';
import { MatchDecision } from '#functions/contract/dispatch.js';
import { isReproducible } from '#functions/dispatch/model/plan.js';
import { toAccountId } from '#functions/ledger/model/account-id.js';
import { ACCOUNTS } from '#functions/ledger/model/chart.js';
import { paths } from '#functions/platform/firestore.js';
import { toPlain } from '#functions/platform/stored.js';
import { computeBalances, breaches } from '#simulator/invariants.js';
import type { Backend } from '#fixtures/backend.js';
import { assertSound, readBooks } from '#fixtures/books.js';
import { aPresence, courierName, KITCHEN_AT, MINUTE, START_MS } from '#fixtures/catalogue.js';
import { aCity, type CityFacts } from '#fixtures/city.js';
import { Journey } from '#fixtures/journey.js';

/** Orders are matched at the end of such a window. */
const WINDOW = 15_000;

describe('the search for a courier', () => {
  let backend: Backend;
  const cooking = async (facts: CityFacts = {}) => new Journey((backend = await aCity(facts))).reach('preparing');
  const asked = async (orderId = 'order-1') => {
    const found = await backend.db.collection('couriers').where('offer.orderId', '==', orderId).get();
    return found.docs.map((courier) => courier.id).toSorted();
  };
  afterEach(async () => {
    await assertSound(backend);
    await backend.close();
  });

  it('begins with the window in which the food is ready in travel time and 7 minutes', async () => {
    // Accepted at noon with 20 minutes of preparation, 10 minutes of travel: at 12:03.
    await cooking();
    await backend.advance(3 * MINUTE + WINDOW - 1);
    assert.deepEqual(await asked(), []);
    await backend.advance(1);
    assert.deepEqual(await asked(), ['omar']);
    const { offer } = await backend.courier('omar');
    assert.deepEqual([offer?.expiresAtMs, offer?.payMinor], [START_MS + 3 * MINUTE + WINDOW + 40_000, 650]);
  });

  for (const [where, metresNorth, first] of [
    ['at the counter', 0, 'omar-2'],
    ['that is in truth six kilometres away', 6000, 'omar'],
  ] as const)
    it(`asks ${first} first, near the counter, where the geohash of omar-2 is one ${where}`, async () => {
      const journey = await cooking({ couriers: 2 });
      const at = new Date(START_MS + 60 * MINUTE);
      const near = aPresence({ ...KITCHEN_AT, lng: KITCHEN_AT.lng + 0.0005 });
      const counter = { ...KITCHEN_AT, lat: KITCHEN_AT.lat + metresNorth / 111_195 };
      const claimed = { ...counter, geohash: aPresence(KITCHEN_AT).geohash };
      await backend.db.doc('couriers/omar').update({ presence: { ...near, at } });
      await backend.db.doc('couriers/omar-2').update({ presence: { ...claimed, at } });
      assert.equal(await journey.offered(), first);
    });

  it('detects an offer whose pay differs from the one that will be settled', async () => {
    await (await cooking()).offered();
    const books = await readBooks(backend);
    const couriers = books.couriers.map(
      ([uid, one]) => [uid, { ...one, offer: one.offer && { ...one.offer, payMinor: 651 } }] as const,
    );
    assert.deepEqual(breaches(books), []);
    assert.deepEqual(breaches({ ...books, couriers }), [
      'order order-1: courier omar is offered 651, but its quote pays 650',
    ]);
  });

  for (const baseMinor of [300, 900]) {
    it(`shows the pay that will be settled, where the zone pays ${baseMinor} for a ride by then`, async () => {
      const journey = await cooking();
      await backend.db.doc('zones/centre').update({ 'pricing.courierPay.baseMinor': baseMinor });
      backend.restart();
      await journey.offered();
      const shownMinor = (await backend.courier('omar')).offer?.payMinor;
      await journey.answer('omar', 'accept');
      await journey.reach('delivered');
      const creditedMinor = computeBalances(await readBooks(backend)).get(ACCOUNTS.courier('omar'));
      assert.deepEqual([shownMinor, creditedMinor], [650, -650]);
    });
  }

  it('shows the pay to the courier alone, not to others who can read the order', async () => {
    const journey = await cooking();
    await journey.offered();
    const text = JSON.stringify(await backend.order('order-1'));
    assert.ok(!/ride|payMinor|courierMinor|\b450\b|\b650\b/i.test(text), text);
    assert.equal((await backend.courier('omar')).offer?.payMinor, 650);
  });

  it('shows the pay that will be settled for an order that was edited before', async () => {
    const journey = await new Journey((backend = await aCity())).reach('accepted');
    const changes = [{ type: 'reduce' as const, line: 0, quantity: 1 }];
    await backend.ask('editOrder', 'mario', {
      orderId: 'order-1',
      idempotencyKey: 'edit-key-1',
      changes,
      reason: 'none left',
    });
    await journey.offered();
    // An edit leaves the ride and the tip as they are.
    assert.equal((await backend.courier('omar')).offer?.payMinor, 650);
    await journey.answer('omar', 'accept');
    await journey.reach('delivered');
    assert.equal(computeBalances(await readBooks(backend)).get(ACCOUNTS.courier('omar')), -650);
  });

  it('offers to the next courier after a decline, and never to the same again', async () => {
    const journey = await cooking({ couriers: 3 });
    assert.equal(await journey.offered(), 'omar');
    await journey.answer('omar', 'decline');
    assert.deepEqual(await asked(), []);
    await backend.advance(WINDOW);
    assert.deepEqual(await asked(), ['omar-2']);
    await journey.answer('omar-2', 'decline');
    await backend.advance(WINDOW);
    assert.deepEqual(await asked(), ['omar-3']);
    await journey.answer('omar-3', 'accept');
    assert.equal((await backend.order('order-1')).courierId, 'omar-3');
  });

  it('offers to the next courier when an offer expires after 40 seconds', async () => {
    const journey = await cooking({ couriers: 2 });
    await journey.offered();
    await backend.advance(39_999);
    assert.deepEqual(await asked(), ['omar']);
    await backend.advance(1);
    assert.deepEqual(await asked(), []);
    await backend.advance(WINDOW);
    assert.deepEqual(await asked(), ['omar-2']);
    await assert.rejects(journey.answer('omar', 'accept'), { reason: 'OFFER_GONE' });
  });

  it('is continued by the sweep where the task of an expired offer was lost', async () => {
    const journey = await cooking({ couriers: 2 });
    backend.tasks.copies = (name) => (/^offer-order-1-omar-\d{13}$/.test(name) ? 0 : 1);
    await journey.offered();
    await backend.advance(40_000);
    assert.deepEqual(await asked(), ['omar']);
    // The sweep waits 15 seconds for the task, then up to a minute for its turn.
    await backend.advance(15_000 + MINUTE + WINDOW);
    assert.deepEqual(await asked(), ['omar-2']);
  });

  it('offers to three at once after three declined; the first to accept gets the order, the others are free again', async () => {
    const journey = await cooking({ couriers: 8 });
    for (const _ of [1, 2, 3]) await journey.answer(await journey.offered(), 'decline');
    await journey.offered();
    assert.deepEqual(await asked(), ['omar-4', 'omar-5', 'omar-6']);
    await journey.answer('omar-5', 'accept');
    assert.equal((await backend.order('order-1')).courierId, 'omar-5');
    for (const uid of ['omar-4', 'omar-6']) {
      const { offer, load } = await backend.courier(uid);
      assert.deepEqual([offer, load], [null, 0]);
      await assert.rejects(journey.answer(uid, 'accept'), { reason: 'OFFER_GONE' });
    }
  });

  it('offers to the next three only when all of three have declined', async () => {
    const journey = await cooking({ couriers: 8 });
    for (const _ of [1, 2, 3]) await journey.answer(await journey.offered(), 'decline');
    await journey.offered();
    await journey.answer('omar-4', 'decline');
    await journey.answer('omar-5', 'decline');
    await backend.advance(WINDOW);
    assert.deepEqual(await asked(), ['omar-6']);
    await journey.answer('omar-6', 'decline');
    await backend.advance(WINDOW);
    assert.deepEqual(await asked(), ['omar-7', 'omar-8']);
  });

  it('creates an operator task after 5 waves', async () => {
    const journey = await cooking({ couriers: 10 });
    for (let declined = 0; declined < 9; declined += 1) await journey.answer(await journey.offered(), 'decline');
    assert.deepEqual(await asked(), []);
    const task = (await backend.db.doc('operatorTasks/order-1-no_courier').get()).data();
    assert.deepEqual([task?.['kind'], task?.['detail']], ['no_courier', 'no courier accepted within 5 waves']);
  });

  it('has one winner when 20 couriers accept at the same moment', async () => {
    const uids = Array.from({ length: 20 }, (_, index) => courierName(index));
    const journey = await cooking({ couriers: 20 });
    await journey.offered();
    const { offer } = await backend.courier('omar');
    const everyone = { ...offer, peers: uids.slice(0, 10) };
    await Promise.all(uids.map((uid) => backend.db.doc(`couriers/${uid}`).update({ offer: everyone, load: 1 })));
    const answers = await Promise.allSettled(uids.map((uid) => journey.answer(uid, 'accept')));
    assert.equal(answers.filter((answer) => answer.status === 'fulfilled').length, 1);
    const { courierId, events } = await backend.order('order-1');
    assert.equal(events.filter((event) => event.action === 'assign').length, 1);
    assert.ok((await backend.courier(courierId ?? '')).active['order-1']);
  });

  it('begins again without the courier who gave the order back', async () => {
    const journey = await cooking({ couriers: 2 });
    await journey.assign();
    await journey.move('omar', { action: 'unassign', reason: 'flat tyre' });
    await backend.advance(WINDOW);
    assert.deepEqual(await asked(), ['omar-2']);
    const { active, load } = await backend.courier('omar');
    assert.deepEqual([active, load], [{}, 0]);
  });

  it('offers the order to a courier who declined again, once another gave it back: notified, and until its own end', async () => {
    const journey = await cooking({ couriers: 2 });
    await journey.answer(await journey.offered(), 'decline');
    assert.equal(await journey.assign(), 'omar-2');
    await journey.move('omar-2', { action: 'unassign', reason: 'flat tyre' });
    assert.equal(await journey.offered(), 'omar');
    assert.equal(new Set(backend.push.shown().filter((one) => one.startsWith('device-omar courier_offer'))).size, 2);
    backend.sweeps = false;
    await backend.advance(40_000);
    assert.deepEqual(await asked(), []);
  });

  it('gives the address to the courier who carries the order, until the delivery', async () => {
    const journey = await cooking();
    await journey.offered();
    assert.equal((await backend.courier('omar')).active['order-1'], undefined);
    const asPlaced = await backend.order('order-1');
    assert.ok(asPlaced.sealedDelivery);
    assert.ok(!JSON.stringify(asPlaced).includes('Door Street'));
    await journey.answer('omar', 'accept');
    assert.equal((await backend.courier('omar')).active['order-1']?.dropOff.addressLine, '7 Door Street');
    assert.equal((await backend.order('order-1')).sealedDelivery, undefined);
    await journey.reach('ready');
    await journey.pickUp();
    const live = async () => (await backend.db.doc('couriers/omar/live/order-1').get()).data();
    assert.deepEqual(await live(), { customerId: 'carla', restaurantId: 'rosa', staffKeys: [] });
    await journey.deliver();
    assert.deepEqual((await backend.courier('omar')).active, {});
    assert.equal(await live(), undefined);
  });

  it('gives it to the next courier as well, also where the secret has changed since the order was placed', async () => {
    const journey = await cooking({ couriers: 2 });
    await backend.db.doc('orders/order-1').update({ sealedDelivery: seal(Buffer.alloc(32, 1), 'order-1', '{}') });
    const first = await journey.assign();
    assert.equal((await backend.courier(first)).active['order-1']?.dropOff.addressLine, '7 Door Street');
    await journey.move(first, { action: 'unassign', reason: 'flat tyre' });
    await backend.advance(WINDOW);
    const second = await journey.offered();
    assert.equal((await backend.courier(second)).offer?.payMinor, 650);
    await journey.answer(second, 'accept');
    assert.notEqual(second, first);
    assert.equal((await backend.courier(second)).active['order-1']?.dropOff.addressLine, '7 Door Street');
  });

  it('stores the address no longer than the search may last', async () => {
    const journey = await cooking();
    await journey.cancel('carla');
    assert.equal((await backend.order('order-1')).sealedDelivery, undefined);
  });

  it('stacks a second order on the same route when no courier is free, and never a third', async () => {
    await (await cooking()).assign();
    const second = await new Journey(backend).reach('preparing');
    assert.equal(await second.assign(), 'omar');
    const { active, load } = await backend.courier('omar');
    assert.deepEqual([Object.keys(active).toSorted(), load], [['order-1', 'order-2'], 2]);
    const third = await new Journey(backend).reach('preparing');
    await backend.advance(5 * MINUTE);
    assert.deepEqual(await asked(third.orderId), []);
  });

  it('stacks nothing where couriers may carry one order only', async () => {
    await (await cooking({ zone: { limits: { courierCapacity: 1 } } })).assign();
    const second = await new Journey(backend).reach('preparing');
    await backend.advance(5 * MINUTE);
    assert.deepEqual(await asked(second.orderId), []);
  });

  it('matches orders of one window together: each courier gets one offer', async () => {
    const first = await cooking({ couriers: 2 });
    const second = await new Journey(backend).reach('preparing');
    await backend.advance(3 * MINUTE + WINDOW);
    const [a, b] = [await asked(first.orderId), await asked(second.orderId)];
    assert.deepEqual([...a, ...b].toSorted(), ['omar', 'omar-2']);
    const { docs } = await backend.db.collection('zones/centre/matches').get();
    assert.deepEqual(
      docs.map((one) => one.get('result.matches').length),
      [2],
    );
  });

  it("offers to no further courier when a window's task comes twice, and notifies the same one again", async () => {
    await cooking({ couriers: 3 });
    backend.tasks.copies = (name) => (name.startsWith('match-') ? 2 : 1);
    await backend.advance(4 * MINUTE);
    backend.tasks.copies = () => 1;
    assert.equal((await backend.db.collection('zones/centre/matches').get()).size, 2, 'its offer lapsed once');
    assert.deepEqual(await asked(), ['omar-2']);
  });

  it('offers in the next window after a crash between the decision and its offers', async () => {
    await cooking({ couriers: 2 });
    await backend.db.doc(`zones/centre/matches/${START_MS + 3 * MINUTE + WINDOW}`).create({ atMs: 0 });
    await backend.advance(3 * MINUTE + WINDOW);
    assert.deepEqual(await asked(), []);
    await backend.advance(WINDOW);
    assert.deepEqual(await asked(), ['omar']);
  });

  it('is continued by the sweep where the task of a window was lost', async () => {
    backend = await aCity();
    backend.tasks.copies = (name) => (name.startsWith('match-') ? 0 : 1);
    await new Journey(backend).reach('preparing');
    await backend.advance(4 * MINUTE);
    assert.deepEqual(await asked(), []);
    backend.tasks.copies = () => 1;
    await backend.advance(MINUTE + WINDOW);
    assert.deepEqual(await asked(), ['omar']);
  });

  it('stores each decision with its inputs, from which it can be reproduced', async () => {
    const journey = await cooking({ couriers: 3 });
    await journey.answer(await journey.offered(), 'decline');
    await journey.offered();
    const { docs } = await backend.db.collection('zones/centre/matches').get();
    const decisions = docs.map((one) => MatchDecision.parse(toPlain(one.data())));
    assert.deepEqual(
      decisions.map((one) => one.result.matches.map(({ riderId }) => riderId)),
      // The second decision has no courier in it who declined: the numbers begin again.
      [[`0000-${toAccountId('omar')}`], [`0000-${toAccountId('omar-2')}`]],
    );
    assert.deepEqual(decisions.map(isReproducible), [true, true]);
    const [first] = decisions;
    assert.ok(first);
    const moved = { ...first, input: { ...first.input, riders: [] } };
    assert.equal(isReproducible(moved), false);
  });

  it('records who declined, and why', async () => {
    const journey = await cooking();
    await backend.call('respondToOffer', await journey.offered(), {
      orderId: 'order-1',
      idempotencyKey: 'no-thanks-1',
      answer: 'decline',
      reason: 'too_far',
    });
    const { wave, asked: ends } = (await paths.search(backend.db, 'order-1').get()).data() ?? {};
    assert.deepEqual(
      [wave, ends],
      [2, { [toAccountId('omar')]: { end: 'declined', reason: 'too_far', atMs: backend.nowMs } }],
    );
  });

  it('includes couriers who come online later', async () => {
    await cooking();
    await backend.db.doc('couriers/omar').update({ online: false });
    await backend.advance(4 * MINUTE);
    assert.deepEqual(await asked(), []);
    await backend.db.doc('couriers/omar').update({ online: true });
    await backend.advance(31_000 + WINDOW);
    assert.deepEqual(await asked(), ['omar']);
  });
});

describe('a restaurant with automatic acceptance', () => {
  it('accepts at the moment of payment, in a step of its own', async () => {
    const backend = await aCity({ restaurant: { acceptance: 'auto' } });
    const journey = await new Journey(backend).place();
    const { status, events } = await backend.order(journey.orderId);
    assert.equal(status, 'accepted');
    assert.deepEqual(
      events.map((event) => `${event.action} by ${event.by}`),
      ['place by customer', 'confirmPayment by system', 'accept by system'],
    );
    await assertSound(backend);
    await backend.close();
  });
});
