import { strict as assert } from 'node:assert';
import { doc, serverTimestamp, setDoc, updateDoc } from 'firebase/firestore';
import type { Backend } from '#fixtures/backend.js';
import { aZone, MINUTE, START_MS } from '#fixtures/catalogue.js';
import { aCity } from '#fixtures/city.js';
import { rulesEnvironment } from '#fixtures/rules-environment.js';

const HOUR = 60 * MINUTE;
const SHIFT = { shiftId: 'friday', fromMs: START_MS + 24 * HOUR, untilMs: START_MS + 28 * HOUR, places: 1 };

/** Asks the rules, on copies of the courier's document and of the zone. */
async function mayBeOnline(backend: Backend, uid: string): Promise<boolean> {
  const { phone, admin } = await rulesEnvironment();
  const zone = await backend.db.doc('zones/centre').get();
  await setDoc(doc(admin, 'zones/centre'), zone.data() ?? {});
  await setDoc(doc(admin, `couriers/${uid}`), { ...(await backend.courier(uid)), online: false, presence: null });
  const presence = { lat: 48.2, lng: 16.37, geohash: 'u2edk8b00', at: serverTimestamp() };
  const courier = doc(phone({ uid, claims: { role: 'courier' } }), `couriers/${uid}`);
  return updateDoc(courier, { online: true, presence }).then(
    () => true,
    () => false,
  );
}

describe('places in shifts', () => {
  let backend: Backend;
  afterEach(() => backend.close());

  const left = async (zone: string): Promise<unknown> =>
    (await backend.db.doc(`zones/${zone}/shifts/friday`).get()).get('left');
  const publish = (zoneId: string) => backend.call('publishShift', 'olga', { zoneId, ...SHIFT });
  const claim = (uid: string, answer: 'take' | 'giveBack' = 'take') =>
    backend.call('claimShift', uid, { shiftId: 'friday', answer });
  const signUp = (uid: string) =>
    backend.db.doc(`users/${uid}`).set({ displayName: uid, locale: 'en', claimsVersion: 1, createdAtMs: START_MS });
  const appoint = (uid: string, zoneId: string) =>
    backend.call('grantRole', 'olga', { uid, role: { type: 'courier', zoneId, vehicle: 'bicycle' } });

  const stops: Readonly<Record<string, () => Promise<unknown>>> = {
    'is suspended': () => backend.call('reviewCourier', 'olga', { uid: 'omar', decision: 'suspend', reason: 'fraud' }),
    'is blocked': () => backend.call('blockUser', 'olga', { uid: 'omar', reason: 'fraud' }),
    'becomes a customer': () => backend.call('grantRole', 'olga', { uid: 'omar', role: { type: 'customer' } }),
    'deletes the account': async () => {
      await backend.call('deleteMyAccount', 'omar', {});
      await backend.advance(90 * MINUTE);
    },
  };
  for (const [how, stop] of Object.entries(stops)) {
    it(`of a courier who ${how} are free for another one`, async () => {
      backend = await aCity({ couriers: 2 });
      await signUp('omar');
      await publish('centre');
      await claim('omar');
      assert.equal(await left('centre'), 0);
      await stop();
      assert.equal(await left('centre'), 1);
      await claim('omar-2');
    });
  }

  it('of a courier who is moved to another zone stay within the number of places', async () => {
    backend = await aCity({ couriers: 2 });
    await signUp('omar');
    await backend.db.doc('zones/suburb').set(aZone());
    await publish('centre');
    await publish('suburb');
    await claim('omar');
    await appoint('omar', 'suburb');
    await claim('omar', 'giveBack');
    assert.deepEqual([await left('centre'), await left('suburb')], [1, 1]);
  });

  for (const [shiftsRequired, shifts] of [
    [false, undefined],
    [true, []],
  ] as const) {
    it(`leave a courier who gives back the only one ${shiftsRequired ? 'offline' : 'free'}, by the zone`, async () => {
      backend = await aCity({ couriers: 1, zone: { limits: { shiftsRequired } } });
      await publish('centre');
      await claim('omar');
      await claim('omar', 'giveBack');
      assert.deepEqual((await backend.courier('omar')).shifts, shifts);
    });

    it(`leave a courier who was blocked with one ${shiftsRequired ? 'offline' : 'free'}, by the zone`, async () => {
      backend = await aCity({ couriers: 1, zone: { limits: { shiftsRequired } } });
      await signUp('omar');
      await publish('centre');
      await claim('omar');
      await backend.ask('blockUser', 'olga', { uid: 'omar', reason: 'fraud' });
      await backend.ask('unblockUser', 'olga', { uid: 'omar', reason: 'a mistake' });
      assert.deepEqual((await backend.courier('omar')).shifts, []);
      assert.equal(await mayBeOnline(backend, 'omar'), !shiftsRequired);
    });

    it(`leave a courier between them ${shiftsRequired ? 'offline' : 'free'}, by the zone`, async () => {
      backend = await aCity({ couriers: 1, zone: { limits: { shiftsRequired } } });
      await publish('centre');
      await claim('omar');
      assert.equal(await mayBeOnline(backend, 'omar'), !shiftsRequired);
    });

    it(`are ${shiftsRequired ? '' : 'not '}required of a courier whom an operator appoints, by the zone`, async () => {
      backend = await aCity({ couriers: 1, zone: { limits: { shiftsRequired } } });
      await signUp('nina');
      await appoint('nina', 'centre');
      assert.deepEqual((await backend.courier('nina')).shifts, shifts);
    });
  }
});
