import { strict as assert } from 'node:assert';
import { toAccountId } from '#functions/ledger/model/account-id.js';
import type { DayBook } from '#functions/contract/books.js';
import type { Journal } from '#functions/contract/orders.js';
import { rollUpDays } from '#functions/ledger/roll-up-days.js';
import { paths } from '#functions/platform/firestore.js';
import type { Backend } from '#fixtures/backend.js';
import { assertSound } from '#fixtures/books.js';
import { MINUTE, START_MS } from '#fixtures/catalogue.js';
import { aCity } from '#fixtures/city.js';
import { Journey } from '#fixtures/journey.js';

const DAY = 24 * 60 * MINUTE;

async function daysOf({ db }: Backend, owner: string): Promise<DayBook[]> {
  return (await paths.days(db, owner).get()).docs.map((day) => day.data());
}

const merchantOn = (books: DayBook[], day: string) =>
  books.find((one) => one.day === day)?.currencies['EUR']?.books.merchant;

describe('rollUpDays', () => {
  let backend: Backend;
  beforeEach(async () => void (backend = await aCity()));
  afterEach(() => backend.close());

  const write = (id: string, atMs: number, amountMinor: number, kind: Journal['kind'] = 'settlement') =>
    paths.journal(backend.db, id).set({
      orderId: 'order-x',
      kind,
      currency: 'EUR',
      atMs,
      entries: [
        { account: 'stripe', amountMinor },
        { account: 'merchant:rosa', amountMinor: -amountMinor },
      ],
    });

  it('makes daily ledgers of delivered, cancelled and paid-out orders that agree with the ledger and the provider', async () => {
    await new Journey(backend).reach('completed');
    const cancelled = await new Journey(backend).reach('preparing');
    await cancelled.cancel('carla');
    await new Journey(backend).reach('delivered');
    await backend.advance(DAY);
    const dropped = await new Journey(backend).place();
    await dropped.cancel('carla');
    await new Journey(backend).reach('completed');
    await backend.advance(DAY);

    assert.deepEqual(await rollUpDays(backend.ctx), ['2026-03-02', '2026-03-03']);
    const rosa = await daysOf(backend, 'restaurants/rosa');
    // Three settled on Monday, all paid out by midnight; one on Tuesday.
    assert.deepEqual(merchantOn(rosa, '2026-03-02'), {
      openingMinor: 0,
      moved: { settlement: 4800, payout: -4800 },
      closingMinor: 0,
    });
    assert.deepEqual(rosa[0]?.currencies['EUR']?.sales, {
      fulfilled: 2,
      cancelled: 1,
      refunds: 0,
      grossMinor: 6000,
      includedTaxMinor: 0,
      discountMinor: 0,
      commissionMinor: 1200,
      taxMinor: 600,
      keptMinor: 0,
      riderMinor: 0,
    });
    assert.deepEqual(
      rosa.map(({ kitchen }) => kitchen?.orders),
      [2, 1],
    );
    assert.equal(
      rosa[0]?.kitchen?.items.reduce((sum, { grossMinor }) => sum + grossMinor, 0),
      4000,
    );
    assert.equal(merchantOn(rosa, '2026-03-03')?.moved.settlement, 1600);
    const [omar] = (await daysOf(backend, `ledgerAccounts/${toAccountId('omar')}`)).slice(-1);
    assert.equal(omar?.currencies['EUR']?.books.courier?.closingMinor, 3 * 650);

    const all = (await daysOf(backend, 'books/platform')).at(-1)?.currencies['EUR']?.books;
    const captured = [...backend.fake.intents.values()].reduce((sum, intent) => sum + intent.capturedMinor, 0);
    const transferred = [...backend.fake.transfers.values()].reduce((sum, one) => sum + one.amountMinor, 0);
    assert.equal(captured, 3 * 2940 + 2200);
    assert.equal(transferred, 4 * 1600);
    assert.equal(all?.stripe?.closingMinor, captured - transferred);
    assert.equal(all?.courier?.closingMinor, 3 * 650);
    await assertSound(backend);
  });

  for (const [liable, moved, keptMinor] of [
    ['merchant', { refund: -800, reversal: 800 }, 0],
    ['platform', {}, 800],
  ] as const) {
    it(`lowers the sales by a refund of the next day, at the cost of the ${liable}`, async () => {
      const { orderId } = await new Journey(backend).reach('completed');
      await backend.advance(DAY);
      const what = { type: 'lines' as const, lines: [{ line: 0, quantity: 1 }] };
      await backend.ask('refundOrder', 'olga', {
        orderId,
        idempotencyKey: 'refund-key-1',
        what,
        liable,
        reason: 'cold',
        to: 'card',
      });
      await backend.advance(DAY);
      await rollUpDays(backend.ctx);
      const { books, sales } = (await daysOf(backend, 'restaurants/rosa')).at(-1)?.currencies['EUR'] ?? {};
      assert.deepEqual(
        [books?.merchant?.moved ?? {}, sales],
        [
          moved,
          {
            fulfilled: 0,
            cancelled: 0,
            refunds: 1,
            grossMinor: -1000,
            includedTaxMinor: 0,
            discountMinor: 0,
            commissionMinor: -200,
            taxMinor: -100,
            keptMinor,
            riderMinor: 0,
          },
        ],
      );
      await assertSound(backend);
    });
  }

  it('leaves an order that cannot be read out of the items, and raises a task', async () => {
    await new Journey(backend).reach('completed');
    await new Journey(backend).reach('completed');
    await backend.db.doc('orders/order-1').update({ lines: 'none' });
    await backend.advance(DAY);
    await rollUpDays(backend.ctx);
    const [day] = await daysOf(backend, 'restaurants/rosa');
    assert.deepEqual([day?.kitchen?.orders, day?.currencies['EUR']?.sales?.fulfilled], [1, 2]);
    const tasks = await backend.db.collection('operatorTasks').where('path', '==', 'orders/order-1').get();
    assert.equal(tasks.empty, false);
  });

  it('writes nothing more when it runs again', async () => {
    await write('one', START_MS, 1600);
    await backend.advance(DAY);
    await rollUpDays(backend.ctx);
    await backend.billed();
    assert.deepEqual(await rollUpDays(backend.ctx), []);
    assert.equal((await backend.billed()).writes, 0);
  });

  it('leaves a day that has not ended to the next night', async () => {
    await write('one', START_MS, 1600);
    assert.deepEqual(await rollUpDays(backend.ctx), []);
    await backend.advance(DAY);
    assert.deepEqual(await rollUpDays(backend.ctx), ['2026-03-02']);
  });

  it('adds a late journal to its own day, and opens the days after it again', async () => {
    await write('monday', START_MS, 1600);
    await write('tuesday', START_MS + DAY, 700);
    await backend.advance(2 * DAY);
    await rollUpDays(backend.ctx);
    await write('late', START_MS + 1, 50);
    assert.deepEqual(await rollUpDays(backend.ctx), ['2026-03-02']);
    const rosa = await daysOf(backend, 'restaurants/rosa');
    assert.equal(merchantOn(rosa, '2026-03-02')?.closingMinor, 1650);
    assert.deepEqual(merchantOn(rosa, '2026-03-03'), {
      openingMinor: 1650,
      moved: { settlement: 700 },
      closingMinor: 2350,
    });
  });

  it('catches up on nights that were missed', async () => {
    await write('monday', START_MS, 1600);
    await write('friday', START_MS + 4 * DAY, -600, 'payout');
    await backend.advance(20 * DAY);
    assert.deepEqual(await rollUpDays(backend.ctx), ['2026-03-02', '2026-03-06']);
    assert.equal(merchantOn(await daysOf(backend, 'restaurants/rosa'), '2026-03-06')?.closingMinor, 1000);
  });

  it('continues after a run that died at any point, with the same daily ledgers', async () => {
    await write('monday', START_MS, 1600);
    await write('tuesday', START_MS + DAY, 700);
    await backend.advance(2 * DAY);
    const { passed } = await backend.conduct.process(0, () => rollUpDays(backend.ctx));
    const whole = await backend.dump();
    for (let dieAt = 1; dieAt <= passed; dieAt += 7) {
      for (const owner of ['restaurants/rosa', 'books/platform'])
        for (const day of await paths.days(backend.db, owner).listDocuments()) await day.delete();
      await backend.conduct.process(dieAt, () => rollUpDays(backend.ctx));
      await rollUpDays(backend.ctx);
      assert.deepEqual(await backend.dump(), whole);
    }
  });

  it('reads a day of many pages', async () => {
    const batches = Array.from({ length: 3 }, (_, page) => page);
    for (const page of batches) {
      const batch = backend.db.batch();
      for (let index = 0; index < 400; index += 1)
        batch.set(paths.journal(backend.db, `many-${page}-${index}`), {
          orderId: null,
          kind: 'settlement',
          currency: 'EUR',
          atMs: START_MS,
          entries: [
            { account: 'stripe', amountMinor: 1 },
            { account: 'merchant:rosa', amountMinor: -1 },
          ],
        });
      await batch.commit();
    }
    await backend.advance(DAY);
    await rollUpDays(backend.ctx);
    const rosa = await daysOf(backend, 'restaurants/rosa');
    assert.deepEqual([rosa[0]?.journals, merchantOn(rosa, '2026-03-02')?.closingMinor], [1200, 1200]);
  });
});
