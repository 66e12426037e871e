import { strict as assert } from 'node:assert';
import { paths } from '#functions/platform/firestore.js';
import { reconcile } from '#functions/reconciliation/reconcile.js';
import type { Backend } from '#fixtures/backend.js';
import { aPaidCity, DAY, EARNED_MINOR, listPayouts, owedTo, payTomorrow } from '#fixtures/payouts.js';

describe('the nightly comparison of payouts to couriers with the provider', () => {
  let backend: Backend;
  let payoutId: string;
  beforeEach(async () => {
    backend = await aPaidCity();
    await payTomorrow(backend);
    payoutId = (await listPayouts(backend))[0]?.id ?? '';
    backend.fake.settleBankPayout(payoutId, 'paid');
    await backend.deliverWebhooks();
  });
  afterEach(() => backend.close());

  const drifts = async () => {
    await backend.advance(DAY);
    const reports = await reconcile(backend.ctx);
    return reports.flatMap((report) =>
      report.drifts.map(({ kind, orderId, oursMinor, theirsMinor, outcome }) => [
        kind,
        orderId,
        oursMinor,
        theirsMinor,
        outcome,
      ]),
    );
  };
  const transfer = () => {
    const found = backend.fake.courierTransfers.get(payoutId);
    assert.ok(found);
    return found;
  };

  it('finds nothing where all agree', async () => {
    assert.deepEqual(await drifts(), []);
    const { docs } = await backend.db.collection('operatorTasks').get();
    assert.deepEqual(docs, []);
  });

  it('finds nothing where a payout failed and was taken back', async () => {
    backend.fake.settleBankPayout(payoutId, 'failed');
    await backend.deliverWebhooks();
    assert.deepEqual(await drifts(), []);
  });

  it('creates a task for a transfer of another amount', async () => {
    backend.fake.courierTransfers.set(payoutId, { ...transfer(), amountMinor: EARNED_MINOR - 50 });
    const [first] = await drifts();
    assert.deepEqual(first, ['courier_transfer_mismatch', payoutId, EARNED_MINOR, EARNED_MINOR - 50, 'raised']);
  });

  it('creates a task for a transfer that no payout made', async () => {
    await backend.ctx.payments.transferToCourier({
      payoutId: 'by-hand',
      accountId: 'acct_omar',
      amountMinor: 100,
      currency: 'EUR',
    });
    assert.deepEqual(await drifts(), [['unknown_courier_transfer', 'by-hand', 0, 100, 'raised']]);
  });

  it('takes the transfer of a failed payout back, where that was lost', async () => {
    const { reverseTransfer } = backend.fake;
    Object.defineProperty(backend.fake, 'reverseTransfer', { configurable: true, value: () => Promise.resolve() });
    backend.fake.settleBankPayout(payoutId, 'failed');
    await backend.deliverWebhooks();
    Reflect.deleteProperty(backend.fake, 'reverseTransfer');
    assert.equal(backend.fake.reverseTransfer, reverseTransfer);
    assert.deepEqual(await drifts(), [['unknown_courier_transfer', payoutId, 0, EARNED_MINOR, 'repaired']]);
    assert.equal(transfer().isReversed, true);
    assert.equal(await owedTo(backend), EARNED_MINOR);
  });

  it('creates a task for a payout that no document has', async () => {
    await paths.courierPayout(backend.db, payoutId).delete();
    const found = await drifts();
    assert.deepEqual(found[0], ['unknown_courier_transfer', payoutId, 0, EARNED_MINOR, 'raised']);
    assert.ok(found.some(([kind, account]) => kind === 'account_differs' && account === 'stripe'));
  });

  it('sends a payout that was never sent', async () => {
    backend.fake.courierTransfers.delete(payoutId);
    backend.fake.bankPayouts.delete(payoutId);
    await paths.courierPayout(backend.db, payoutId).update({ status: 'pending', open: true, bankPayoutId: null });
    const [first] = await drifts();
    assert.deepEqual(first, ['missing_courier_transfer', payoutId, EARNED_MINOR, 0, 'repaired']);
    assert.equal((await listPayouts(backend))[0]?.status, 'sent');
  });
});
