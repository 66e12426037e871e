import { strict as assert } from 'node:assert';
import { FieldValue } from 'firebase-admin/firestore';
import { PAPER } from '#simulator/people/photos.js';
import { acceptInvitation, setMemberRole } from '#functions/merchants/members.js';
import { worksFor } from '#functions/authority/staff.js';
import { paths } from '#functions/platform/firestore.js';
import type { Backend } from '#fixtures/backend.js';
import { KITCHEN_AT, MINUTE, START_MS } from '#fixtures/catalogue.js';
import { aCity } from '#fixtures/city.js';
import { aCart, Journey } from '#fixtures/journey.js';

const DAY = 24 * 60 * MINUTE;
const APPLICATION = 'nina-kitchen';
const venture = {
  name: 'Nina’s',
  legalName: 'Nina GmbH',
  country: 'AT',
  cuisines: ['Thai'],
  zoneId: 'centre',
  timeZone: 'Europe/Vienna',
  location: KITCHEN_AT,
  addressLine: '2 Oven Lane',
};
const KINDS = ['identity', 'tradeLicence', 'foodSafety'] as const;
const paper = (kind: string) => ({ kind, path: `merchant-documents/${APPLICATION}/nina/${kind}.pdf` });

let backend: Backend;
async function open(): Promise<void> {
  backend = await aCity();
  for (const uid of ['nina', 'carla', 'mario']) await signUp(uid);
}

const signUp = (uid: string) => backend.call('createProfile', uid, { displayName: uid, locale: 'de' });
const apply = (documents: object[] = [], uid = 'nina') =>
  backend.call('applyAsMerchant', uid, { applicationId: APPLICATION, venture, documents });
const upload = (): void => KINDS.forEach((kind) => backend.files.upload(paper(kind).path, Buffer.from(PAPER)));
const seenVersion = async () => (await paths.merchantApplication(backend.db, APPLICATION).get()).data()?.version ?? 1;
const decide = async (type: 'approve' | 'reject', version?: number) =>
  backend.call('reviewApplication', 'olga', {
    applicationId: APPLICATION,
    version: version ?? (await seenVersion()),
    decision: type === 'approve' ? { type, commissionPpm: 250_000 } : { type },
    reason: 'looked at it',
  });
const submit = () => (upload(), apply(KINDS.map(paper)));
const approve = async () => (await submit(), decide('approve'));
const restaurant = async (id = APPLICATION) => (await paths.restaurant(backend.db, id).get()).data();
const goOnline = (uid = 'nina') =>
  backend.call('switchStore', uid, { restaurantId: APPLICATION, to: { type: 'online' } });
const connect = () => backend.call('connectAccount', 'nina', { restaurantId: APPLICATION });

describe('a merchant', () => {
  beforeEach(open);
  afterEach(() => backend.close());

  it('applies, uploads documents, is approved, connects an account and goes online', async () => {
    assert.deepEqual(await apply(), { status: 'draft' });
    assert.deepEqual(await submit(), { status: 'submitted' });
    assert.deepEqual(await decide('approve'), { status: 'approved' });
    assert.deepEqual((await backend.identity.claimsOf('nina'))?.merchant, { [APPLICATION]: 'owner' });
    assert.deepEqual(await connect(), {
      payoutsEnabled: false,
      url: `https://stripe.test/onboard/acct_${APPLICATION}`,
    });
    await assert.rejects(goOnline(), { reason: 'CANNOT_GO_ONLINE' });
    backend.fake.onboard(`acct_${APPLICATION}`);
    assert.deepEqual(
      (await backend.deliverWebhooks()).map(({ status }) => status),
      [200],
    );
    assert.deepEqual(await goOnline(), { availability: 'online', pausedUntilMs: null, busyUntilMs: null });
    assert.deepEqual(await connect(), { payoutsEnabled: true, url: null });
  });

  it('is payable once the app returns from onboarding, before the webhook', async () => {
    await approve();
    await connect();
    backend.fake.onboard(`acct_${APPLICATION}`);
    assert.deepEqual(await connect(), { payoutsEnabled: true, url: null });
    assert.equal((await restaurant())?.canGoOnline, true);
  });

  it('cannot sell once the provider stops payouts, in any order of its events', async () => {
    backend.fake.accounts.set('acct_rosa', {
      owner: { type: 'restaurant', restaurantId: 'rosa' },
      payoutsEnabled: true,
    });
    backend.fake.onboard('acct_rosa', false);
    const [event] = backend.fake.events;
    assert.ok(event);
    await backend.call('quote', 'carla', aCart());
    for (let time = 0; time < 2; time += 1) await backend.webhook(event);
    await assert.rejects(backend.call('quote', 'carla', aCart()), { reason: 'RESTAURANT_CLOSED' });
    // The provider thought better of it: the old event, come late, finds the account as it is now.
    backend.fake.onboard('acct_rosa', true);
    await backend.webhook(event);
    await backend.call('quote', 'carla', aCart());
  });

  it('is not switched by events of another account', async () => {
    await approve();
    backend.fake.accounts.set('acct_other', {
      owner: { type: 'restaurant', restaurantId: APPLICATION },
      payoutsEnabled: true,
    });
    backend.fake.onboard('acct_other');
    await backend.deliverWebhooks();
    assert.equal((await restaurant())?.canGoOnline, false);
  });

  it('is not switched by events of a courier, nor by those of a payout', async () => {
    await approve();
    await connect();
    const courier = { owner: { type: 'courier' as const, uid: APPLICATION }, payoutsEnabled: true };
    backend.fake.accounts.set('acct_omar', courier);
    backend.fake.onboard('acct_omar');
    await backend.deliverWebhooks();
    assert.equal((await restaurant())?.canGoOnline, false);
    const account = backend.fake.accounts.get(`acct_${APPLICATION}`);
    if (account) account.payoutsEnabled = true;
    const event = { intentId: null, accountId: `acct_${APPLICATION}` };
    await backend.webhook({ ...event, id: 'evt_1', type: 'payout.paid', bankPayoutId: 'po_1' });
    assert.equal((await restaurant())?.canGoOnline, false);
    await backend.webhook({ ...event, id: 'evt_2', type: 'account.updated' });
    assert.equal((await restaurant())?.canGoOnline, true);
  });

  it('has one account, also where the first call died after opening it', async () => {
    await approve();
    backend.conduct.fail('payments.openAccount', 'after');
    await assert.rejects(connect());
    await connect();
    assert.equal(backend.fake.accounts.size, 1);
  });

  it('becomes the owner when the approval is repeated after a crash', async () => {
    await submit();
    backend.conduct.fail('identity.setClaims', 'before');
    await assert.rejects(decide('approve'));
    await decide('approve');
    assert.deepEqual((await backend.identity.claimsOf('nina'))?.merchant, { [APPLICATION]: 'owner' });
    await assert.rejects(decide('reject'), { reason: 'APPLICATION_DECIDED' });
  });

  it("cannot use a name that every object inherits as the restaurant's id", async () => {
    for (const applicationId of ['constructor', 'toString', 'hasOwnProperty', '__proto__'])
      await assert.rejects(backend.call('applyAsMerchant', 'nina', { applicationId, venture, documents: [] }));
    await apply();
  });

  it('is approved in the version that the operator saw, not after a new submission', async () => {
    await submit();
    const version = await seenVersion();
    const other = { ...venture, name: 'Bank Help', legalName: 'Straw Man Ltd' };
    await backend.call('applyAsMerchant', 'nina', {
      applicationId: APPLICATION,
      venture: other,
      documents: KINDS.map(paper),
    });
    for (const type of ['approve', 'reject'] as const)
      await assert.rejects(decide(type, version), { reason: 'VERSION_CHANGED', details: { version: version + 1 } });
    assert.equal(await restaurant(), undefined);
    assert.deepEqual(await decide('approve', version + 1), { status: 'approved' });
    assert.equal((await restaurant())?.name, 'Bank Help');
  });

  it('may submit again after a rejection, not after an approval', async () => {
    await submit();
    await decide('reject');
    assert.deepEqual(await submit(), { status: 'submitted' });
    await decide('approve');
    await assert.rejects(submit(), { reason: 'APPLICATION_DECIDED' });
  });

  it('is not approved before all documents are uploaded to this application', async () => {
    await apply();
    await assert.rejects(decide('approve'), { reason: 'APPLICATION_DECIDED' });
    await assert.rejects(apply(KINDS.map(paper)), { reason: 'DOCUMENT_NOT_FOUND' });
    const elsewhere = { kind: 'identity', path: 'merchant-documents/another-one/nina/identity.pdf' };
    backend.files.upload(elsewhere.path, Buffer.from(PAPER));
    await assert.rejects(apply([elsewhere]), { reason: 'DOCUMENT_NOT_FOUND' });
    await submit();
  });

  it("cannot take another user's application, nor the name of a restaurant", async () => {
    await apply();
    await assert.rejects(apply([], 'carla'), { reason: 'APPLICATION_NOT_FOUND' });
    const taken = { applicationId: 'da-rosa-2', venture, documents: [] };
    await backend.db.doc('restaurants/da-rosa-2').set((await paths.restaurant(backend.db, 'rosa').get()).data() ?? {});
    await assert.rejects(backend.call('applyAsMerchant', 'nina', taken), { reason: 'APPLICATION_NOT_FOUND' });
  });
});

describe('the id of an application', () => {
  beforeEach(open);
  afterEach(() => backend.close());
  const DRAWN = 'Qx7bT2eZvKYlo2CSbT2eZvKYlo2C';
  const applyAs = (applicationId: string, uid = 'nina') =>
    backend.call('applyAsMerchant', uid, { applicationId, venture });

  it('is no uid, which has 28 letters and digits in a row, nor contains one; a UUID is none', async () => {
    for (const id of [DRAWN, `kitchen-${DRAWN}`])
      await assert.rejects(applyAs(id), { reason: 'APPLICATION_NOT_FOUND' });
    for (const id of [DRAWN.slice(1), '0b1f2f9e-7f57-4f0c-9a53-6c1d0d3b5a11', '0b1f2f9e7f574f0c9a536c1d0d3b5a11'])
      assert.deepEqual(await applyAs(id), { status: 'draft' });
  });

  it('is not the uid of an account', async () => {
    backend.identity.add('imported-user', { role: 'customer' }, 'Imported');
    for (const uid of ['nina', 'imported-user'])
      await assert.rejects(applyAs('imported-user', uid), { reason: 'APPLICATION_NOT_FOUND' });
    assert.deepEqual(await applyAs('imported-users'), { status: 'draft' });
  });
});

const staff = { restaurantId: 'rosa' };
const invite = (to: object, role: string, by = 'mario') =>
  backend.call('inviteMember', by, { ...staff, to, role }).then(({ invitationId }) => invitationId);
const accept = (invitationId: string, uid = 'nina') =>
  backend.call('acceptInvitation', uid, { ...staff, invitationId });
const setRole = (uid: string, role: string | null, by = 'mario') =>
  backend.call('setMemberRole', by, { ...staff, uid, role });
const NINA = { type: 'email', email: 'Nina@demo.test' };
const hire = async (role: string, uid = 'nina') => accept(await invite({ type: 'user', uid }, role), uid);
/** The caller as the token names them. */
const callerOf = async (uid: string) => ({
  uid,
  name: uid,
  email: null,
  claims: (await backend.identity.claimsOf(uid)) ?? {},
  signedInAtMs: backend.nowMs,
  tokenIssuedAtMs: backend.nowMs,
  address: null,
});
const pause = (uid: string) => backend.call('switchStore', uid, { ...staff, to: { type: 'paused', minutes: 5 } });
/** Users whose sessions were ended have signed in again. */
const signInAgain = (uid: string): void => {
  const account = backend.identity.accounts.get(uid);
  if (account) account.validAfterMs = 0;
};

describe('members of a restaurant', () => {
  beforeEach(open);
  afterEach(() => backend.close());

  it('are invited by address, accept, and work', async () => {
    assert.deepEqual(await accept(await invite(NINA, 'kitchen')), { role: 'kitchen' });
    assert.deepEqual(await backend.identity.claimsOf('nina'), { role: 'customer', merchant: { rosa: 'kitchen' } });
    assert.equal((await paths.user(backend.db, 'nina').get()).data()?.claimsVersion, 2);
    assert.equal((await pause('nina')).availability, 'paused');
  });

  it('cannot accept an invitation that is for another user, unverified, expired or taken back', async () => {
    const gone = { reason: 'INVITATION_GONE' };
    const invitation = await invite(NINA, 'kitchen');
    await assert.rejects(accept(invitation, 'carla'), gone);
    const nina = backend.identity.accounts.get('nina');
    assert.ok(nina);
    nina.email = null;
    await assert.rejects(accept(invitation), gone);
    nina.email = 'nina@demo.test';
    await backend.db.doc(`restaurants/rosa/invitations/${invitation}`).delete();
    await assert.rejects(accept(invitation), gone);
    const [lapsed, kept] = [await invite(NINA, 'kitchen'), await invite(NINA, 'manager')];
    backend.nowMs += 7 * DAY - 1;
    await accept(kept);
    backend.nowMs += 1;
    await assert.rejects(accept(lapsed), gone);
  });

  it('accept once, and keep the role that they have', async () => {
    const [first, second] = [await invite(NINA, 'manager'), await invite(NINA, 'kitchen')];
    await accept(first);
    assert.deepEqual(await accept(second), { role: 'manager' });
    await assert.rejects(accept(first), { reason: 'INVITATION_GONE' });
  });

  it('who were dismissed return by a new invitation only, not by an older one', async () => {
    const older = await invite(NINA, 'manager');
    await hire('kitchen');
    await backend.advance(MINUTE);
    await backend.call('setMemberRole', 'mario', { ...staff, uid: 'nina', role: null });
    signInAgain('nina');
    await assert.rejects(accept(older), { reason: 'INVITATION_GONE' });
    assert.deepEqual(await hire('kitchen'), { role: 'kitchen' });
  });

  it('whose links cannot be read, and may hide a dismissal, join by a new invitation only', async () => {
    const older = await invite(NINA, 'manager');
    await backend.advance(MINUTE);
    await backend.db.doc('links/nina').set({ signals: 7 });
    await assert.rejects(accept(older), { reason: 'INVITATION_GONE' });
    assert.deepEqual(await hire('kitchen'), { role: 'kitchen' });
  });

  it('complete an acceptance that died half way', async () => {
    const invitation = await invite(NINA, 'kitchen');
    backend.conduct.fail('identity.setClaims', 'before');
    await assert.rejects(accept(invitation));
    await accept(invitation);
    assert.deepEqual((await backend.identity.claimsOf('nina'))?.merchant, { rosa: 'kitchen' });
  });

  it('do not join by the link of an inviter who has left', async () => {
    await hire('manager');
    const invitation = await invite({ type: 'user', uid: 'carla' }, 'kitchen', 'nina');
    await setRole('nina', null);
    await assert.rejects(accept(invitation, 'carla'), { reason: 'INVITATION_GONE' });
  });

  it('cannot grant more than they have: a manager hires for the kitchen', async () => {
    await hire('manager');
    const carla = { type: 'user', uid: 'carla' };
    await assert.rejects(invite(carla, 'manager', 'nina'), { reason: 'ROLE_NOT_ALLOWED' });
    await accept(await invite(carla, 'kitchen', 'nina'), 'carla');
    await assert.rejects(setRole('carla', 'manager', 'nina'), { reason: 'ROLE_NOT_ALLOWED' });
    await assert.rejects(setRole('mario', null, 'nina'), { reason: 'ROLE_NOT_ALLOWED' });
    await assert.rejects(invite(carla, 'kitchen', 'carla'), { reason: 'ROLE_NOT_ALLOWED' });
    assert.deepEqual(await setRole('carla', null, 'nina'), { role: null });
  });

  it('who were dismissed are refused at once, and after they sign in again', async () => {
    await hire('manager');
    await new Journey(backend).place();
    assert.deepEqual(await setRole('nina', null), { role: null });
    const accepting = { uid: 'nina', role: 'merchant', request: { type: 'move', move: { action: 'accept' } } } as const;
    const answer = await backend.command('order-2', 'command-1', accepting);
    assert.ok(answer?.state === 'refused' && answer.reason === 'SESSION_REVOKED');
    await assert.rejects(pause('nina'), { reason: 'SESSION_REVOKED' });
    signInAgain('nina');
    await assert.rejects(pause('nina'), { reason: 'ROLE_REQUIRED' });
    const later = await backend.command('order-2', 'command-2', accepting);
    assert.ok(later?.state === 'refused' && later.reason === 'ORDER_NOT_FOUND');
    assert.deepEqual(await backend.identity.claimsOf('nina'), { role: 'customer' });
  });

  it('who were dismissed by a call that died lose their sessions when it is repeated', async () => {
    await hire('manager');
    backend.conduct.fail('identity.revokeSessions', 'before');
    await assert.rejects(setRole('nina', null));
    await setRole('nina', null);
    await assert.rejects(pause('nina'), { reason: 'SESSION_REVOKED' });
  });

  it('are the only users whom a manager can sign out', async () => {
    assert.deepEqual(await setRole('carla', null), { role: null });
    await backend.call('quote', 'carla', aCart());
  });

  it('do not include those of an inherited object name: it signs out no other user', async () => {
    for (const restaurantId of ['constructor', 'toString', 'hasOwnProperty']) {
      const owner = { role: 'owner', displayName: 'Nina', addedAtMs: backend.nowMs };
      await backend.db.doc(`restaurants/${restaurantId}/members/nina`).set(owner);
      const nina = await callerOf('nina');
      await setMemberRole(backend.ctx, nina, { restaurantId, uid: 'carla', role: null });
      assert.equal(await worksFor(backend.ctx, await callerOf('mario'), restaurantId), false);
    }
    assert.equal(await worksFor(backend.ctx, await callerOf('mario'), 'rosa'), true);
    await backend.call('quote', 'carla', aCart());
  });

  it('keep their sessions when they gain rights, and lose them when they lose rights', async () => {
    await hire('kitchen');
    await setRole('nina', 'manager');
    await pause('nina');
    await setRole('nina', 'kitchen');
    await assert.rejects(pause('nina'), { reason: 'SESSION_REVOKED' });
  });

  it('are determined by the document, not by the token', async () => {
    await hire('manager');
    await backend.db.doc('restaurants/rosa/members/nina').update({ role: 'kitchen' });
    await assert.rejects(invite({ type: 'user', uid: 'carla' }, 'kitchen', 'nina'), { reason: 'ROLE_NOT_ALLOWED' });
  });

  it('always include an owner', async () => {
    await assert.rejects(setRole('mario', 'manager'), { reason: 'LAST_OWNER' });
    await hire('owner');
    assert.deepEqual(await setRole('mario', null), { role: null });
  });

  it('leave an owner behind who is not blocked', async () => {
    await hire('owner');
    const nina = backend.db.doc('restaurants/rosa/members/nina');
    await nina.update({ blocked: true });
    await assert.rejects(setRole('mario', null), { reason: 'LAST_OWNER' });
    await nina.update({ blocked: FieldValue.delete() });
    assert.deepEqual(await setRole('mario', null), { role: null });
  });

  it('leave an owner behind whose account is not being erased', async () => {
    await hire('owner');
    const erasure = backend.db.doc('erasures/nina');
    await erasure.set({ namelessId: 'nameless-1', askedAtMs: backend.nowMs, counts: {} });
    await assert.rejects(setRole('mario', 'kitchen'), { reason: 'LAST_OWNER' });
    await erasure.delete();
    assert.deepEqual(await setRole('mario', 'kitchen'), { role: 'kitchen' });
  });

  it('do not include a user without an invitation', async () =>
    assert.rejects(setRole('carla', 'kitchen'), { reason: 'USER_NOT_FOUND' }));
});

describe('a user who was blocked in between', () => {
  const member = async (path: string) => (await backend.db.doc(path).get()).data();
  const block = () => backend.ask('blockUser', 'olga', { uid: 'nina', reason: 'fraud' });
  afterEach(() => backend.close());
  beforeEach(async () => {
    backend = await aCity();
    const user = { displayName: 'Nina', locale: 'en', claimsVersion: 1, createdAtMs: START_MS };
    await backend.db.doc('users/nina').set(user);
  });

  it('cannot accept an invitation, also on an instance that has cached the session', async () => {
    const to = { type: 'user' as const, uid: 'nina' };
    const { invitationId } = await backend.ask('inviteMember', 'mario', { restaurantId: 'rosa', to, role: 'manager' });
    const caller = backend.caller('nina');
    await block();
    const accepted = acceptInvitation(backend.ctx, caller, { restaurantId: 'rosa', invitationId });
    await assert.rejects(accepted, { reason: 'SESSION_REVOKED' });
    assert.equal(await member('restaurants/rosa/members/nina'), undefined);
  });

  it('is a blocked owner, and in no list of keys, when an application is approved', async () => {
    const place = {
      name: 'Trattoria',
      legalName: 'Trattoria Ltd',
      country: 'AT',
      cuisines: [],
      zoneId: 'centre',
      timeZone: 'Europe/Vienna',
      location: { lat: 48.2, lng: 16.37 },
      addressLine: '1 Street',
    };
    const owner = { ownerId: 'nina', ownerName: 'Nina', status: 'submitted', version: 1, createdAtMs: START_MS };
    await backend.db
      .doc('merchantApplications/trattoria')
      .set({ ...owner, review: null, documents: [], venture: place });
    await block();
    const decision = { type: 'approve' as const, commissionPpm: 200_000 };
    const review = { applicationId: 'trattoria', version: 1, decision, reason: 'papers are fine' };
    await backend.ask('reviewApplication', 'olga', review);
    assert.equal((await member('restaurants/trattoria/members/nina'))?.['blocked'], true);
    assert.deepEqual((await member('restaurants/trattoria'))?.['staffKeys'], []);
  });
});
