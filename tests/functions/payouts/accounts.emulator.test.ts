import { strict as assert } from 'node:assert';
import type { Backend } from '#fixtures/backend.js';
import { MINUTE } from '#fixtures/catalogue.js';
import { aCity } from '#fixtures/city.js';
import { connect } from '#fixtures/payouts.js';

const IBAN = 'AT61 1904 3002 3457 3201';

describe('the account of a courier', () => {
  let backend: Backend;
  beforeEach(async () => void (backend = await aCity({ couriers: 2 })));
  afterEach(() => backend.close());

  const account = async (uid = 'omar') => (await backend.db.doc(`courierAccounts/${uid}`).get()).data();
  const open = (uid = 'omar') => backend.call('connectCourierAccount', uid, { country: 'AT' });

  it('is opened once at the provider, with a link to its form until it is complete', async () => {
    const first = await open();
    assert.deepEqual(first, { payoutsEnabled: false, url: 'https://stripe.test/courier/onboard/acct_omar' });
    assert.deepEqual(await open(), first);
    assert.deepEqual(backend.fake.accounts.get('acct_omar')?.owner, { type: 'courier', uid: 'omar' });
    backend.fake.onboard('acct_omar');
    assert.deepEqual(await open(), { payoutsEnabled: true, url: null });
    assert.deepEqual(await account(), { stripeAccountId: 'acct_omar', payoutsEnabled: true, bank: null, payouts: 0 });
  });

  it('follows the provider by its webhook, also when events come late and twice', async () => {
    await open();
    backend.fake.onboard('acct_omar');
    backend.fake.onboard('acct_omar', false);
    await backend.deliverWebhooks();
    assert.equal((await account())?.['payoutsEnabled'], false);
    backend.fake.onboard('acct_omar');
    await backend.deliverWebhooks();
    assert.equal((await account())?.['payoutsEnabled'], true);
  });

  it('is not changed by the event of another account that names the courier', async () => {
    await connect(backend);
    backend.fake.accounts.set('acct_old', { owner: { type: 'courier', uid: 'omar' }, payoutsEnabled: false });
    backend.fake.onboard('acct_old', false);
    await backend.deliverWebhooks();
    assert.equal((await account())?.['payoutsEnabled'], true);
  });

  it('is not opened for a courier who is suspended', async () => {
    await backend.db.doc('couriers/omar').update({ approved: false });
    await assert.rejects(open(), { reason: 'PAYOUT_HELD' });
    assert.deepEqual([await account(), backend.fake.accounts.size], [undefined, 0]);
  });

  it('stays open to a courier who was suspended: balance, statement and bank details', async () => {
    await backend.call('reviewCourier', 'olga', { uid: 'omar', decision: 'suspend', reason: 'papers' });
    // The suspension ended the sessions.
    await backend.advance(MINUTE);
    backend.signIn('omar');
    const { isSuspended, method } = await backend.call('courierBalance', 'omar', {});
    assert.deepEqual([isSuspended, method], [true, 'none']);
    await backend.call('saveBankDetails', 'omar', { holder: 'Omar', iban: IBAN });
    assert.equal((await backend.call('courierBalance', 'omar', {})).method, 'bank');
    const { lines } = await backend.call('courierStatement', 'omar', { fromDay: '2026-03-02', toDay: '2026-03-02' });
    assert.deepEqual(lines, []);
    await assert.rejects(backend.call('saveBankDetails', 'carla', { holder: 'Carla', iban: IBAN }), {
      reason: 'USER_NOT_FOUND',
    });
  });

  it('has a bank account with a sealed number, which an operator may read with a reason', async () => {
    assert.deepEqual(await backend.call('saveBankDetails', 'omar', { holder: 'Omar K.', iban: IBAN }), {
      last4: '3201',
    });
    const stored = JSON.stringify(await account());
    assert.ok(!stored.includes('AT61') && !stored.includes('190430023457'), stored);
    const read = await backend.call('readBankDetails', 'olga', { courierId: 'omar', reason: 'weekly payment' });
    assert.deepEqual(read, { holder: 'Omar K.', iban: 'AT611904300234573201' });
    const audit = await backend.db.collection('audit').get();
    assert.deepEqual(
      audit.docs.map((one) => [one.get('action'), one.get('by'), one.get('subject'), one.get('reason')]),
      [['readBankDetails', 'olga', 'couriers/omar', 'weekly payment']],
    );
  });

  it('keeps the connected account when a bank account is saved, and the other way round', async () => {
    await connect(backend);
    await backend.call('saveBankDetails', 'omar', { holder: 'Omar', iban: IBAN });
    assert.equal((await account())?.['stripeAccountId'], 'acct_omar');
    await backend.call('saveBankDetails', 'omar-2', { holder: 'Omar 2', iban: IBAN });
    await connect(backend, 'omar-2');
    assert.equal((await account('omar-2'))?.['bank'].last4, '3201');
  });

  it('refuses an IBAN whose check digits are wrong', () =>
    assert.rejects(backend.call('saveBankDetails', 'omar', { holder: 'Omar', iban: IBAN.replace('61', '62') }), {
      reason: 'IBAN_INVALID',
    }));

  it('refuses to open a sealed number that was copied to another courier', async () => {
    await backend.call('saveBankDetails', 'omar', { holder: 'Omar', iban: IBAN });
    await backend.db.doc('courierAccounts/omar-2').set((await account()) ?? {});
    await assert.rejects(backend.call('readBankDetails', 'olga', { courierId: 'omar-2', reason: 'weekly payment' }), {
      reason: 'BANK_DETAILS_MISSING',
    });
  });

  it('refuses to read a bank account that no courier saved, and the own one', async () => {
    await assert.rejects(backend.call('readBankDetails', 'olga', { courierId: 'omar', reason: 'weekly payment' }), {
      reason: 'BANK_DETAILS_MISSING',
    });
    await assert.rejects(backend.call('readBankDetails', 'olga', { courierId: 'olga', reason: 'weekly payment' }), {
      reason: 'OTHER_OPERATOR_REQUIRED',
    });
  });
});
