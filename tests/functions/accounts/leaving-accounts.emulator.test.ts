import { strict as assert } from 'node:assert';
import { acceptInvitation } from '#functions/merchants/members.js';
import { paths } from '#functions/platform/firestore.js';
import type { Backend } from '#fixtures/backend.js';
import { KITCHEN_AT, MINUTE } from '#fixtures/catalogue.js';
import { aCity } from '#fixtures/city.js';

/** After the last token of a deleted account has expired. */
const ERASED_MS = 65 * MINUTE;
const GONE = { reason: 'USER_NOT_FOUND', details: { uid: 'nina' } };

describe('an account whose deletion was requested', () => {
  let backend: Backend;
  beforeEach(async () => {
    backend = await aCity();
    await backend.call('createProfile', 'nina', { displayName: 'Nina', locale: 'en' });
    await paths.merchantApplication(backend.db, 'trattoria').set(application());
    await paths.courierApplication(backend.db, 'nina').set(courierApplication());
  });
  afterEach(() => backend.close());

  const reviewed = () => ({ version: 1, createdAtMs: backend.nowMs, review: null });
  const application = () => ({
    ownerId: 'nina',
    ownerName: 'Nina',
    status: 'submitted' as const,
    ...reviewed(),
    documents: [],
    venture: {
      name: 'Trattoria',
      legalName: 'Trattoria Ltd',
      country: 'AT',
      cuisines: [],
      zoneId: 'centre',
      timeZone: 'Europe/Vienna',
      location: KITCHEN_AT,
      addressLine: '1 Street',
    },
  });
  const courierApplication = () => ({
    name: 'Nina',
    zoneId: 'centre',
    vehicle: 'bicycle' as const,
    papers: [],
    status: 'submitted' as const,
    ...reviewed(),
  });
  const leave = () => (backend.signIn('nina'), backend.call('deleteMyAccount', 'nina', {}));
  const review = (type: 'approve' | 'reject') =>
    backend.call('reviewApplication', 'olga', {
      applicationId: 'trattoria',
      version: 1,
      decision: type === 'approve' ? { type, commissionPpm: 200_000 } : { type },
      reason: 'seen',
    });
  const reviewCourier = (decision: 'approve' | 'reject') =>
    backend.call('reviewCourier', 'olga', { uid: 'nina', version: 1, decision, reason: 'seen' });
  const grant = (role: object) => backend.call('grantRole', 'olga', { uid: 'nina', role });
  const restaurant = async () => (await paths.restaurant(backend.db, 'trattoria').get()).exists;
  const courier = async () => (await paths.courier(backend.db, 'nina').get()).exists;
  const reports = async () => (await backend.db.collection('privacyReports').get()).size;

  it('gets no restaurant, and is erased', async () => {
    await leave();
    await assert.rejects(review('approve'), GONE);
    assert.equal(await restaurant(), false);
    await backend.advance(ERASED_MS);
    assert.deepEqual([await restaurant(), await reports()], [false, 1]);
  });

  it('that stays gets the restaurant', async () => {
    await review('approve');
    assert.equal(await restaurant(), true);
    assert.deepEqual((await backend.identity.claimsOf('nina'))?.merchant, { trattoria: 'owner' });
  });

  it('gets no restaurant after its erasure by an application that was written again, which can be rejected', async () => {
    await leave();
    await backend.advance(ERASED_MS);
    await paths.merchantApplication(backend.db, 'trattoria').set(application());
    await assert.rejects(review('approve'), GONE);
    assert.equal(await restaurant(), false);
    assert.deepEqual(await review('reject'), { status: 'rejected' });
  });

  it('is not approved as a courier, and can be rejected', async () => {
    await leave();
    await assert.rejects(reviewCourier('approve'), GONE);
    assert.equal(await courier(), false);
    assert.equal((await reviewCourier('reject')).status, 'rejected');
  });

  it('that stays is approved as a courier', async () => {
    assert.equal((await reviewCourier('approve')).status, 'approved');
    assert.equal(await courier(), true);
  });

  for (const role of [
    { type: 'merchant', restaurantId: 'rosa', as: 'owner' },
    { type: 'courier', zoneId: 'centre', vehicle: 'bicycle' },
    { type: 'operator' },
  ]) {
    it(`gets no role, which can still be taken away: ${role.type}`, async () => {
      await leave();
      await assert.rejects(grant(role), GONE);
      assert.equal((await grant({ type: 'customer' })).uid, 'nina');
    });

    it(`that stays gets the role: ${role.type}`, async () => assert.equal((await grant(role)).uid, 'nina'));
  }

  it('accepts no invitation by a session that another instance still knows', async () => {
    const invite = () =>
      backend.call('inviteMember', 'mario', {
        restaurantId: 'rosa',
        to: { type: 'user', uid: 'nina' },
        role: 'kitchen',
      });
    const accept = async ({ invitationId }: { invitationId: string }) =>
      acceptInvitation(backend.ctx, backend.caller('nina'), { restaurantId: 'rosa', invitationId });
    const [first, second] = [await invite(), await invite()];
    assert.deepEqual(await accept(first), { role: 'kitchen' });
    await leave();
    await assert.rejects(accept(second), { reason: 'SESSION_REVOKED' });
  });
});
