import { strict as assert } from 'node:assert';
import { paths } from '#functions/platform/firestore.js';
import type { Backend } from '#fixtures/backend.js';
import { aCity } from '#fixtures/city.js';
import { aCart, Journey } from '#fixtures/journey.js';

describe('blocking', () => {
  let backend: Backend;
  beforeEach(async () => void (backend = await aCity()));
  afterEach(() => backend.close());

  const block = (uid: string, as = 'olga') => backend.ask('blockUser', as, { uid, reason: 'stolen cards' });
  const unblock = (uid: string) => backend.ask('unblockUser', 'olga', { uid, reason: 'a mistake' });

  it('keeps a customer out of callables and commands until it ends', async () => {
    const journey = await new Journey(backend).place();
    await backend.call('quote', 'carla', aCart());
    assert.deepEqual(await block('carla'), { blocked: true });
    await assert.rejects(backend.call('quote', 'carla', aCart()), { reason: 'SESSION_REVOKED' });
    const wish = { uid: 'carla', role: 'customer' as const, request: { type: 'cancel' as const, reason: 'mine' } };
    const refused = await backend.command(journey.orderId, 'command-key-1', wish);
    assert.equal(refused?.state === 'refused' && refused.reason, 'SESSION_REVOKED');
    assert.deepEqual(await unblock('carla'), { blocked: false });
    backend.nowMs += 1000;
    backend.signIn('carla');
    await backend.call('quote', 'carla', aCart());
    const applied = await backend.command(journey.orderId, 'command-key-2', wish);
    assert.equal(applied?.state, 'applied');
  });

  it("asks an operator about a customer's open order, and about no order of another", async () => {
    const { orderId } = await new Journey(backend).place();
    const tasks = async () => (await backend.db.collection('operatorTasks').get()).docs.map(({ id }) => id);
    await block('nina');
    assert.deepEqual(await tasks(), []);
    await block('carla');
    assert.deepEqual(await tasks(), [`${orderId}-customer_blocked`]);
  });

  it('takes a courier offline until it ends', async () => {
    await block('omar');
    const { approved, online } = await backend.courier('omar');
    assert.deepEqual({ approved, online }, { approved: false, online: false });
    await unblock('omar');
    assert.equal((await backend.courier('omar')).approved, true);
  });

  it('is for operators only, of an existing user, with a reason', async () => {
    await assert.rejects(block('carla', 'mario'), { reason: 'ROLE_REQUIRED' });
    await assert.rejects(block('nobody'), { reason: 'USER_NOT_FOUND' });
    await block('carla');
    const audit = await backend.db.collection('audit').get();
    assert.deepEqual(
      audit.docs.map((entry) => [entry.get('action'), entry.get('subject'), entry.get('reason')]),
      [['blockUser', 'users/carla', 'stolen cards']],
    );
  });

  it('raises the version that makes the app request a new token', async () => {
    await backend.call('createProfile', 'carla', { displayName: 'Carla', locale: 'de' });
    await block('carla');
    assert.equal((await paths.user(backend.db, 'carla').get()).data()?.claimsVersion, 2);
  });
});

describe('a document that cannot be read', () => {
  let backend: Backend;
  beforeEach(async () => {
    backend = await aCity();
    for (const uid of ['omar', 'nina']) await backend.call('createProfile', uid, { displayName: uid, locale: 'en' });
    await backend.call('grantRole', 'olga', {
      uid: 'omar',
      role: { type: 'merchant', restaurantId: 'rosa', as: 'kitchen' },
    });
  });
  afterEach(() => backend.close());

  const poison = (path: string, fields: object = { addedLater: 1 }) =>
    backend.db.doc(path).set(fields, { merge: true });
  const tasks = async () =>
    (await backend.db.collection('operatorTasks').get()).docs.map((task) => `${task.get('kind')} ${task.get('path')}`);
  const stateOf = async (uid: string) => {
    const courier = await backend.db.doc(`couriers/${uid}`).get();
    return {
      approved: courier.get('approved'),
      role: (await backend.identity.claimsOf(uid))?.role,
      devices: (await backend.db.collection(`users/${uid}/devices`).get()).size,
      isRevoked: (backend.identity.accounts.get(uid)?.validAfterMs ?? 0) > 0,
    };
  };
  const OMARS = [
    'couriers/omar',
    'users/omar',
    'restaurants/rosa/members/omar',
    'users/omar/private/origin',
    'links/omar',
  ];

  for (const path of ['none', ...OMARS])
    it(`does not prevent blocking its user: ${path}`, async () => {
      if (path !== 'none') await poison(path, { addedLater: 1, ...(path.startsWith('links') && { signals: 1 }) });
      assert.deepEqual(await backend.ask('blockUser', 'olga', { uid: 'omar', reason: 'fraud' }), { blocked: true });
      assert.deepEqual(await stateOf('omar'), { approved: false, role: undefined, devices: 0, isRevoked: true });
      assert.equal((await backend.db.doc('restaurants/rosa/members/omar').get()).get('blocked'), true);
      assert.equal(backend.identity.accounts.get('omar')?.disabled, true);
      assert.deepEqual(await tasks(), path === 'none' ? [] : [`document_failed ${path}`]);
    });

  for (const path of ['none', 'couriers/omar', 'courierApplications/omar', 'users/omar'])
    it(`does not prevent suspending its courier: ${path}`, async () => {
      if (path !== 'none') await poison(path);
      const decision = { uid: 'omar', decision: 'suspend', reason: 'fraud' };
      assert.equal((await backend.call('reviewCourier', 'olga', decision)).status, 'suspended');
      assert.deepEqual(await stateOf('omar'), { approved: false, role: 'customer', devices: 0, isRevoked: true });
      // The user document is no part of the decision.
      assert.deepEqual(await tasks(), ['none', 'users/omar'].includes(path) ? [] : [`document_failed ${path}`]);
    });

  it('prevents the approval of its courier', async () => {
    await poison('couriers/omar');
    const approve = backend.call('reviewCourier', 'olga', { uid: 'omar', decision: 'approve', reason: 'papers' });
    await assert.rejects(approve, ({ name }) => name === 'DocumentError');
  });

  for (const path of ['none', 'users/omar', 'couriers/omar'])
    it(`does not prevent taking a role away: ${path}`, async () => {
      if (path !== 'none') await poison(path);
      await backend.call('grantRole', 'olga', { uid: 'omar', role: { type: 'customer' } });
      assert.deepEqual(await stateOf('omar'), { approved: false, role: 'customer', devices: 0, isRevoked: true });
      assert.deepEqual(await tasks(), path === 'none' ? [] : [`document_failed ${path}`]);
    });

  it('does not prevent dismissing a member', async () => {
    await poison('restaurants/rosa/members/omar');
    await backend.call('setMemberRole', 'mario', { restaurantId: 'rosa', uid: 'omar', role: null });
    assert.equal((await backend.identity.claimsOf('omar'))?.merchant, undefined);
  });
});

describe('granting a role', () => {
  let backend: Backend;
  beforeEach(async () => {
    backend = await aCity();
    for (const uid of ['omar', 'olga', 'mario', 'nina'])
      await backend.call('createProfile', uid, { displayName: uid, locale: 'en' });
    backend.identity.add('otto', { role: 'operator' });
  });
  afterEach(() => backend.close());

  const grant = (uid: string, role: object) => backend.call('grantRole', 'otto', { uid, role });
  const isRevoked = (uid: string) => (backend.identity.accounts.get(uid)?.validAfterMs ?? 0) > 0;
  const at = (as: string) => ({ type: 'merchant', restaurantId: 'rosa', as });

  for (const uid of ['olga', 'omar'])
    it(`ends the sessions of a former operator or courier: ${uid}`, async () => {
      await grant(uid, { type: 'customer' });
      assert.equal(isRevoked(uid), true);
      assert.equal((await backend.db.collection(`users/${uid}/devices`).get()).size, 0);
    });

  it('keeps the sessions of a customer who becomes a courier', async () => {
    await grant('nina', { type: 'courier', zoneId: 'centre', vehicle: 'car' });
    assert.equal(isRevoked('nina'), false);
  });

  it('refuses to leave a restaurant without an owner', async () => {
    await assert.rejects(grant('mario', at('kitchen')), { reason: 'LAST_OWNER' });
    await grant('nina', at('owner'));
    await grant('mario', at('kitchen'));
    assert.deepEqual((await backend.identity.claimsOf('mario'))?.merchant, { rosa: 'kitchen' });
    assert.equal(isRevoked('mario'), true);
  });

  it('refuses a new member of a restaurant that has a hundred, and changes the role of one', async () => {
    const members = backend.db.collection('restaurants/rosa/members');
    const missing = 100 - (await members.get()).size;
    const batch = backend.db.batch();
    for (let n = 0; n < missing; n += 1)
      batch.set(members.doc(`member-${n}`), { role: 'kitchen', displayName: 'Mia', addedAtMs: backend.nowMs });
    await batch.commit();
    await assert.rejects(grant('nina', at('kitchen')), { reason: 'LIMIT_REACHED' });
    await grant('mario', at('owner'));
    await members.doc('member-0').delete();
    await grant('nina', at('kitchen'));
    assert.deepEqual((await backend.identity.claimsOf('nina'))?.merchant, { rosa: 'kitchen' });
  });
});

describe('signing out everywhere', () => {
  it('ends every session except those that begin later', async () => {
    const backend = await aCity();
    try {
      await backend.call('signOutEverywhere', 'carla', {});
      await assert.rejects(backend.call('quote', 'carla', aCart()), { reason: 'SESSION_REVOKED' });
      backend.nowMs += 1000;
      backend.signIn('carla');
      await backend.call('quote', 'carla', aCart());
    } finally {
      await backend.close();
    }
  });
});
