import { strict as assert } from 'node:assert';
import { claimToken } from '#functions/notifications/claim-token.js';
import type { Backend } from '#fixtures/backend.js';
import { MINUTE } from '#fixtures/catalogue.js';
import { aCity } from '#fixtures/city.js';
import { Journey } from '#fixtures/journey.js';

let backend: Backend;
async function open(): Promise<void> {
  backend = await aCity();
}

const SHARED = 'token-of-one-phone';
const register = (uid: string, deviceId = 'shared', token = SHARED) =>
  backend.db.doc(`users/${uid}/devices/${deviceId}`).set({ token, platform: 'ios' });
const claim = (uid: string, deviceId = 'shared') => claimToken(backend.ctx, uid, deviceId);
/** Whose the token is. */
const holders = async (token = SHARED): Promise<string[]> => {
  const devices = await backend.db.collectionGroup('devices').get();
  return devices.docs.filter((one) => one.get('token') === token).map((one) => one.ref.path.replace('users/', ''));
};
const devicesOf = async (uid: string) => (await backend.db.collection(`users/${uid}/devices`).get()).size;

describe('an FCM token', () => {
  beforeEach(open);
  afterEach(() => backend.close());

  it('belongs to the user who registered it last, and only that user is notified', async () => {
    await register('carla');
    await claim('carla');
    await register('nina');
    await claim('nina');
    assert.deepEqual(await holders(), ['nina/devices/shared']);
    await new Journey(backend).reach('accepted');
    assert.equal(backend.push.keysTo('device-carla').length > 0, true);
    assert.deepEqual(backend.push.keysTo(SHARED), []);
  });

  for (const order of [
    ['carla', 'nina', 'omar'],
    ['omar', 'nina', 'carla'],
    ['nina', 'omar', 'carla', 'nina'],
    ['omar', 'carla', 'omar', 'nina', 'carla'],
  ])
    it(`belongs to the last registration for any order and repetition of events: ${order.join(', ')}`, async () => {
      for (const uid of ['carla', 'nina', 'omar']) await register(uid);
      for (const uid of order) await claim(uid);
      assert.deepEqual(await holders(), ['omar/devices/shared']);
    });

  it('belongs to the last when all events come at once', async () => {
    for (const uid of ['carla', 'nina', 'omar']) await register(uid);
    await Promise.all(['omar', 'carla', 'nina'].map((uid) => claim(uid)));
    assert.deepEqual(await holders(), ['omar/devices/shared']);
  });

  it('returns to a user who registers it again', async () => {
    for (const uid of ['carla', 'nina', 'carla']) {
      await register(uid);
      await claim(uid);
    }
    assert.deepEqual(await holders(), ['carla/devices/shared']);
  });

  it('is one device of a user, not two', async () => {
    await register('carla', 'old');
    await claim('carla', 'old');
    await register('carla', 'new');
    await claim('carla', 'new');
    assert.deepEqual(await holders(), ['carla/devices/new']);
  });

  it('is released once its device has another one or is deleted', async () => {
    await register('carla');
    await claim('carla');
    await register('carla', 'shared', 'another');
    await claim('carla');
    await register('nina');
    await claim('nina');
    assert.deepEqual([await holders(), await holders('another')], [['nina/devices/shared'], ['carla/devices/shared']]);
    await backend.db.doc('users/nina/devices/shared').delete();
    await claim('nina');
    await register('omar');
    await claim('omar');
    assert.deepEqual(await holders(), ['omar/devices/shared']);
  });

  const digests = async () => (await backend.db.collection('deviceTokens').get()).size;

  it('replaces the earlier token of its device, and is deleted with the device', async () => {
    for (const token of ['first', 'second', 'third']) {
      await register('carla', 'shared', token);
      await claim('carla');
    }
    await register('carla', 'tablet', 'fourth');
    await claim('carla', 'tablet');
    assert.equal(await digests(), 2);
    await backend.db.doc('users/carla/devices/shared').delete();
    await claim('carla');
    assert.equal(await digests(), 1);
  });

  it('is kept for the twenty devices of a user that registered last', async () => {
    for (let number = 0; number < 25; number += 1) {
      await register('nina', `phone-${number}`, `token-${number}`);
      await claim('nina', `phone-${number}`);
      for (let removed = 0; removed < number; removed += 1)
        if (!(await backend.db.doc(`users/nina/devices/phone-${removed}`).get()).exists)
          await claim('nina', `phone-${removed}`);
    }
    const left = (await backend.db.collection('users/nina/devices').get()).docs.map(({ id }) => id);
    assert.equal(left.length, 20);
    assert.ok(left.includes('phone-24') && !left.includes('phone-0') && !left.includes('phone'));
    assert.equal(await digests(), 20);
  });

  it('is stored only as a digest', async () => {
    await register('carla');
    await claim('carla');
    const stored = await backend.db.collection('deviceTokens').get();
    assert.deepEqual(
      stored.docs.map((one) => one.data()),
      [{ uid: 'carla', deviceId: 'shared' }],
    );
    assert.ok(!JSON.stringify(stored.docs.map((one) => one.id)).includes(SHARED));
  });
});

describe('the devices of a user', () => {
  beforeEach(open);
  afterEach(() => backend.close());

  const signedInAfter = async (uid: string) => (await backend.db.doc(`users/${uid}`).get()).get('signedInAfter');
  beforeEach(async () => {
    for (const uid of ['carla', 'omar']) {
      backend.addresses.set(uid, uid);
      await backend.call('createProfile', uid, { displayName: uid, locale: 'en' });
    }
  });

  it('are removed by signing out everywhere: a lost phone is not notified any more', async () => {
    const journey = await new Journey(backend).reach('placed');
    await backend.call('signOutEverywhere', 'carla', {});
    assert.deepEqual([await devicesOf('carla'), await devicesOf('omar')], [0, 1]);
    // From then on the rules take a device only from a later sign-in.
    assert.equal(await signedInAfter('carla'), Math.floor(backend.nowMs / 1000));
    const before = backend.push.keysTo('device-carla').length;
    await journey.move('mario', { action: 'accept', prepMinutes: 10 });
    assert.equal(backend.push.keysTo('device-carla').length, before);
    backend.nowMs += 1000;
    backend.signIn('carla');
    await backend.call('createProfile', 'carla', { displayName: 'Carla', locale: 'de' });
    assert.equal(await signedInAfter('carla'), Math.floor(backend.nowMs / 1000) - 1);
  });

  it('are removed by a block and by a suspension', async () => {
    await backend.ask('blockUser', 'olga', { uid: 'carla', reason: 'fraud' });
    await backend.call('reviewCourier', 'olga', { uid: 'omar', decision: 'suspend', reason: 'fraud' });
    assert.deepEqual([await devicesOf('carla'), await devicesOf('omar'), await devicesOf('nina')], [0, 0, 1]);
    assert.equal(await signedInAfter('omar'), Math.floor(backend.nowMs / 1000));
  });

  it('are removed by the recovery task when the call dies', async () => {
    backend.conduct.fail('identity.revokeSessions', 'after');
    await assert.rejects(backend.call('signOutEverywhere', 'carla', {}));
    assert.equal(await devicesOf('carla'), 1);
    await backend.advance(MINUTE);
    assert.equal(await devicesOf('carla'), 0);
  });

  it('get no push that was to be retried', async () => {
    backend.conduct.fail('push.send', 'before');
    await new Journey(backend).reach('accepted');
    const waiting = backend.tasks.waiting.filter(({ wakeUp }) => wakeUp.type === 'push');
    assert.equal(waiting.length, 1);
    const [task] = waiting;
    const uid = task?.wakeUp.type === 'push' ? task.wakeUp.uid : '';
    const sent = backend.push.sent.length;
    await backend.call('signOutEverywhere', uid, {});
    await backend.advance(20_000);
    assert.deepEqual(
      backend.push.sent.slice(sent).filter(({ token }) => token === `device-${uid}`),
      [],
    );
  });
});
