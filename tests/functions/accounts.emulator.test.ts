import { strict as assert } from 'node:assert';
import { paths } from '../../functions/src/platform/firestore.js';
import { stopServer, type Backend } from '../fixtures/backend.js';
import { aCity } from '../fixtures/city.js';
import { aCart, Journey } from '../fixtures/journey.js';

describe('blocking', () => {
  let backend: Backend;
  beforeEach(async () => void (backend = await aCity()));
  afterEach(() => backend.close());
  after(stopServer);

  const block = (uid: string, as = 'olga') => backend.ask('blockUser', as, { uid, reason: 'stolen cards' });
  const unblock = (uid: string) => backend.ask('unblockUser', 'olga', { uid, reason: 'a mistake' });

  it('keeps a customer out of callables and commands, and lets them in again', async () => {
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

  it('takes a courier off the road, and puts them back', async () => {
    await block('omar');
    const { approved, online } = await backend.courier('omar');
    assert.deepEqual({ approved, online }, { approved: false, online: false });
    await unblock('omar');
    assert.equal((await backend.courier('omar')).approved, true);
  });

  it("is an operator's alone, of somebody who is there, and says why", async () => {
    await assert.rejects(block('carla', 'mario'), { reason: 'ROLE_REQUIRED' });
    await assert.rejects(block('nobody'), { reason: 'USER_NOT_FOUND' });
    await block('carla');
    const audit = await backend.db.collection('audit').get();
    assert.deepEqual(
      audit.docs.map((entry) => [entry.get('action'), entry.get('subject'), entry.get('reason')]),
      [['blockUser', 'users/carla', 'stolen cards']],
    );
  });

  it('raises the version that tells the app to ask for a new token', async () => {
    await backend.call('createProfile', 'carla', { displayName: 'Carla', locale: 'de' });
    await block('carla');
    assert.equal((await paths.user(backend.db, 'carla').get()).data()?.claimsVersion, 2);
  });
});

describe('signing out everywhere', () => {
  after(stopServer);

  it('ends every session but those that begin later', async () => {
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
