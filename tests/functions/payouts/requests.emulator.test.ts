import { strict as assert } from 'node:assert';
import { paths } from '#functions/platform/firestore.js';
import { payCouriers } from '#functions/payouts/pay-couriers.js';
import { ACCOUNTS } from '#functions/ledger/model/chart.js';
import type { Backend } from '#fixtures/backend.js';
import { assertSound } from '#fixtures/books.js';
import { aPaidCity, DAY, EARNED_MINOR, listPayouts, owedTo, payTomorrow } from '#fixtures/payouts.js';

describe('requestInstantPayout', () => {
  let backend: Backend;
  beforeEach(async () => void (backend = await aPaidCity()));
  afterEach(() => backend.close());

  const request = (idempotencyKey = 'instant-key-1') => backend.ask('requestInstantPayout', 'omar', { idempotencyKey });
  const change = (terms: object) => {
    backend.restart();
    return backend.db.doc('zones/centre').update(terms);
  };

  it('pays what is available less the fee of the zone, at least its smallest one', async () => {
    const paid = await request();
    const { payoutId, ...rest } = paid;
    assert.deepEqual(rest, {
      status: 'sent',
      currency: 'EUR',
      amountMinor: EARNED_MINOR - 50,
      feeMinor: 50,
      setOffMinor: 0,
    });
    const { entries = [] } = (await paths.journal(backend.db, `payout-${payoutId}`).get()).data() ?? {};
    assert.deepEqual(entries, [
      { account: ACCOUNTS.courier('omar'), amountMinor: EARNED_MINOR },
      { account: ACCOUNTS.provider, amountMinor: 50 - EARNED_MINOR },
      { account: ACCOUNTS.payoutFees, amountMinor: -50 },
    ]);
    assert.equal(await owedTo(backend), 0);
    await assertSound(backend);
  });

  it('pays once for a key', async () => {
    const first = await request();
    assert.deepEqual(await request(), first);
    assert.equal((await listPayouts(backend)).length, 1);
  });

  it('pays once where two keys, or a run, pay at the same time', async () => {
    await backend.advance(DAY);
    const results = await Promise.allSettled([request(), request('instant-key-2'), payCouriers(backend.ctx)]);
    assert.equal((await listPayouts(backend)).length, 1, JSON.stringify(results));
    assert.equal(await owedTo(backend), 0);
    await assertSound(backend);
  });

  it('is refused where the fee leaves nothing', async () => {
    await change({ 'courierPayouts.instant': { ratePpm: 0, minMinor: EARNED_MINOR } });
    await assert.rejects(request(), {
      reason: 'NOT_ENOUGH_PAY',
      details: { availableMinor: EARNED_MINOR, feeMinor: EARNED_MINOR },
    });
    await change({ 'courierPayouts.instant': { ratePpm: 0, minMinor: EARNED_MINOR - 1 } });
    assert.equal((await request()).amountMinor, 1);
  });

  it('is refused where the cash that is carried leaves nothing', async () => {
    await backend.db.doc('couriers/omar').update({ cashMinor: EARNED_MINOR });
    await assert.rejects(request(), { reason: 'NOT_ENOUGH_PAY', details: { availableMinor: 0, feeMinor: 50 } });
  });

  it('is refused where the zone offers none', async () => {
    await change({ 'courierPayouts.instant': null });
    await assert.rejects(request(), { reason: 'INSTANT_PAYOUT_UNAVAILABLE' });
  });

  it('is refused where the account is not ready', async () => {
    await backend.db.doc('courierAccounts/omar').update({ payoutsEnabled: false });
    await assert.rejects(request(), { reason: 'PAYOUT_ACCOUNT_NOT_READY' });
  });

  it('is refused for a courier who is suspended', async () => {
    await backend.db.doc('couriers/omar').update({ approved: false });
    await assert.rejects(request(), { reason: 'PAYOUT_HELD' });
  });

  it('is refused where the bank accepts none, and nothing is kept', async () => {
    backend.fake.withoutInstant.add('acct_omar');
    for (const _ of [1, 2]) await assert.rejects(request(), { reason: 'INSTANT_PAYOUT_UNAVAILABLE' });
    assert.equal(await owedTo(backend), EARNED_MINOR);
    assert.deepEqual((await backend.db.collection('operatorTasks').get()).size, 0);
    await payTomorrow(backend);
    assert.equal(await owedTo(backend), 0);
    await assertSound(backend);
  });

  it('gives the fee back where the bank returns the payout', async () => {
    const { payoutId } = await request();
    backend.fake.settleBankPayout(payoutId, 'failed');
    await backend.deliverWebhooks();
    assert.equal(await owedTo(backend), EARNED_MINOR);
    await assert.rejects(request(), { reason: 'PAYOUT_FAILED', details: { failureCode: 'account_closed' } });
    await assertSound(backend);
  });

  it('sends the payout with its task where the provider does not respond', async () => {
    Object.defineProperty(backend.fake, 'payOut', {
      configurable: true,
      value: () => Promise.reject(Object.assign(new Error('down'), { type: 'StripeConnectionError' })),
    });
    assert.equal((await request()).status, 'pending');
    Reflect.deleteProperty(backend.fake, 'payOut');
    assert.equal((await request()).status, 'sent');
  });
});

describe('recordCourierPayment', () => {
  let backend: Backend;
  beforeEach(async () => void (backend = await aPaidCity()));
  afterEach(async () => {
    await assertSound(backend);
    await backend.close();
  });

  const record = (changes: object = {}, by = 'olga') =>
    backend.call('recordCourierPayment', by, {
      courierId: 'omar',
      currency: 'EUR',
      amountMinor: 400,
      reference: 'SEPA 17',
      idempotencyKey: 'payment-key-1',
      ...changes,
    });

  it('posts the amount from the bank, once for a key, with an audit entry', async () => {
    const first = await record();
    assert.deepEqual([first.availableMinor, first.replayed], [EARNED_MINOR - 400, false]);
    assert.deepEqual(await record(), { ...first, replayed: true });
    const { entries = [] } = (await paths.journal(backend.db, `payout-${first.payoutId}`).get()).data() ?? {};
    assert.deepEqual(entries, [
      { account: ACCOUNTS.courier('omar'), amountMinor: 400 },
      { account: ACCOUNTS.bank, amountMinor: -400 },
    ]);
    const audit = await backend.db.collection('audit').get();
    assert.deepEqual(
      audit.docs.map((one) => [one.get('action'), one.get('subject'), one.get('reason'), one.get('before')]),
      [['recordCourierPayment', `courierPayouts/${first.payoutId}`, 'SEPA 17', { availableMinor: EARNED_MINOR }]],
    );
  });

  it('is refused above what is available, and accepted for all of it', async () => {
    await assert.rejects(record({ amountMinor: EARNED_MINOR + 1 }), {
      reason: 'PAYMENT_TOO_LARGE',
      details: { availableMinor: EARNED_MINOR },
    });
    assert.equal((await record({ amountMinor: EARNED_MINOR })).availableMinor, 0);
  });

  it('is refused in a currency in which nothing is owed, and for an unknown courier', async () => {
    await assert.rejects(record({ currency: 'CHF' }), { reason: 'PAYMENT_TOO_LARGE', details: { availableMinor: 0 } });
    await assert.rejects(record({ courierId: 'carla' }), { reason: 'USER_NOT_FOUND' });
  });

  it('is refused to an operator who is the courier', async () => {
    backend.identity.add('olga', { role: 'operator' }, 'Olga');
    await assert.rejects(record({ courierId: 'olga' }), { reason: 'OTHER_OPERATOR_REQUIRED' });
  });

  it('pays a courier who is suspended', async () => {
    await backend.db.doc('couriers/omar').update({ approved: false });
    assert.equal((await record()).availableMinor, EARNED_MINOR - 400);
  });

  it('is owed again once it is returned, which is recorded once', async () => {
    const { payoutId } = await record();
    const back = (id = payoutId) => backend.call('returnCourierPayment', 'olga', { payoutId: id, reason: 'closed' });
    assert.deepEqual(await back(), { status: 'failed', replayed: false });
    assert.deepEqual(await back(), { status: 'failed', replayed: true });
    assert.equal(await owedTo(backend), EARNED_MINOR);
    const journal = (await paths.journal(backend.db, `return-${payoutId}`).get()).data();
    assert.equal(journal?.corrects, `payout-${payoutId}`);
    await assert.rejects(back('another-payout'), { reason: 'PAYOUT_NOT_FOUND' });
  });

  it('returns no payout of the provider by hand', async () => {
    const { payoutId } = await backend.ask('requestInstantPayout', 'omar', { idempotencyKey: 'instant-key-1' });
    await assert.rejects(backend.call('returnCourierPayment', 'olga', { payoutId, reason: 'closed' }), {
      reason: 'PAYOUT_NOT_FOUND',
    });
  });
});
