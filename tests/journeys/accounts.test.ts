import assert from 'node:assert/strict';
import { deleteApp, initializeApp } from 'firebase-admin/app';
import { createUserWithEmailAndPassword, signInWithEmailAndPassword } from 'firebase/auth';
import { doc, getDoc, serverTimestamp, setDoc, updateDoc } from 'firebase/firestore';
import { geohashForLocation } from 'geofire-common';
import { toAccountId } from '#functions/ledger/model/account-id.js';
import { ACCOUNTS } from '#functions/ledger/model/chart.js';
import { PrivacyReport, TOKENS_LAPSE_MS } from '#functions/contract/privacy.js';
import { firebaseIdentity, isRevoked } from '#functions/platform/identity.js';
import { connectAdmin, type Admin } from '#local/admin.js';
import { drawCart, PASSWORD, ZONE_ID } from '#simulator/city/population.js';
import { minor } from '#client/scalars.js';
import { App } from '#simulator/people/app.js';
import { Random } from '#simulator/random.js';
import { runAt } from '#simulator/sweep.js';
import { city, seedOnce, stack } from './city.js';
import { until } from './listening.js';
import { refusal } from './refusal.js';
import { describeOnSuite } from './suite.js';
import { waysIn } from './sign-in-methods.js';

const HOME = { label: 'Home', lat: 48.2, lng: 16.37, addressLine: 'Mill Lane 7' };

describeOnSuite('an account', function () {
  this.timeout(180_000);
  let admin: Admin;
  let operator: App;
  const phones: App[] = [];

  before(async () => {
    await seedOnce();
    admin = connectAdmin();
    operator = await open(App.signIn(stack, city.operator));
  });
  after(async () => {
    await Promise.allSettled(phones.map((phone) => phone.close()));
    await admin.close();
  });

  async function open(signingIn: Promise<App>): Promise<App> {
    const phone = await signingIn;
    phones.push(phone);
    return phone;
  }

  /** A new user with a profile and a token that contains the role. */
  async function aCustomer(email: string): Promise<App> {
    const phone = await open(App.enter(stack, (auth) => createUserWithEmailAndPassword(auth, email, PASSWORD)));
    await phone.call('createProfile', { displayName: 'Emilia', locale: 'de', deviceId: crypto.randomUUID() });
    await phone.refreshToken();
    return phone;
  }

  for (const way of waysIn(stack)) {
    it(`is created by ${way.name}, and orders once it has a profile`, async () => {
      const phone = await open(App.enter(stack, way.enter));
      assert.deepEqual(
        phone.user.providerData.map(({ providerId }) => providerId),
        [way.provider],
      );
      assert.equal(await refusal(quote(phone)), 'ROLE_REQUIRED');
      await phone.call('createProfile', { displayName: 'Emilia', locale: 'de', deviceId: crypto.randomUUID() });
      await phone.refreshToken();
      assert.equal((await quote(phone)).currency, 'EUR');
    });
  }

  it('reads a new role in its own document, and has it under rules with the next token', async () => {
    const phone = await aCustomer('rita@mail.test');
    const told = until(phone, `users/${phone.user.uid}`, (user) => user['claimsVersion'] === 2);
    const role = { type: 'courier', zoneId: ZONE_ID, vehicle: 'bicycle' } as const;
    await operator.call('grantRole', { uid: phone.user.uid, role });
    await told;
    // Callables read the user record, rules the token.
    assert.deepEqual(
      [await refusal(claimShift(phone)), await refusal(showPlace(phone))],
      ['SHIFT_NOT_FOUND', 'permission-denied'],
    );
    await phone.refreshToken();
    assert.deepEqual([await refusal(claimShift(phone)), await refusal(showPlace(phone))], ['SHIFT_NOT_FOUND', null]);
  });

  it('that is signed out everywhere is refused on every phone until it signs in again', async () => {
    const [one, other] = [await aCustomer('sam@mail.test'), await open(signIn('sam@mail.test'))];
    await secondAfterSignIn(other);
    await one.call('signOutEverywhere', {});
    assert.equal(await refusal(quote(other)), 'SESSION_REVOKED');
    assert.equal(await refusal(quote(await open(signIn('sam@mail.test')))), null);
  });

  it('that is blocked cannot call, ride or renew its token until the block ends', async () => {
    const phone = await aCustomer('uwe@mail.test');
    const { uid } = phone.user;
    await operator.call('grantRole', { uid, role: { type: 'courier', zoneId: ZONE_ID, vehicle: 'car' } });
    await phone.refreshToken();
    assert.equal(await refusal(showPlace(phone)), null);
    await secondAfterSignIn(phone);
    const told = until(phone, `users/${uid}`, (user) => user['claimsVersion'] === 3);
    assert.deepEqual(await operator.call('blockUser', { uid, reason: 'stolen cards' }), { blocked: true });
    await told;
    // With its present token, which is valid for an hour more.
    assert.deepEqual(
      [await refusal(quote(phone)), await refusal(showPlace(phone))],
      ['SESSION_REVOKED', 'permission-denied'],
    );
    assert.equal(await refusal(phone.refreshToken()), 'auth/user-disabled');
    assert.equal(await refusal(signIn('uwe@mail.test')), 'auth/user-disabled');

    await operator.call('unblockUser', { uid, reason: 'a mistake' });
    const again = await open(signIn('uwe@mail.test'));
    assert.deepEqual([await refusal(claimShift(again)), await refusal(lookAtWork(again))], ['SHIFT_NOT_FOUND', null]);
  });

  it('that is blocked is refused within half a minute of its last call', async () => {
    const phone = await aCustomer('ted@mail.test');
    const app = initializeApp({ projectId: stack.projectId });
    try {
      let nowMs = Date.now();
      const { uid } = phone.user;
      const signedInAtMs = Date.parse((await phone.user.getIdTokenResult()).authTime);
      const process = firebaseIdentity(() => nowMs);
      assert.equal(isRevoked(await process.recordOf(uid), signedInAtMs), false);
      await operator.call('blockUser', { uid, reason: 'stolen cards' });
      assert.equal(isRevoked(await process.recordOf(uid), signedInAtMs), false);
      nowMs += 30_000;
      assert.equal(isRevoked(await process.recordOf(uid), signedInAtMs), true);
    } finally {
      await deleteApp(app);
    }
  });

  /** Removing the account is what an erasure does last. */
  async function untilGone(uid: string): Promise<void> {
    while ((await admin.auth.getUsers([{ uid }])).users.length > 0);
  }

  it('is exported to its owner alone, and deleted with a proof, with any later writes of its phone, and no journal is changed', async () => {
    const [phone, other] = [await aCustomer('zoe@mail.test'), await aCustomer('tom@mail.test')];
    const { uid } = phone.user;
    await setDoc(doc(phone.db, `users/${uid}/addresses/home`), HOME);
    await setDoc(doc(phone.db, `users/${uid}/devices/phone`), { token: 'token-zoe', platform: 'ios' });
    const grant = {
      uid,
      currency: 'EUR',
      amountMinor: minor(700),
      reason: 'welcome',
      idempotencyKey: crypto.randomUUID(),
    };
    await operator.call('grantCredit', grant);

    const { path } = await phone.call('exportMyData', {});
    const file = String(await phone.downloadExport(path));
    for (const said of ['zoe@mail.test', 'Emilia', HOME.addressLine, 'token-zoe', '"EUR": 700'])
      assert.ok(file.includes(said), said);
    assert.equal(await refusal(phone.download(path)), 'storage/unauthorized');
    assert.equal(await refusal(other.downloadExport(path)), 'CONTENT_NOT_FOUND');

    const { reportId } = await phone.call('deleteMyAccount', {});
    await untilGone(uid);
    // Its token is valid for an hour more, and the rules know nothing of the erasure; but a device needs a profile.
    const late = { token: 'token-zoe-2', platform: 'ios' };
    assert.equal(await refusal(setDoc(doc(phone.db, `users/${uid}/devices/tablet`), late)), 'permission-denied');
    assert.equal(await refusal(setDoc(doc(phone.db, `users/${uid}/addresses/other-0`), HOME)), null);
    await runAt(stack, 'tidyUp', Date.now() + TOKENS_LAPSE_MS);
    const report = await until(operator, `privacyReports/${reportId}`);
    // A token leaves with its device: the trigger of the device's deletion may run before the erasure.
    const { left, counts } = PrivacyReport.parse(report);
    const others = Object.entries(counts).filter(([collection]) => collection !== 'deviceTokens/{digest}');
    assert.deepEqual(
      [left, Object.fromEntries(others)],
      [
        0,
        {
          users: 1,
          'users/addresses': 2,
          'users/devices': 1,
          authorities: 1,
          'users/private': 2,
          'ledgerAccounts/{id}': 1,
          'audit/{id}': 1,
          'signals/{id}': 1,
          links: 1,
          'exports/{uid}/': 1,
        },
      ],
    );
    const journal = await getDoc(doc(operator.db, `ledger/credit-${toAccountId(grant.uid)}-${grant.idempotencyKey}`));
    assert.deepEqual(journal.data()?.['entries'], [
      { account: 'goodwill', amountMinor: 700 },
      { account: ACCOUNTS.credit(uid), amountMinor: -700 },
    ]);
    assert.equal(await refusal(signIn('zoe@mail.test')), 'auth/user-not-found');
    assert.equal(await refusal(quote(other)), null);
  });
});

const signIn = (email: string): Promise<App> =>
  App.enter(stack, (auth) => signInWithEmailAndPassword(auth, email, PASSWORD));

/** The first call of a customer. */
function quote(phone: App) {
  const [restaurant] = city.restaurants;
  assert.ok(restaurant);
  const lines = drawCart(new Random(1), restaurant.menu);
  return phone.call('quote', { restaurantId: restaurant.id, kind: 'pickup', lines, dropOff: null });
}

/**
 * Actions for couriers only: a callable with a shift that does not exist, and a write under the rules, without going
 * online.
 */
const claimShift = (phone: App) => phone.call('claimShift', { shiftId: 'none', answer: 'take' });
const lookAtWork = (phone: App) => getDoc(doc(phone.db, `couriers/${phone.user.uid}`));
function showPlace(phone: App): Promise<void> {
  const { lat, lng } = HOME;
  const presence = { lat, lng, geohash: geohashForLocation([lat, lng], 9), at: serverTimestamp() };
  return updateDoc(doc(phone.db, `couriers/${phone.user.uid}`), { online: false, presence });
}

/** Firebase dates sessions by the second: a session that began in the second of the revocation stays valid. */
async function secondAfterSignIn(phone: App): Promise<void> {
  const { authTime } = await phone.user.getIdTokenResult();
  while (Date.now() < Date.parse(authTime) + 1000) await new Promise(setImmediate);
}
