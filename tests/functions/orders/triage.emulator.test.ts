import { strict as assert } from 'node:assert';
import { toStaffKey } from '#functions/core/staff-key.js';
import type { Backend } from '#fixtures/backend.js';
import { assertSound } from '#fixtures/books.js';
import { MINUTE, START_MS } from '#fixtures/catalogue.js';
import { aCity } from '#fixtures/city.js';
import { Journey } from '#fixtures/journey.js';

/** The order of the journeys costs 29.40. */
const TRIAGE = { waitMinutes: 6, largeOrderMinor: 2940 };

describe('the triage of risky orders', () => {
  let backend: Backend;
  let journey: Journey;
  const begin = async (triage: typeof TRIAGE | null, restaurant: { acceptance?: 'auto' } = {}) => {
    backend = await aCity({ zone: { triage }, restaurant });
    journey = new Journey(backend);
  };
  const order = () => backend.order('order-1');
  const release = (uid = 'olga') =>
    backend.call('dispatchOrder', uid, {
      orderId: 'order-1',
      idempotencyKey: 'release-key-1',
      act: { type: 'release' },
      reason: 'called the customer',
    });
  const pushesTo = (uid: string) => backend.push.keysTo(`device-${uid}`);
  afterEach(async () => {
    await assertSound(backend);
    await backend.close();
  });

  it('is not cancelled by the kitchen, which has not seen the order, before its release', async () => {
    await begin(TRIAGE);
    await journey.place();
    await assert.rejects(journey.cancel('mario'), { reason: 'MOVE_NOT_ALLOWED' });
    await release();
    await journey.move('mario', { action: 'accept' });
    await journey.cancel('mario');
    assert.equal((await order()).status, 'cancelled');
  });

  it('lets the first large order of an account wait, without a notification of the kitchen, and go on by itself', async () => {
    await begin(TRIAGE);
    await journey.place();
    const { status, due, flags } = await order();
    assert.deepEqual([status, due?.kind, due && due.atMs - START_MS], ['scheduled', 'release', 6 * MINUTE]);
    assert.deepEqual(
      flags?.map(({ kind }) => kind),
      ['risk'],
    );
    assert.deepEqual(pushesTo('mario'), []);
    await backend.advance(5 * MINUTE);
    assert.equal((await order()).status, 'scheduled');
    await backend.advance(2 * MINUTE);
    assert.equal((await order()).status, 'placed');
    assert.equal(pushesTo('mario')[0], 'order_placed');
  });

  it('is released by an operator, with a reason in the audit, and the promise counts from then on', async () => {
    await begin(TRIAGE);
    await journey.place();
    const before = (await order()).promisedAtMs;
    await backend.advance(3 * MINUTE);
    await release();
    const { status, promisedAtMs } = await order();
    assert.deepEqual([status, promisedAtMs - before], ['placed', 3 * MINUTE]);
    const audit = (await backend.db.collection('audit').get()).docs.map((entry) => entry.data());
    assert.deepEqual(
      audit.map(({ by, action, reason }) => [by, action, reason]),
      [['olga', 'dispatchOrder', 'called the customer']],
    );
    await journey.reach('delivered');
  });

  it('is rejected by an operator: the hold is voided, and no party is paid', async () => {
    await begin(TRIAGE);
    await journey.place();
    await journey.cancel('olga', { liable: 'platform' });
    assert.equal((await order()).status, 'cancelled');
    await backend.advance(11 * MINUTE);
    await backend.deliverWebhooks();
    const { payment } = await order();
    assert.deepEqual([payment.status, payment.capturedMinor], ['voided', 0]);
    assert.deepEqual((await backend.db.collection('ledger').get()).size, 0);
  });

  it('is cancelled by its customer free of charge', async () => {
    await begin(TRIAGE);
    await journey.place();
    await journey.cancel('carla');
    assert.equal((await order()).payment.status, 'voided');
  });

  it('accepts automatically only after the release', async () => {
    await begin(TRIAGE, { acceptance: 'auto' });
    await journey.place();
    assert.equal((await order()).status, 'scheduled');
    await release();
    assert.equal((await order()).status, 'accepted');
  });

  it('lets an order wait whose customer is linked to the staff', async () => {
    await begin({ ...TRIAGE, largeOrderMinor: 100_000 });
    await journey.quote();
    await backend.db.doc('quotes/order-1').update({ conflict: 'address' });
    const placing = { quoteId: 'order-1', idempotencyKey: 'place-key-1', confirmedTotalMinor: 2940 };
    await backend.call('placeOrder', 'carla', { ...placing, paymentMethodId: 'pm_card_visa' });
    await backend.deliverWebhooks();
    assert.equal((await order()).status, 'scheduled');
  });

  for (const [what, own, triage, expected] of [
    [
      'lets an order without a promotion wait whose customer shares a phone with the staff',
      'the-phone-of-mario',
      TRIAGE,
      'scheduled',
    ],
    ['does not stop that of a customer with a phone of the own', 'the-phone-of-carla', TRIAGE, 'placed'],
    [
      'does not stop that of a customer who shares a phone where the zone has none',
      'the-phone-of-mario',
      null,
      'placed',
    ],
  ] as const)
    it(what, async () => {
      await begin(triage && { ...triage, largeOrderMinor: 100_000 });
      for (const [uid, deviceId] of [
        ['mario', 'the-phone-of-mario'],
        ['carla', own],
      ] as const)
        await backend.call('createProfile', uid, { displayName: uid, locale: 'de', deviceId });
      await backend.db.doc('restaurants/rosa').update({ staffKeys: [toStaffKey('mario')] });
      await journey.place();
      assert.equal((await order()).status, expected);
    });

  for (const [what, triage] of [
    ['a smaller order', { ...TRIAGE, largeOrderMinor: 2941 }],
    ['any order where the zone has none', null],
  ] as const)
    it(`does not stop ${what}`, async () => {
      await begin(triage);
      await journey.place();
      assert.deepEqual([(await order()).status, (await order()).flags], ['placed', undefined]);
      await assert.rejects(release(), { reason: 'MOVE_NOT_ALLOWED' });
    });

  it('does not stop a large order of an account with a completed one', async () => {
    await begin(TRIAGE);
    await (await journey.place()).backend.advance(7 * MINUTE);
    await journey.reach('completed');
    const second = new Journey(backend);
    const { totals } = await second.quote();
    await backend.call('placeOrder', 'carla', {
      quoteId: second.orderId,
      idempotencyKey: 'place-key-2',
      confirmedTotalMinor: totals.totalMinor,
      paymentMethodId: 'pm_card_visa',
    });
    await backend.deliverWebhooks();
    assert.equal((await backend.order(second.orderId)).status, 'placed');
  });

  it('counts a waiting order in cash as an open one', async () => {
    await begin(TRIAGE);
    const cash = { maxOrderMinor: 10_000, courierFloatMinor: 10_000, coinMinor: 1 };
    await backend.db.doc('zones/centre').update({ cash });
    backend.restart();
    await journey.place({ card: null, cart: { paymentMethod: 'cash' } });
    assert.equal((await order()).status, 'scheduled');
    const second = new Journey(backend).place({ card: null, cart: { paymentMethod: 'cash' } });
    await assert.rejects(second, { reason: 'TOO_MANY_OPEN_ORDERS' });
  });

  it('leaves a slot its time: the order is flagged, and no operator releases it', async () => {
    await begin(TRIAGE);
    await journey.place({ cart: { scheduledForMs: START_MS + 180 * MINUTE } });
    const { status, due, flags, triageMinutes } = await order();
    assert.deepEqual([status, due?.kind, triageMinutes], ['scheduled', 'release', undefined]);
    assert.deepEqual(
      flags?.map(({ kind }) => kind),
      ['risk'],
    );
    await assert.rejects(release(), { reason: 'MOVE_NOT_ALLOWED' });
  });

  it('is refused to the kitchen, which cannot accept the order yet', async () => {
    await begin(TRIAGE);
    await journey.place();
    await assert.rejects(journey.move('mario', { action: 'accept' }), { reason: 'MOVE_NOT_ALLOWED' });
    await assert.rejects(release('mario'), { reason: 'ROLE_REQUIRED' });
  });
});
