import assert from 'node:assert/strict';
import type { Inputs } from '#functions/calls/callables.js';
import type { Backend } from '#fixtures/backend.js';
import { assertSound } from '#fixtures/books.js';
import { MINUTE, START_MS } from '#fixtures/catalogue.js';
import { aCity } from '#fixtures/city.js';
import { Journey } from '#fixtures/journey.js';
import { reconcile } from '#functions/reconciliation/reconcile.js';
import { paths } from '#functions/platform/firestore.js';

/** What a refund of 3.00 takes back from the courier: its tax is no longer owed. */
describe("a courier's debt of 2.68, after a refund of an order whose ride was paid", () => {
  let backend: Backend;
  afterEach(async () => {
    await assertSound(backend);
    await backend.close();
  });
  beforeEach(async () => {
    backend = await aCity();
    const aUser = { displayName: 'Omar', locale: 'en', claimsVersion: 1, createdAtMs: START_MS };
    await backend.db.doc('users/omar').set(aUser);
    const { orderId } = await new Journey(backend).reach('delivered');
    await backend.deliverWebhooks();
    const pay = { courierId: 'omar', currency: 'EUR', reference: 'sepa', idempotencyKey: 'payment-key-1' };
    await backend.ask('recordCourierPayment', 'olga', { ...pay, amountMinor: 650 });
    await backend.ask('refundOrder', 'olga', {
      orderId,
      idempotencyKey: 'refund-key-1',
      what: { type: 'amount', amountMinor: 300 },
      liable: 'courier',
      reason: 'spilled',
      to: 'card',
    });
    await backend.advance(180 * MINUTE);
  });

  const settle = (facts: Partial<Inputs['settleCourierDebt']> = {}, by = 'olga') =>
    backend.ask('settleCourierDebt', by, {
      courierId: 'omar',
      currency: 'EUR',
      amountMinor: 268,
      how: 'repaid',
      reason: 'sepa 18',
      idempotencyKey: 'debt-key-1',
      ...facts,
    });
  const leave = () => {
    backend.signIn('omar');
    return backend.call('deleteMyAccount', 'omar', {});
  };
  const entries = async () =>
    (await paths.ledger(backend.db).get()).docs
      .filter(({ id }) => id.startsWith('debt-'))
      .map((one) => one.data().entries);

  for (const [how, account] of [
    ['repaid', 'bank'],
    ['writtenOff', 'refundLosses'],
  ] as const)
    it(`refuses the deletion of the account until it is settled: ${how}`, async () => {
      await assert.rejects(leave(), { reason: 'PAY_OWED', details: { currency: 'EUR', owedMinor: -268 } });
      assert.deepEqual(await settle({ how }), { owedMinor: 0, replayed: false });
      const [postings = []] = await entries();
      assert.deepEqual(
        postings.map(({ account: name, amountMinor }) => [name.split(':')[0], amountMinor]),
        [
          [account, 268],
          ['courier', -268],
        ],
      );
      await leave();
    });

  it('is settled once for each key, in parts', async () => {
    assert.deepEqual(await settle({ amountMinor: 100 }), { owedMinor: 168, replayed: false });
    assert.deepEqual(await settle({ amountMinor: 100 }), { owedMinor: 168, replayed: true });
    assert.deepEqual(await settle({ amountMinor: 168, idempotencyKey: 'debt-key-2' }), {
      owedMinor: 0,
      replayed: false,
    });
    assert.equal((await entries()).length, 2);
  });

  it('is settled by no more than is owed, in its currency, also by two calls at once', async () => {
    await assert.rejects(settle({ amountMinor: 269 }), { reason: 'DEBT_SMALLER', details: { owedMinor: 268 } });
    await assert.rejects(settle({ currency: 'CHF' }), { reason: 'DEBT_SMALLER', details: { owedMinor: 0 } });
    await assert.rejects(settle({ courierId: 'carla' }), { reason: 'USER_NOT_FOUND' });
    const both = await Promise.allSettled([settle(), settle({ idempotencyKey: 'debt-key-2' })]);
    assert.deepEqual(both.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected']);
  });

  it('is settled by an operator who has no interest in it', async () => {
    await backend.db.doc('links/olga').set({ signals: [], linked: ['omar'] });
    await assert.rejects(settle(), { reason: 'OTHER_OPERATOR_REQUIRED' });
    backend.identity.add('otto', { role: 'operator' }, 'Otto');
    assert.equal((await settle({}, 'otto')).owedMinor, 0);
  });

  it('agrees with the audit in the nightly comparison', async () => {
    await settle();
    await backend.advance(24 * 60 * MINUTE);
    await reconcile(backend.ctx);
    const tasks = (await backend.db.collection('operatorTasks').where('kind', '==', 'books_differ').get()).docs;
    assert.deepEqual(
      tasks.map((one) => one.data()),
      [],
    );
  });
});
