import { strict as assert } from 'node:assert';
import type { Backend } from '#fixtures/backend.js';
import { MINUTE } from '#fixtures/catalogue.js';
import { aCity } from '#fixtures/city.js';
import { Journey } from '#fixtures/journey.js';

const DAY = 24 * 60 * MINUTE;
const MONDAY = { restaurantId: 'rosa', fromDay: '2026-03-02', toDay: '2026-03-02' };

describe('payoutsReport', () => {
  let backend: Backend;
  let orders: string[];
  const ask = (uid: string, input: unknown = MONDAY) => backend.call('payoutsReport', uid, input);
  const refusesWith = (reason: string, asked: Promise<unknown>) =>
    assert.rejects(asked, (error: unknown) => error instanceof Error && error.message === reason);

  before(async () => {
    backend = await aCity();
    const done = [await new Journey(backend).reach('completed'), await new Journey(backend).reach('completed')];
    await backend.advance(DAY);
    done.push(await new Journey(backend).reach('completed'));
    orders = done.map(({ orderId }) => orderId);
    backend.identity.add('kim', { merchant: { rosa: 'kitchen' } }, 'Kim');
    await backend.db.doc('restaurants/rosa/members/kim').set({ role: 'kitchen', displayName: 'Kim', addedAtMs: 0 });
  });
  after(() => backend.close());

  it('lists each payout of the days beside its transfer, agrees to the cent, and is available as CSV', async () => {
    const [first, second] = orders;
    const line = { day: '2026-03-02', amountMinor: 1600, currency: 'EUR', transferredMinor: 1600 };
    const { payouts, totals, csv } = await ask('mario');
    assert.deepEqual(payouts, [
      { ...line, orderId: first, transferId: `tr_${first}` },
      { ...line, orderId: second, transferId: `tr_${second}` },
    ]);
    assert.deepEqual(totals, { EUR: { paidOutMinor: 3200, transferredMinor: 3200 } });
    assert.equal(
      csv,
      'day,order,currency,amount,transfer,transferred\r\n' +
        `2026-03-02,${first},EUR,16.00,tr_${first},16.00\r\n2026-03-02,${second},EUR,16.00,tr_${second},16.00\r\n`,
    );
  });

  it('includes every day from the first to the last', async () => {
    const { payouts } = await ask('mario', { ...MONDAY, toDay: '2026-03-03' });
    assert.deepEqual(
      payouts.map(({ orderId }) => orderId),
      orders,
    );
  });

  it('agrees after a refund: both sides are less what was taken back', async () => {
    const [first = ''] = orders;
    await backend.call('refundOrder', 'olga', {
      orderId: first,
      idempotencyKey: 'refund-key-1',
      what: { type: 'lines', lines: [{ line: 0, quantity: 1 }] },
      liable: 'merchant',
      to: 'card',
      reason: 'cold',
    });
    const { payouts, totals } = await ask('mario');
    assert.deepEqual([payouts[0]?.amountMinor, payouts[0]?.transferredMinor], [800, 800]);
    assert.deepEqual(totals, { EUR: { paidOutMinor: 2400, transferredMinor: 2400 } });
  });

  it('shows a transfer that is missing', async () => {
    const kept = backend.fake.transfers.get(orders[0] ?? '');
    backend.fake.transfers.delete(orders[0] ?? '');
    const { payouts, totals } = await ask('olga');
    assert.deepEqual([payouts[0]?.transferId, payouts[0]?.transferredMinor], [null, 0]);
    assert.deepEqual(totals, { EUR: { paidOutMinor: 2400, transferredMinor: 1600 } });
    if (kept) backend.fake.transfers.set(kept.orderId, kept);
  });

  it('is for owners, managers and operators: not for the kitchen, nor for another owner', async () => {
    assert.equal((await ask('olga')).payouts.length, 2);
    await refusesWith('ROLE_NOT_ALLOWED', ask('kim'));
    await refusesWith('RESTAURANT_NOT_FOUND', ask('lena'));
    await refusesWith('ROLE_REQUIRED', ask('carla'));
  });

  it('covers 31 days, not 32, and none backwards', async () => {
    const { payouts } = await ask('mario', { ...MONDAY, toDay: '2026-04-01' });
    assert.equal(payouts.length, 3);
    await refusesWith('PERIOD_INVALID', ask('mario', { ...MONDAY, toDay: '2026-04-02' }));
    await refusesWith('PERIOD_INVALID', ask('mario', { ...MONDAY, toDay: '2026-03-01' }));
    await refusesWith('INPUT_INVALID', ask('mario', { ...MONDAY, toDay: '2026-02-30' }));
    const heapBytes = process.memoryUsage().heapUsed;
    await refusesWith('PERIOD_INVALID', ask('mario', { ...MONDAY, fromDay: '0001-01-01', toDay: '9999-12-31' }));
    assert.ok(process.memoryUsage().heapUsed - heapBytes < 50e6, 'no list of 3.65 million days');
  });

  it('asks the provider for a week more than its days, also for the last one that a date can name', async () => {
    const list = backend.fake.listTransfers.bind(backend.fake);
    const ends: number[] = [];
    backend.fake.listTransfers = (part) => {
      ends.push(part.untilMs);
      return list(part);
    };
    for (const day of ['9999-12-23', '9999-12-31'])
      assert.deepEqual((await ask('mario', { ...MONDAY, fromDay: day, toDay: day })).payouts, []);
    backend.fake.listTransfers = list;
    assert.deepEqual(ends, [Date.UTC(9999, 11, 31), Date.UTC(10_000, 0, 8)]);
  });
});
