import { strict as assert } from 'node:assert';
import type { Journal } from '#functions/contract/orders.js';
import { paths } from '#functions/platform/firestore.js';
import { reconcile } from '#functions/reconciliation/reconcile.js';
import { computeBalances } from '#simulator/invariants.js';
import type { Backend } from '#fixtures/backend.js';
import { assertSound, readBooks } from '#fixtures/books.js';
import { MINUTE } from '#fixtures/catalogue.js';
import { aCity } from '#fixtures/city.js';
import { Journey } from '#fixtures/journey.js';

const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** From Monday noon to three o'clock in the night. */
const TO_NIGHT = 15 * HOUR;

describe("the provider's fees", () => {
  let backend: Backend;
  beforeEach(async () => {
    backend = await aCity();
    // 1.5 % and 0.25 of 29.40.
    backend.fake.feeOf = (amountMinor) => Math.round(amountMinor * 0.015) + 25;
    await new Journey(backend).reach('completed');
  });
  afterEach(async () => {
    await assertSound(backend);
    await backend.close();
  });

  /** The report of the day that is over. */
  const night = async (ms = DAY) => {
    await backend.advance(ms);
    return (await reconcile(backend.ctx)).at(-1);
  };
  const fees = async (): Promise<Record<string, Journal['entries']>> => {
    const found = await paths.ledger(backend.db).where('kind', '==', 'fees').get();
    return Object.fromEntries(found.docs.map((one) => [one.id, one.data().entries]));
  };
  const account = async (name: string) => computeBalances(await readBooks(backend)).get(name) ?? 0;
  /** What the provider has. */
  const balance = () =>
    backend.fake.balance.reduce((sum, { amountMinor, feeMinor }) => sum + amountMinor - feeMinor, 0);
  const booked = (feesMinor: number) => [
    { account: 'providerFees', amountMinor: feesMinor },
    { account: 'stripe', amountMinor: -feesMinor },
  ];
  const tasks = async () => (await backend.db.collection('operatorTasks').get()).docs.map(({ id }) => id);

  it('are one journal per day, after which ledger and provider agree', async () => {
    assert.deepEqual([await account('stripe'), balance()], [1340, 1271]);
    await night(TO_NIGHT);
    assert.deepEqual(await fees(), { 'fees-2026-03-02-EUR': booked(69) });
    assert.deepEqual([await account('stripe'), balance()], [1271, 1271]);
  });

  it('are posted once, also when the nightly run is repeated', async () => {
    await night(TO_NIGHT);
    await backend.db.doc('reconciliations/2026-03-02').delete();
    await reconcile(backend.ctx);
    await night();
    assert.deepEqual(await fees(), { 'fees-2026-03-02-EUR': booked(69) });
  });

  it('that the provider lists late are another journal of the day, the next night', async () => {
    await night(TO_NIGHT);
    backend.fake.book('fee', 'EUR', -200, 0, backend.nowMs - 8 * HOUR);
    await night();
    assert.deepEqual(await fees(), { 'fees-2026-03-02-EUR': booked(69), 'fees-2026-03-02-EUR-2': booked(200) });
    assert.equal(await account('stripe'), balance());
  });

  it('are posted per currency, and a payout to the bank is no fee', async () => {
    backend.fake.book('fee', 'USD', -500);
    backend.fake.book('bank', 'EUR', -1000, 10);
    await night(TO_NIGHT);
    assert.deepEqual(await fees(), {
      'fees-2026-03-02-USD': booked(500),
      'fees-2026-03-02-EUR': [
        { account: 'providerFees', amountMinor: 79 },
        { account: 'bank', amountMinor: 1000 },
        { account: 'stripe', amountMinor: -1079 },
      ],
    });
    assert.equal(await account('bank'), 1000);
  });

  it('of a dispute are in its own journals', async () => {
    backend.fake.dispute('dp_1', 'order-1', {});
    backend.fake.dispute('dp_1', 'order-1', { providerMinor: -4440 });
    await backend.deliverWebhooks();
    await night(TO_NIGHT);
    assert.deepEqual(await fees(), { 'fees-2026-03-02-EUR': booked(69) });
    assert.equal(await account('stripe'), balance());
  });

  it('cost an order no operation: a nightly run writes one journal per currency', async () => {
    await new Journey(backend).reach('completed');
    await night(TO_NIGHT);
    assert.deepEqual(await fees(), { 'fees-2026-03-02-EUR': booked(138) });
  });

  describe('and a balance that differs', () => {
    it('for two nights becomes one operator task', async () => {
      backend.fake.book('other', 'EUR', -300);
      const first = await night(TO_NIGHT);
      assert.deepEqual(first?.balances, { EUR: { oursMinor: 1340, theirsMinor: 1040, differenceMinor: 300 } });
      assert.deepEqual([first?.drifts, await tasks()], [[], []]);
      const second = await night();
      assert.deepEqual(second?.drifts, [
        {
          kind: 'balance_mismatch',
          orderId: 'balance-EUR',
          providerId: null,
          oursMinor: 300,
          theirsMinor: 0,
          outcome: 'raised',
        },
      ]);
      await night();
      assert.deepEqual(await tasks(), ['balance-EUR-balance_mismatch']);
      // The report of a drift is what the invariants complain of.
      for (const day of ['03', '04']) await backend.db.doc(`reconciliations/2026-03-${day}`).delete();
    });

    it('at midnight only becomes none', async () => {
      backend.fake.book('other', 'EUR', -300);
      await night(TO_NIGHT);
      backend.fake.book('other', 'EUR', 300);
      const second = await night();
      assert.deepEqual([second?.balances?.['EUR']?.differenceMinor, second?.drifts, await tasks()], [0, [], []]);
    });

    it('because the provider listed something late agrees the night after', async () => {
      await night(TO_NIGHT);
      backend.fake.book('other', 'EUR', -300, 0, backend.nowMs - 8 * HOUR);
      const second = await night();
      assert.equal(second?.balances?.['EUR']?.differenceMinor, 300);
    });
  });
});
