import { strict as assert } from 'node:assert';
import { rollUpDays } from '#functions/ledger/roll-up-days.js';
import type { Backend } from '#fixtures/backend.js';
import { Journey } from '#fixtures/journey.js';
import { aPaidCity, DAY, EARNED_MINOR, payTomorrow } from '#fixtures/payouts.js';

describe('courierStatement and courierBalance', () => {
  let backend: Backend;
  /** Monday: an order by card. Tuesday: one in cash, then a payout that sets the cash off; on Wednesday it fails. */
  before(async () => {
    backend = await aPaidCity();
    await backend.advance(DAY);
    const cash = await new Journey(backend).place({ card: null, cart: { paymentMethod: 'cash', tipPpm: 0 } });
    await cash.reach('completed');
    await backend.call('recordCashDeposit', 'olga', {
      courierId: 'omar',
      amountMinor: ((await backend.courier('omar')).cashMinor ?? 0) - 100,
      idempotencyKey: 'deposit-key-1',
    });
    await payTomorrow(backend);
    const [payout] = (await backend.db.collection('courierPayouts').get()).docs;
    backend.fake.settleBankPayout(payout?.id ?? '', 'failed');
    await backend.deliverWebhooks();
  });
  after(() => backend.close());

  const ask = (fromDay: string, toDay: string, uid = 'omar', courierId?: string) =>
    backend.call('courierStatement', uid, { fromDay, toDay, ...(courierId !== undefined && { courierId }) });

  it('lists every change between the balances of the ledger', async () => {
    const { balances, lines } = await ask('2026-03-02', '2026-03-04');
    const rideMinor = lines.find((one) => one.type === 'ride')?.amountMinor ?? 0;
    assert.deepEqual(
      lines.map((one) => [one.day, one.account, one.type]),
      [
        ['2026-03-02', 'pay', 'ride'],
        ['2026-03-02', 'pay', 'tip'],
        ['2026-03-03', 'pay', 'ride'],
        ['2026-03-03', 'cash', 'collected'],
        ['2026-03-03', 'cash', 'deposit'],
        ['2026-03-04', 'pay', 'payout'],
        ['2026-03-04', 'pay', 'returnedPayout'],
        ['2026-03-04', 'pay', 'setOff'],
        ['2026-03-04', 'cash', 'setOff'],
      ].toSorted((a, b) => (a[0] ?? '').localeCompare(b[0] ?? '')),
    );
    assert.deepEqual(balances, [
      {
        currency: 'EUR',
        openingMinor: 0,
        closingMinor: EARNED_MINOR + rideMinor - 100,
        cashOpeningMinor: 0,
        cashClosingMinor: 0,
      },
    ]);
  });

  for (const isRolledUp of [false, true])
    it(`sums to the ledger's balances for any days, ${isRolledUp ? 'after' : 'before'} the nightly summaries`, async () => {
      if (isRolledUp) await rollUpDays(backend.ctx);
      for (const [fromDay, toDay] of [
        ['2026-03-02', '2026-03-02'],
        ['2026-03-03', '2026-03-03'],
        ['2026-03-03', '2026-03-04'],
        ['2026-03-04', '2026-03-04'],
        ['2026-03-02', '2026-03-10'],
      ] as const) {
        const { balances, lines } = await ask(fromDay, toDay);
        const total = (account: 'pay' | 'cash') =>
          lines.filter((one) => one.account === account).reduce((sum, { amountMinor }) => sum + amountMinor, 0);
        const [euro] = balances;
        assert.equal((euro?.openingMinor ?? 0) + total('pay'), euro?.closingMinor, `${fromDay} ${toDay}`);
        assert.equal((euro?.cashOpeningMinor ?? 0) + total('cash'), euro?.cashClosingMinor, `${fromDay} ${toDay}`);
      }
    });

  it('closes with what the balance shows as owed and carried', async () => {
    const { balances } = await ask('2026-03-02', '2026-03-04');
    const { balances: now, ...rest } = await backend.call('courierBalance', 'omar', {});
    assert.deepEqual(rest, { method: 'provider', isSuspended: false });
    assert.deepEqual(now, [
      {
        currency: 'EUR',
        owedMinor: balances[0]?.closingMinor,
        heldMinor: 0,
        cashMinor: 0,
        underWayMinor: 0,
        availableMinor: balances[0]?.closingMinor,
      },
    ]);
  });

  it('is for operators as well, and not for another courier', async () => {
    backend.identity.add('omar-2', { role: 'courier' }, 'Omar 2');
    assert.deepEqual(await ask('2026-03-02', '2026-03-04', 'olga', 'omar'), await ask('2026-03-02', '2026-03-04'));
    await assert.rejects(ask('2026-03-02', '2026-03-04', 'omar-2', 'omar'), { reason: 'USER_NOT_FOUND' });
    await assert.rejects(backend.call('courierBalance', 'omar-2', { courierId: 'omar' }), { reason: 'USER_NOT_FOUND' });
  });

  it('has up to 31 days', async () => {
    await ask('2026-03-01', '2026-03-31');
    for (const [from, to] of [
      ['2026-03-01', '2026-04-01'],
      ['2026-03-02', '2026-03-01'],
    ] as const)
      await assert.rejects(ask(from, to), { reason: 'PERIOD_INVALID', details: { maxDays: 31 } });
  });

  it('shows pay that is held and payouts under way apart from what is owed', async () => {
    const other = await aPaidCity();
    await other.ask('requestInstantPayout', 'omar', { idempotencyKey: 'instant-key-1' });
    const { balances } = await other.call('courierBalance', 'omar', {});
    assert.deepEqual(balances, [
      {
        currency: 'EUR',
        owedMinor: 0,
        heldMinor: 0,
        cashMinor: 0,
        underWayMinor: EARNED_MINOR - 50,
        availableMinor: 0,
      },
    ]);
    await other.close();
  });
});
