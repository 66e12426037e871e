import { strict as assert } from 'node:assert';
import { payCouriers } from '#functions/payouts/pay-couriers.js';
import type { Backend } from '#fixtures/backend.js';
import { aPaidCity, EARNED_MINOR, listPayouts, owedTo, payTomorrow } from '#fixtures/payouts.js';

describe('payCouriers', () => {
  let backend: Backend;
  beforeEach(async () => void (backend = await aPaidCity()));
  afterEach(() => backend.close());

  it('pays what a courier is owed, once for the day', async () => {
    assert.equal(await owedTo(backend), EARNED_MINOR);
    await payTomorrow(backend);
    await payCouriers(backend.ctx);
    const [payout, ...more] = await listPayouts(backend);
    assert.deepEqual(more, []);
    assert.deepEqual([payout?.status, payout?.amountMinor, payout?.open], ['sent', EARNED_MINOR, false]);
    assert.equal(await owedTo(backend), 0);
    backend.fake.settleBankPayout(payout?.id ?? '', 'paid');
    await backend.deliverWebhooks();
    assert.equal((await listPayouts(backend))[0]?.status, 'paid');
  });

  it('owes the courier again what the bank returned, and pays it with the next run', async () => {
    await payTomorrow(backend);
    const [first] = await listPayouts(backend);
    backend.fake.settleBankPayout(first?.id ?? '', 'paid');
    await backend.deliverWebhooks();
    backend.fake.settleBankPayout(first?.id ?? '', 'failed');
    await backend.deliverWebhooks();
    assert.deepEqual(
      (await listPayouts(backend)).map((one) => [one.status, one.failureCode, one.open]),
      [['failed', 'account_closed', false]],
    );
    assert.equal(await owedTo(backend), EARNED_MINOR);
    await payTomorrow(backend);
    assert.deepEqual(
      (await listPayouts(backend)).map((one) => one.status),
      ['failed', 'sent'],
    );
    assert.equal(await owedTo(backend), 0);
  });
});
