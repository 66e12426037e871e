import { strict as assert } from 'node:assert';
import { closeMonths } from '#functions/ledger/close-months.js';
import { rollUpDays } from '#functions/ledger/roll-up-days.js';
import { toDayStartMs } from '#functions/ledger/model/days.js';
import { paths } from '#functions/platform/firestore.js';
import { reconcile } from '#functions/reconciliation/reconcile.js';
import type { Backend } from '#fixtures/backend.js';
import { aCity } from '#fixtures/city.js';
import { Journey } from '#fixtures/journey.js';

const HOUR = 3_600_000;

describe('a month of the ledger', () => {
  let backend: Backend;
  beforeEach(async () => void (backend = await aCity()));
  afterEach(() => backend.close());

  const until = (day: string) => backend.advance(toDayStartMs(day) + 3 * HOUR - backend.nowMs);
  const night = async () => {
    await rollUpDays(backend.ctx);
    await reconcile(backend.ctx);
    return closeMonths(backend.ctx);
  };
  /** An order of March, and the night that reconciles the last day of March. */
  const march = async () => {
    await new Journey(backend).reach('completed');
    await backend.deliverWebhooks();
    await until('2026-03-03');
    await night();
    await until('2026-04-01');
    await night();
  };
  const report = (month: string) => backend.call('monthReport', 'olga', { month });
  const line = async (month: string, account: string) => {
    const found = (await report(month)).lines.find((one) => one.account === account);
    return found && [found.openingMinor, found.moved, found.closingMinor];
  };

  it('is closed on the fourth day of the next one, once, with all that was earned, owed and paid', async () => {
    await march();
    await until('2026-04-03');
    assert.deepEqual(await night(), []);
    assert.equal((await report('2026-03')).closedAtMs, null);
    await until('2026-04-04');
    assert.deepEqual([await night(), await night()], [['2026-03'], []]);
    const { closedAtMs, csv } = await report('2026-03');
    assert.equal(closedAtMs, backend.nowMs);
    assert.deepEqual(await line('2026-03', 'commission'), [0, { settlement: 333 }, 333]);
    assert.deepEqual(await line('2026-03', 'restaurantTax:100000'), [0, { settlement: 200 }, 200]);
    assert.deepEqual(await line('2026-03', 'merchant'), [0, { settlement: 1600, payout: -1600 }, 0]);
    assert.deepEqual(await line('2026-03', 'courierCost'), [0, { settlement: 450 }, 450]);
    assert.ok(csv.includes('2026-03,EUR,liability,merchant,payout,-16.00\r\n'), csv);
  });

  it('balances: what the platform holds and spends is what it owes and earns', async () => {
    await march();
    const { lines } = await report('2026-03');
    const sum = (...natures: string[]) =>
      lines.filter((one) => natures.includes(one.nature)).reduce((total, one) => total + one.closingMinor, 0);
    assert.equal(sum('asset', 'expense'), sum('liability', 'income'));
    assert.ok(sum('asset', 'expense') > 0);
  });

  it('never changes: a refund of April is in April, with the balances of March at its beginning', async () => {
    await march();
    await until('2026-04-04');
    await night();
    const before = await report('2026-03');
    const refund = {
      liable: 'merchant' as const,
      reason: 'cold',
      to: 'card' as const,
      what: { type: 'whole' as const },
    };
    await backend.ask('refundOrder', 'olga', { ...refund, orderId: 'order-1', idempotencyKey: 'refund-key-1' });
    await backend.deliverWebhooks();
    await until('2026-04-05');
    await night();
    assert.deepEqual(await report('2026-03'), before);
    assert.deepEqual(await line('2026-04', 'commission'), [333, { refund: -333 }, 0]);
    assert.deepEqual(await line('2026-04', 'restaurantTax:100000'), [200, { refund: -200 }, 0]);
  });

  it('keeps its days when a journal is written into it by hand, and notifies an operator', async () => {
    await march();
    await until('2026-04-04');
    await night();
    const day = async () => (await paths.days(backend.db, 'books/platform').doc('2026-03-02').get()).data();
    const before = await day();
    const entries = [
      { account: 'stripe', amountMinor: 100 },
      { account: 'commission', amountMinor: -100 },
    ];
    const atMs = toDayStartMs('2026-03-02');
    const late = { orderId: null, kind: 'correction' as const, currency: 'EUR', atMs, entries };
    await paths.journal(backend.db, 'late').set(late);
    await rollUpDays(backend.ctx);
    assert.deepEqual(await day(), before);
    const task = (await paths.operatorTask(backend.db, 'late-journals-2026-03-02').get()).data();
    assert.deepEqual([task?.kind, task?.open], ['books_differ', true]);
  });

  it('stays open while its last day is not reconciled', async () => {
    await new Journey(backend).reach('completed');
    await until('2026-03-03');
    await night();
    await until('2026-04-12');
    await rollUpDays(backend.ctx);
    assert.deepEqual(await closeMonths(backend.ctx), []);
  });

  it('without a movement has no report, unlike one with', async () => {
    await march();
    assert.equal((await report('2026-03')).month, '2026-03');
    await assert.rejects(report('2026-02'), { reason: 'PERIOD_EMPTY' });
  });
});
