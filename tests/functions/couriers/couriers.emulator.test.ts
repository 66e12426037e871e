import { strict as assert } from 'node:assert';
import { PAPER } from '#simulator/people/photos.js';
import { Timestamp } from 'firebase-admin/firestore';
import { sweep } from '#functions/sweep/sweep.js';
import { isRevoked } from '#functions/platform/identity.js';
import { paths } from '#functions/platform/firestore.js';
import type { Backend } from '#fixtures/backend.js';
import { MINUTE, START_MS } from '#fixtures/catalogue.js';
import { aCity, type CityFacts } from '#fixtures/city.js';
import { Journey } from '#fixtures/journey.js';

let backend: Backend;
const HOUR = 3_600_000;
const city = async (facts: CityFacts = {}) => {
  backend = await aCity(facts);
  for (const uid of ['nina', 'omar'])
    await backend.db
      .doc(`users/${uid}`)
      .set({ displayName: uid, locale: 'en', claimsVersion: 1, createdAtMs: START_MS });
};
const paper = (kind: 'identity' | 'licence', uid = 'nina') => {
  const path = `courier-documents/${uid}/${kind}-1.pdf`;
  backend.files.upload(path, Buffer.from(PAPER));
  return { kind, path };
};
const apply = (overrides: object = {}) =>
  backend.call('applyAsCourier', 'nina', {
    zoneId: 'centre',
    vehicle: 'bicycle',
    papers: [paper('identity')],
    ...overrides,
  });
const review = async (decision: 'approve' | 'reject' | 'suspend', uid = 'nina', version?: number) => {
  const stored = (await paths.courierApplication(backend.db, uid).get()).data()?.version;
  return backend.call('reviewCourier', 'olga', { uid, version: version ?? stored, decision, reason: 'as agreed' });
};
const roleOf = async (uid: string) => (await backend.identity.claimsOf(uid))?.role;

describe('an applicant for courier', () => {
  beforeEach(() => city());
  afterEach(() => backend.close());

  it('applies with documents, is approved, and is a courier with a new token', async () => {
    assert.deepEqual(await apply(), { status: 'submitted' });
    assert.equal((await paths.courier(backend.db, 'nina').get()).exists, false);
    assert.deepEqual(await review('approve'), { status: 'approved', carries: [] });
    const { approved, online, vehicle, displayName, shifts } = await backend.courier('nina');
    assert.deepEqual([approved, online, vehicle, displayName, shifts], [true, false, 'bicycle', 'Nina', undefined]);
    assert.equal(await roleOf('nina'), 'courier');
    assert.equal((await backend.db.doc('users/nina').get()).get('claimsVersion'), 2);
  });

  it("needs a licence for a scooter, and uploaded documents of the applicant's own", async () => {
    await assert.rejects(apply({ vehicle: 'scooter' }), { reason: 'DOCUMENT_NOT_FOUND', details: { kind: 'licence' } });
    const foreign = { ...paper('identity', 'omar') };
    await assert.rejects(apply({ papers: [foreign] }), { reason: 'DOCUMENT_NOT_FOUND' });
    const missing = { kind: 'identity', path: 'courier-documents/nina/identity-2.pdf' };
    await assert.rejects(apply({ papers: [missing] }), { reason: 'DOCUMENT_NOT_FOUND' });
    backend.files.upload(missing.path, Buffer.from('MZ'.padEnd(64)));
    await assert.rejects(apply({ papers: [missing] }), { reason: 'DOCUMENT_INVALID', details: { problem: 'type' } });
    assert.equal(
      (await apply({ vehicle: 'scooter', papers: [paper('identity'), paper('licence')] })).status,
      'submitted',
    );
  });

  it('may apply again after a rejection, not after an approval', async () => {
    await apply();
    await review('reject');
    await assert.rejects(review('approve'), { reason: 'APPLICATION_DECIDED' });
    await apply();
    await review('approve');
    await assert.rejects(apply(), { reason: 'APPLICATION_DECIDED' });
  });

  it('is approved in the version that the operator saw, not after a new submission', async () => {
    await apply();
    await apply({ vehicle: 'scooter', papers: [paper('identity'), paper('licence')] });
    for (const decision of ['approve', 'reject'] as const)
      await assert.rejects(review(decision, 'nina', 1), { reason: 'VERSION_CHANGED', details: { version: 2 } });
    const unnamed = backend.call('reviewCourier', 'olga', { uid: 'nina', decision: 'approve', reason: 'papers' });
    await assert.rejects(unnamed, { reason: 'VERSION_CHANGED' });
    assert.equal((await review('approve', 'nina', 2)).status, 'approved');
    // Repeating the decision completes what a failure left undone.
    assert.equal((await review('approve', 'nina', 2)).status, 'approved');
    assert.equal((await backend.courier('nina')).vehicle, 'scooter');
  });

  it('is decided on under a new version after a rejection', async () => {
    await apply();
    await review('reject', 'nina', 1);
    await apply();
    for (const former of [1, 2])
      await assert.rejects(review('approve', 'nina', former), { reason: 'VERSION_CHANGED', details: { version: 3 } });
    await review('approve', 'nina', 3);
  });

  it('cannot be decided on before the application', async () =>
    assert.rejects(review('approve'), { reason: 'APPLICATION_NOT_FOUND' }));
});

describe('a decision on a courier that arrives again', () => {
  beforeEach(async () => {
    await city();
    await apply();
    await review('approve', 'nina', 1);
  });
  afterEach(() => backend.close());

  const grant = (role: object) => backend.call('grantRole', 'olga', { uid: 'nina', role });
  const courierRole = { type: 'courier', zoneId: 'centre', vehicle: 'car' };
  const stateOf = async () => {
    const { status, version } = (await paths.courierApplication(backend.db, 'nina').get()).data() ?? {};
    return [status, version, (await backend.courier('nina')).approved, await roleOf('nina')];
  };
  const audited = async () =>
    (await backend.db.collection('audit').where('action', '==', 'reviewCourier').count().get()).data().count;

  for (const [what, stop] of [
    ['a suspension', () => review('suspend')],
    ['another role', () => grant({ type: 'customer' })],
  ] as const)
    it(`is refused after ${what}; one on the present version is not`, async () => {
      await stop();
      assert.deepEqual(await stateOf(), ['suspended', 3, false, 'customer']);
      await assert.rejects(review('approve', 'nina', 1), { reason: 'VERSION_CHANGED', details: { version: 3 } });
      const unnamed = { uid: 'nina', decision: 'approve', reason: 'as agreed' };
      await assert.rejects(backend.call('reviewCourier', 'olga', unnamed), { reason: 'VERSION_CHANGED' });
      assert.deepEqual([await stateOf(), await audited()], [['suspended', 3, false, 'customer'], 2]);
      await review('approve', 'nina', 3);
      assert.deepEqual([await stateOf(), await audited()], [['approved', 4, true, 'courier'], 3]);
    });

  it('is refused for a suspension that names a former version; one on the present version is not', async () => {
    await review('suspend', 'nina', 2);
    await grant(courierRole);
    await assert.rejects(review('suspend', 'nina', 2), { reason: 'VERSION_CHANGED' });
    assert.deepEqual(await stateOf(), ['approved', 4, true, 'courier']);
    await review('suspend', 'nina', 4);
    assert.deepEqual(await stateOf(), ['suspended', 5, false, 'customer']);
  });

  it('changes nothing after an approval, though the courier has another vehicle since', async () => {
    await grant(courierRole);
    assert.equal((await review('approve', 'nina', 1)).status, 'approved');
    assert.deepEqual([(await backend.courier('nina')).vehicle, ...(await stateOf())].slice(0, 3), [
      'car',
      'approved',
      2,
    ]);
  });

  it('leaves an application open that waits while its applicant gets another role', async () => {
    await paths.courierApplication(backend.db, 'nina').update({ status: 'rejected' });
    await paths.courier(backend.db, 'nina').update({ approved: false });
    await apply();
    await grant({ type: 'customer' });
    assert.deepEqual((await stateOf()).slice(0, 2), ['submitted', 3]);
  });
});

describe('a courier whom an operator appointed without an application', () => {
  beforeEach(() => city());
  afterEach(() => backend.close());

  const appoint = (type: 'courier' | 'customer') =>
    backend.call('grantRole', 'olga', {
      uid: 'nina',
      role: type === 'courier' ? { type, zoneId: 'centre', vehicle: 'bicycle' } : { type },
    });
  /** As it was stored before couriers could no longer apply. */
  const withApplication = async (status: 'submitted' | 'rejected') => {
    await apply();
    await appoint('courier');
    await paths.courierApplication(backend.db, 'nina').update({ status });
  };

  it('cannot apply while approved; a former one can', async () => {
    await appoint('courier');
    await assert.rejects(apply(), { reason: 'APPLICATION_DECIDED', details: { status: 'approved' } });
    await appoint('customer');
    backend.nowMs += MINUTE;
    backend.signIn('nina');
    assert.deepEqual(await apply(), { status: 'submitted' });
  });

  for (const status of ['submitted', 'rejected'] as const)
    it(`is suspended, though an application is ${status}`, async () => {
      await withApplication(status);
      assert.deepEqual(await review('suspend'), { status: 'suspended', carries: [] });
      assert.equal((await backend.courier('nina')).approved, false);
      assert.equal(await roleOf('nina'), 'customer');
    });

  it('keeps an application that cannot be rejected while the courier works; a stopped one is rejected', async () => {
    await withApplication('submitted');
    await assert.rejects(review('reject'), { reason: 'APPLICATION_DECIDED', details: { status: 'approved' } });
    await paths.courier(backend.db, 'nina').update({ approved: false });
    assert.equal((await review('reject')).status, 'rejected');
  });

  it('is approved by an application that waited', async () => {
    await withApplication('submitted');
    assert.equal((await review('approve')).status, 'approved');
    assert.equal((await paths.courierApplication(backend.db, 'nina').get()).get('status'), 'approved');
  });
});

describe('a suspended courier', () => {
  beforeEach(() => city());
  afterEach(() => backend.close());

  it('is offline at once, without a session, and an order already picked up becomes an operator task', async () => {
    const journey = await new Journey(backend).reach('picked_up');
    assert.deepEqual(await review('suspend', 'omar'), { status: 'suspended', carries: ['order-1'] });
    const tasks = async () => (await backend.db.collection('operatorTasks').get()).docs.map((task) => task.id);
    assert.deepEqual(await tasks(), ['order-1-courier_stopped']);
    assert.equal((await backend.order(journey.orderId)).courierId, 'omar');
    const { approved, online } = await backend.courier('omar');
    assert.deepEqual([approved, online, await roleOf('omar')], [false, false, 'customer']);
    assert.equal(isRevoked(await backend.identity.recordOf('omar'), START_MS), true);
    assert.deepEqual(await review('suspend', 'omar'), { status: 'suspended', carries: ['order-1'] });
    const { docs } = await backend.db.collection('audit').where('action', '==', 'reviewCourier').get();
    assert.deepEqual(
      docs.map((one) => [one.get('subject'), one.get('by'), one.get('after')]),
      [['couriers/omar', 'olga', { status: 'suspended' }]],
    );
  });

  const stops = {
    suspension: () => review('suspend', 'omar'),
    block: () => backend.ask('blockUser', 'olga', { uid: 'omar', reason: 'fraud' }),
    'other role': () => backend.call('grantRole', 'olga', { uid: 'omar', role: { type: 'customer' } }),
  };
  for (const [name, stop] of Object.entries(stops))
    for (const status of ['accepted', 'preparing', 'ready'] as const)
      it(`gives an order in ${status} back at once, by a ${name}: another courier gets an offer`, async () => {
        await backend.close();
        await city({ couriers: 2 });
        const journey = await new Journey(backend).reach(status === 'accepted' ? 'accepted' : 'preparing');
        assert.equal(await journey.assign(), 'omar');
        if (status === 'ready') await journey.reach('ready');
        await stop();
        const order = await backend.order(journey.orderId);
        assert.deepEqual(
          [order.status, order.courierId, order.events.at(-1)?.reason],
          [status, null, 'courier_stopped'],
        );
        assert.deepEqual([(await backend.courier('omar')).active, (await backend.courier('omar')).load], [{}, 0]);
        assert.equal(await journey.offered(), 'omar-2');
        assert.equal((await backend.db.collection('operatorTasks').get()).size, 0);
      });

  it('gives the order back by the recovery task, at any point where the call dies', async function () {
    this.timeout(120_000);
    for (let dieAt = 1; ; dieAt += 1) {
      await backend.close();
      await city();
      const journey = await new Journey(backend).reach('preparing');
      await journey.assign();
      const { diedAt } = await backend.conduct.process(dieAt, () => review('suspend', 'omar'));
      await backend.advance(MINUTE);
      const { approved } = await backend.courier('omar');
      const { courierId } = await backend.order(journey.orderId);
      assert.equal(courierId, approved ? 'omar' : null, `died at ${diedAt}`);
      if (diedAt === null) return assert.ok(dieAt > 10, 'a suspension has many points to die at');
    }
  });

  it('cannot accept an offer that was open', async () => {
    const journey = await new Journey(backend).reach('accepted');
    assert.equal(await journey.offered(), 'omar');
    // The session of the old token may still be remembered as open.
    await backend.db.doc('couriers/omar').update({ approved: false });
    await assert.rejects(journey.answer('omar', 'accept'), { reason: 'OFFER_GONE' });
    assert.equal((await backend.order(journey.orderId)).courierId, null);
  });

  it('rides again when an operator ends the suspension', async () => {
    await review('suspend', 'omar');
    await review('approve', 'omar');
    assert.deepEqual([(await backend.courier('omar')).approved, await roleOf('omar')], [true, 'courier']);
  });
});

describe('shifts', () => {
  const EVENING = {
    zoneId: 'centre',
    shiftId: 'evening',
    fromMs: START_MS + HOUR,
    untilMs: START_MS + 5 * HOUR,
    places: 1,
  };
  const publish = (overrides: object = {}) => backend.call('publishShift', 'olga', { ...EVENING, ...overrides });
  const claim = (uid: string, answer: 'take' | 'giveBack' = 'take', shiftId = 'evening') =>
    backend.call('claimShift', uid, { shiftId, answer });
  const left = async () => (await paths.shift(backend.db, 'centre', 'evening').get()).data()?.left;
  beforeEach(() => city({ couriers: 2, zone: { limits: { shiftsRequired: true } } }));
  afterEach(() => backend.close());

  it('are required to go online, where the zone requires them', async () => {
    await apply();
    await review('approve');
    assert.deepEqual((await backend.courier('nina')).shifts, []);
  });

  it('give the last of their places to one of two couriers', async () => {
    await publish();
    const answers = await Promise.allSettled([claim('omar'), claim('omar-2')]);
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected']);
    assert.equal(await left(), 0);
  });

  it('are taken once by repeated calls, and are free again once given back', async () => {
    await publish();
    const held = { shifts: [{ id: 'evening', fromMs: EVENING.fromMs, untilMs: EVENING.untilMs }] };
    assert.deepEqual([await claim('omar'), await claim('omar')], [held, held]);
    await assert.rejects(claim('omar-2'), { reason: 'SHIFT_FULL' });
    assert.deepEqual(await claim('omar', 'giveBack'), { shifts: [] });
    assert.deepEqual(await claim('omar-2'), held);
  });

  it('cannot change their hours or lose places that couriers have taken', async () => {
    await publish({ places: 2 });
    await claim('omar');
    await claim('omar-2');
    await assert.rejects(publish({ places: 1 }), { reason: 'SHIFT_CLASH' });
    await assert.rejects(publish({ places: 2, untilMs: START_MS + 6 * HOUR }), { reason: 'SHIFT_CLASH' });
    assert.deepEqual(await publish({ places: 3 }), { shiftId: 'evening', left: 1 });
    await assert.rejects(claim('omar', 'take', 'nowhere'), { reason: 'SHIFT_NOT_FOUND' });
  });
});

describe('a silent courier', () => {
  beforeEach(() => city({ couriers: 2 }));
  afterEach(() => backend.close());

  it('is offline after three minutes without a heartbeat', async () => {
    const heard = (uid: string, agoMs: number) =>
      backend.db.doc(`couriers/${uid}`).update({ 'presence.at': Timestamp.fromMillis(START_MS - agoMs) });
    await heard('omar', 180_001);
    await heard('omar-2', 180_000);
    await sweep(backend.ctx);
    assert.deepEqual([(await backend.courier('omar')).online, (await backend.courier('omar-2')).online], [false, true]);
  });
});
