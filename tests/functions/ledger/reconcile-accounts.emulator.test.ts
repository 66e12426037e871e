import { strict as assert } from 'node:assert';
import type { Journal } from '#functions/contract/orders.js';
import { ACCOUNTS } from '#functions/ledger/model/chart.js';
import { addDays, toUtcDay, toDayStartMs } from '#functions/ledger/model/days.js';
import { rollUpDays } from '#functions/ledger/roll-up-days.js';
import { paths } from '#functions/platform/firestore.js';
import { reconcile } from '#functions/reconciliation/reconcile.js';
import type { Backend } from '#fixtures/backend.js';
import { MINUTE } from '#fixtures/catalogue.js';
import { runLedgerScenario } from '#fixtures/ledger-scenario.js';

const CLASSES = [
  'stripe',
  'restaurantTax:100000',
  'platformTax:200000',
  'commission',
  'deliveryFees',
  'serviceFees',
  'courierCost',
  'refundLosses',
  'orderLosses',
  'disputeLosses',
  'withheldPay',
  'promotions',
  'rounding',
  'disputed',
  'merchant',
  'courier',
  'credit',
  'cash',
  'held',
  'heldMerchant',
];

/** Three hours into the next day. */
const nightAfterMs = (atMs: number) => toDayStartMs(addDays(toUtcDay(atMs), 1)) + 180 * MINUTE;

/** Refuses one document, with a gRPC status code. */
function refuse(backend: Backend, refusedPath: string, code: number): void {
  const { db } = backend;
  const doc = db.doc.bind(db);
  db.doc = (path) => {
    if (path === refusedPath) throw Object.assign(new Error('refused'), { code });
    return doc(path);
  };
}

describe('the nightly comparison of accounts with their documents', () => {
  let scenario: Backend;
  let backend: Backend;
  before(async () => void (scenario = await runLedgerScenario()));
  beforeEach(async () => void (backend = await scenario.copy()));
  afterEach(() => backend.close());
  after(() => scenario.close());

  /**
   * Runs the nightly comparison after the last order: returns each account that differs, with its balance and the sum
   * of its documents.
   */
  const differing = async () => {
    await backend.advance(nightAfterMs(backend.nowMs) - backend.nowMs);
    await rollUpDays(backend.ctx);
    const reports = await reconcile(backend.ctx);
    const drifts = reports.flatMap((report) => report.drifts).filter(({ kind }) => kind === 'account_differs');
    return drifts.map(({ account, oursMinor, theirsMinor }) => `${account} ${oursMinor} ${theirsMinor}`);
  };
  const tasks = async () =>
    (await backend.db.collection('operatorTasks').where('kind', '==', 'books_differ').get()).docs.map((one) => one.id);
  const move = (from: string, to: string, orderId: string | null) => {
    const entries = [
      { account: from, amountMinor: -100 },
      { account: to, amountMinor: 100 },
    ];
    const journal: Journal = { orderId, kind: 'correction', currency: 'EUR', atMs: backend.nowMs, entries };
    return paths.journal(backend.db, 'moved').set(journal);
  };
  /** An account of each class, and an order that has it. */
  const placesOf = async () => {
    const journals = (await paths.ledger(backend.db).get()).docs.map((one) => one.data());
    return CLASSES.map((name) => {
      const isOf = ({ account }: { account: string }) => account === name || account.startsWith(`${name}:`);
      const own = journals.find(({ orderId, entries }) => orderId && entries.some(isOf));
      const account = own?.entries.find(isOf)?.account;
      assert.ok(account, `no journal of an order has ${name}`);
      return account;
    });
  };

  it('finds nothing where all agree', async () => {
    assert.deepEqual([await differing(), await tasks()], [[], []]);
  });

  it('finds 100 moved from any class of accounts to the next, order by order', async () => {
    const accounts = await placesOf();
    for (const [index, from] of accounts.entries()) {
      const to = accounts[(index + 1) % accounts.length] ?? '';
      await move(from, to, 'order-1');
      const found = await differing();
      for (const account of [from, to])
        assert.ok(
          found.some((one) => one.startsWith(`${account} `)),
          `${from} to ${to}: ${found.join()}`,
        );
      await paths.journal(backend.db, 'moved').delete();
    }
    assert.ok((await tasks()).length >= accounts.length);
  });

  it('finds cash that a courier carries without a journal', async () => {
    const { cashMinor = 0 } = await backend.courier('omar');
    await backend.db.doc('couriers/omar').update({ cashMinor: cashMinor + 100 });
    assert.deepEqual(await differing(), [`${ACCOUNTS.cash('omar')} ${cashMinor} ${cashMinor + 100}`]);
    assert.deepEqual(await tasks(), [`${ACCOUNTS.cash('omar')}-account_differs`]);
  });

  it('finds cash with another currency in the ledger, though the sum is the same', async () => {
    const { cashMinor = 0 } = await backend.courier('omar');
    const entries = [
      { account: ACCOUNTS.cash('omar'), amountMinor: 100 },
      { account: ACCOUNTS.bank, amountMinor: -100 },
    ];
    const journal: Journal = { orderId: null, kind: 'correction', currency: 'CHF', atMs: backend.nowMs, entries };
    await paths.journal(backend.db, 'francs').set(journal);
    await backend.db.doc('couriers/omar').update({ cashMinor: cashMinor + 100 });
    const found = await differing();
    const cash = found.filter((one) => one.startsWith(ACCOUNTS.cash('omar')));
    const expected = [`${ACCOUNTS.cash('omar')} 100 0`, `${ACCOUNTS.cash('omar')} ${cashMinor} ${cashMinor + 100}`];
    assert.deepEqual(cash.slice(-2).toSorted(), expected.toSorted());
  });

  it('finds cash that the ledger moved to the bank without the courier', async () => {
    const { cashMinor = 0 } = await backend.courier('omar');
    await move(ACCOUNTS.cash('omar'), ACCOUNTS.bank, null);
    const ofDay = ['bank 1000 900', `${ACCOUNTS.cash('omar')} -3050 -2950`];
    assert.deepEqual(await differing(), [...ofDay, `${ACCOUNTS.cash('omar')} ${cashMinor - 100} ${cashMinor}`]);
  });

  it('finds 100 that left the bank, and credit that was given, without an operator', async () => {
    await move(ACCOUNTS.bank, ACCOUNTS.goodwill, null);
    const found = await differing();
    assert.ok(found.includes('bank 800 900'), found.join());
    await move(ACCOUNTS.credit('nina'), ACCOUNTS.goodwill, null);
    assert.ok((await differing()).includes(`${ACCOUNTS.credit('nina')} -100 0`));
  });

  it('finds 100 of a payout to a courier that the payouts do not have', async () => {
    await move(ACCOUNTS.payoutFees, ACCOUNTS.courier('omar'), null);
    const found = await differing();
    for (const account of [ACCOUNTS.payoutFees, ACCOUNTS.courier('omar')])
      assert.ok(
        found.some((one) => one.startsWith(`${account} `)),
        found.join(),
      );
  });

  it('finds nothing in credit that was granted to a customer without an order', async () => {
    await backend.ask('grantCredit', 'olga', {
      uid: 'nina',
      currency: 'EUR',
      amountMinor: 500,
      reason: 'welcome',
      idempotencyKey: 'grant-key-9',
    });
    assert.deepEqual(await differing(), []);
  });

  it('finds nothing where a customer with granted credit was deleted', async () => {
    await backend.ask('grantCredit', 'olga', {
      uid: 'nina',
      currency: 'EUR',
      amountMinor: 500,
      reason: 'welcome',
      idempotencyKey: 'grant-key-9',
    });
    backend.signIn('nina');
    await backend.call('deleteMyAccount', 'nina', {});
    assert.deepEqual(await differing(), []);
  });

  it('finds credit that a customer may spend and the ledger does not have', async () => {
    const standing = paths.standing(backend.db, 'carla');
    const spendableMinor = (await standing.get()).data()?.credits['EUR'] ?? 0;
    await standing.update({ 'credits.EUR': spendableMinor + 100 });
    assert.deepEqual(await differing(), [`${ACCOUNTS.credit('carla')} ${-spendableMinor} ${-spendableMinor - 100}`]);
  });

  for (const [orderId, account] of [
    ['order-1', 'gift:abc'],
    ['order-1', 'gift/abc'],
    ['order-1', 'merchant:a/b'],
    [null, 'gift/abc'],
    [null, `gift:${'a'.repeat(195)}`],
  ] as const)
    it(`is done with a day with a journal of another version: account ${account.slice(0, 12)} of ${orderId}`, async () => {
      await move(account, ACCOUNTS.goodwill, orderId);
      const day = toUtcDay(backend.nowMs);
      const found = await differing();
      assert.ok(found.includes(`${account} -100 0`), found.join());
      assert.equal((await paths.reconciliation(backend.db, day).get()).data()?.state, 'done');
      assert.equal((await tasks()).length, new Set(found).size);
    });

  for (const [what, code, state, expected] of [
    ['reports a drift whose task cannot be created, creates the others, and is done', 3, 'done', ['failed', 'raised']],
    ['compares a day again where the database did not respond', 14, 'running', []],
  ] as const)
    it(what, async () => {
      await move('gift:abc', 'gift:xyz', 'order-1');
      const day = toUtcDay(backend.nowMs);
      await backend.advance(nightAfterMs(backend.nowMs) - backend.nowMs);
      await rollUpDays(backend.ctx);
      refuse(backend, 'operatorTasks/order-1-account_differs-gift:abc', code);
      await reconcile(backend.ctx).catch(() => []);
      const report = (await paths.reconciliation(backend.db, day).get()).data();
      assert.equal(report?.state, state);
      assert.deepEqual(
        report.drifts.map(({ outcome }) => outcome),
        expected,
      );
    });

  it('finds an open dispute without its amount on an account', async () => {
    await paths.dispute(backend.db, 'dp_open').update({ status: 'won' });
    const found = await differing();
    assert.ok(found.includes(`${ACCOUNTS.disputed} 2940 0`), found.join());
  });

  it('does not take a dispute that cannot be read for one without an amount', async () => {
    await backend.db.doc('disputes/dp_open').update({ addedLater: 1 });
    const found = await differing();
    assert.ok(!found.some((one) => one.startsWith(ACCOUNTS.disputed)), found.join());
    const unread = backend.db.collection('operatorTasks').where('path', '==', 'disputes/dp_open');
    assert.equal((await unread.count().get()).data().count, 1);
  });
});
