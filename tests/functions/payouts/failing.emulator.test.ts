import { strict as assert } from 'node:assert';
import { ACCOUNTS } from '#functions/ledger/model/chart.js';
import { paths } from '#functions/platform/firestore.js';
import { PayoutRefused, type PaymentEvent } from '#functions/payments/payments.js';
import { reconcile } from '#functions/reconciliation/reconcile.js';
import type { Backend } from '#fixtures/backend.js';
import { assertSound } from '#fixtures/books.js';
import { MINUTE } from '#fixtures/catalogue.js';
import { aPaidCity, DAY, EARNED_MINOR, listPayouts, owedTo, payTomorrow } from '#fixtures/payouts.js';

const taskIds = async ({ db }: Backend) => (await db.collection('operatorTasks').get()).docs.map(({ id }) => id);
const inbox = async ({ db }: Backend) =>
  (await db.collection('users/omar/inbox').get()).docs.map((one) => String(one.get('key'))).toSorted();

describe('a payout of a courier', () => {
  let backend: Backend;
  let payoutId: string;
  beforeEach(async () => {
    backend = await aPaidCity();
    await payTomorrow(backend);
    payoutId = (await listPayouts(backend))[0]?.id ?? '';
  });
  afterEach(async () => {
    await assertSound(backend);
    await backend.close();
  });

  const settle = async (status: 'paid' | 'failed') => {
    backend.fake.settleBankPayout(payoutId, status);
    await backend.deliverWebhooks();
  };
  const states = async () =>
    (await listPayouts(backend)).map(({ status, failureCode, open }) => [status, failureCode, open]);
  const eventOf = (type: string): PaymentEvent => ({
    id: `evt_${type}`,
    type,
    intentId: null,
    accountId: 'acct_omar',
    bankPayoutId: `po_${payoutId}`,
  });

  it('is paid when the bank has it, of which the courier is notified once', async () => {
    await settle('paid');
    await backend.webhook(eventOf('payout.paid'));
    assert.deepEqual(await states(), [['paid', null, false]]);
    assert.deepEqual(await inbox(backend), ['courier_paid']);
    assert.equal(await owedTo(backend), 0);
  });

  it('is owed again when the bank fails it, by a journal that names the corrected one', async () => {
    await settle('failed');
    assert.deepEqual(await states(), [['failed', 'account_closed', false]]);
    assert.equal(await owedTo(backend), EARNED_MINOR);
    const journal = (await paths.journal(backend.db, `return-${payoutId}`).get()).data();
    assert.deepEqual([journal?.kind, journal?.corrects], ['correction', `payout-${payoutId}`]);
    assert.deepEqual(journal?.entries, [
      { account: ACCOUNTS.courier('omar'), amountMinor: -EARNED_MINOR },
      { account: ACCOUNTS.provider, amountMinor: EARNED_MINOR },
    ]);
    assert.deepEqual(await inbox(backend), ['courier_payout_failed']);
    assert.deepEqual(await taskIds(backend), [`courier-payout-${payoutId}`]);
    assert.equal(backend.fake.moved.at(-1), `take back ${payoutId}`);
  });

  it('is owed again when the bank returns it after it was paid, and paid by the next run under another id', async () => {
    await settle('paid');
    await settle('failed');
    assert.deepEqual(await inbox(backend), ['courier_paid', 'courier_payout_failed']);
    assert.equal(await owedTo(backend), EARNED_MINOR);
    await payTomorrow(backend);
    assert.deepEqual(await states(), [
      ['failed', 'account_closed', false],
      ['sent', null, false],
    ]);
    assert.equal(await owedTo(backend), 0);
  });

  it('ends the same when events are lost, doubled and out of order', async () => {
    backend.fake.settleBankPayout(payoutId, 'paid');
    backend.fake.settleBankPayout(payoutId, 'failed');
    backend.fake.events = [];
    for (const type of ['payout.failed', 'payout.paid', 'payout.failed', 'payout.updated'])
      assert.equal((await backend.webhook(eventOf(type))).status, 200);
    assert.deepEqual(await states(), [['failed', 'account_closed', false]]);
    assert.equal(await owedTo(backend), EARNED_MINOR);
    assert.deepEqual(await inbox(backend), ['courier_payout_failed']);
    assert.equal(backend.fake.moved.filter((one) => one.startsWith('take back')).length, 1);
  });

  it('is followed by the reconciliation where all events were lost', async () => {
    backend.fake.settleBankPayout(payoutId, 'paid');
    backend.fake.events = [];
    await backend.advance(DAY + MINUTE);
    await reconcile(backend.ctx);
    assert.deepEqual(await states(), [['paid', null, false]]);
    assert.deepEqual(await taskIds(backend), []);
  });

  it('is a drift where it has no end for two weeks', async () => {
    await backend.advance(13 * DAY);
    await reconcile(backend.ctx);
    assert.deepEqual(await taskIds(backend), []);
    await backend.advance(DAY);
    const reports = await reconcile(backend.ctx);
    assert.deepEqual(
      reports.flatMap(({ drifts }) => drifts.map(({ kind, orderId, outcome }) => [kind, orderId, outcome])),
      [['endless_payout', payoutId, 'raised']],
    );
    await backend.db
      .collection('reconciliations')
      .get()
      .then((all) => Promise.all(all.docs.map(({ ref }) => ref.delete())));
  });

  it('ignores events of payouts that the backend did not make, and of another account', async () => {
    backend.fake.bankPayouts.set('by-hand', {
      bankPayoutId: 'po_by_hand',
      payoutId: null,
      accountId: 'acct_omar',
      status: 'paid',
      amountMinor: 100,
      currency: 'EUR',
      failureCode: null,
      arrivesAtMs: null,
    });
    const answer = await backend.webhook({ ...eventOf('payout.paid'), bankPayoutId: 'po_by_hand' });
    assert.equal(answer.status, 200);
    backend.fake.bankPayouts.set('of-another', {
      bankPayoutId: 'po_of_another',
      payoutId,
      accountId: 'acct_other',
      status: 'failed',
      amountMinor: EARNED_MINOR,
      currency: 'EUR',
      failureCode: 'account_closed',
      arrivesAtMs: null,
    });
    const other = { ...eventOf('payout.failed'), accountId: 'acct_other', bankPayoutId: 'po_of_another' };
    assert.equal((await backend.webhook(other)).status, 200);
    backend.fake.bankPayouts.delete('of-another');
    assert.deepEqual(await states(), [['sent', null, false]]);
  });

  it('ignores another payout of the account that names it', async () => {
    const own = backend.fake.bankPayouts.get(payoutId);
    assert.ok(own);
    backend.fake.bankPayouts.set('second', { ...own, bankPayoutId: 'po_second', status: 'failed' });
    assert.equal((await backend.webhook({ ...eventOf('payout.failed'), bankPayoutId: 'po_second' })).status, 200);
    backend.fake.bankPayouts.delete('second');
    assert.deepEqual(await states(), [['sent', null, false]]);
    await settle('failed');
    assert.deepEqual(await states(), [['failed', 'account_closed', false]]);
  });
});

/** An outage as the provider's SDK reports it. */
const outage = () => Object.assign(new Error('no connection'), { type: 'StripeConnectionError' });

/** Lets one call of the provider fail until the returned function is called. */
function failWith({ fake }: Backend, call: 'transferToCourier' | 'payOut', error: Error): () => void {
  Object.defineProperty(fake, call, { configurable: true, value: () => Promise.reject(error) });
  return () => void Reflect.deleteProperty(fake, call);
}

describe('a payout of a courier that the provider does not make', () => {
  let backend: Backend;
  beforeEach(async () => void (backend = await aPaidCity()));
  afterEach(() => backend.close());

  for (const code of ['balance', 'account', 'other'] as const)
    it(`is owed again when it is refused at once: ${code}`, async () => {
      const recover = failWith(backend, 'payOut', new PayoutRefused(code));
      await payTomorrow(backend);
      recover();
      const [payout] = await listPayouts(backend);
      assert.deepEqual([payout?.status, payout?.failureCode, payout?.open], ['failed', code, false]);
      assert.equal(await owedTo(backend), EARNED_MINOR);
      assert.deepEqual(await taskIds(backend), [`courier-payout-${payout?.id}`]);
      await payTomorrow(backend);
      assert.equal(await owedTo(backend), 0);
      await assertSound(backend);
    });

  for (const call of ['transferToCourier', 'payOut'] as const)
    it(`is sent by its task once the provider responds again: ${call}`, async () => {
      const recover = failWith(backend, call, outage());
      await payTomorrow(backend);
      assert.deepEqual(
        (await listPayouts(backend)).map(({ status, open }) => [status, open]),
        [['pending', true]],
      );
      assert.equal(await owedTo(backend), 0);
      recover();
      await backend.advance(MINUTE);
      assert.deepEqual(
        (await listPayouts(backend)).map(({ status, open }) => [status, open]),
        [['sent', false]],
      );
      await assertSound(backend);
    });

  it('becomes an operator task after the last try, and is sent by the reconciliation', async () => {
    const recover = failWith(backend, 'transferToCourier', outage());
    await payTomorrow(backend);
    await backend.advance(3 * 60 * MINUTE);
    const [payout] = await listPayouts(backend);
    assert.deepEqual(await taskIds(backend), [`courier-payout-${payout?.id}`]);
    recover();
    await backend.advance(DAY);
    const reports = await reconcile(backend.ctx);
    assert.deepEqual(
      reports.flatMap(({ drifts }) => drifts.map(({ kind, outcome }) => [kind, outcome])),
      [['missing_courier_transfer', 'repaired']],
    );
    assert.equal((await listPayouts(backend))[0]?.status, 'sent');
  });
});
