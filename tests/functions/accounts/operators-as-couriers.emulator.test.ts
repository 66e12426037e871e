import { strict as assert } from 'node:assert';
import { paths } from '#functions/platform/firestore.js';
import type { Backend } from '#fixtures/backend.js';
import { aCity } from '#fixtures/city.js';

describe('an operator who was a courier before', () => {
  let backend: Backend;
  beforeEach(async () => {
    backend = await aCity();
    backend.identity.add('dora', { role: 'operator', desk: 'dispatcher' });
    const user = { displayName: 'Omar', locale: 'en', claimsVersion: 1, createdAtMs: backend.nowMs };
    await backend.db.doc('users/omar').set(user);
  });
  afterEach(() => backend.close());

  const grant = (type: 'operator' | 'customer') =>
    backend.call('grantRole', 'olga', {
      uid: 'omar',
      role: type === 'operator' ? { type, as: 'admin' } : { type },
      reason: 'promoted',
    });
  const approve = (by: string) =>
    backend.call('reviewCourier', by, { uid: 'omar', decision: 'approve', reason: 'works again' });
  const role = async () => (await paths.authority(backend.db, 'omar').get()).data()?.role;

  it('keeps the role though a dispatcher approves the courier', async () => {
    await grant('operator');
    await assert.rejects(approve('dora'), { reason: 'ROLE_REQUIRED' });
    assert.equal(await role(), 'operator');
  });

  it('becomes a courier by a dispatcher after an admin took the role away', async () => {
    await grant('operator');
    await grant('customer');
    await approve('dora');
    assert.equal(await role(), 'courier');
  });

  it('becomes a courier by an admin, and signs in again', async () => {
    await grant('operator');
    backend.signIn('omar');
    await backend.advance(60_000);
    await approve('olga');
    assert.equal(await role(), 'courier');
    backend.restart();
    await assert.rejects(backend.call('courierBalance', 'omar', {}), { reason: 'SESSION_REVOKED' });
  });
});
