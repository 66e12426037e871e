import { strict as assert } from 'node:assert';
import type { Journal } from '#functions/contract/orders.js';
import { paths } from '#functions/platform/firestore.js';
import { computeBalances } from '#simulator/invariants.js';
import type { Backend } from '#fixtures/backend.js';
import { assertSound, readBooks } from '#fixtures/books.js';
import { Journey } from '#fixtures/journey.js';
import { runLedgerScenario } from '#fixtures/ledger-scenario.js';

/** The accounts that the chart made of the former ones. */
const OF_PLATFORM =
  /^(commission|deliveryFees|serviceFees|courierCost|goodwill|refundLosses|orderLosses|disputeLosses|withheldPay|forfeitedCredit)$/;

/** The journal as it was written before the chart. No tax was in the commission then. */
function toFormer(journal: Journal): Journal {
  const amounts = new Map<string, number>();
  for (const { account, amountMinor } of journal.entries) {
    const isTax = account.startsWith('restaurantTax:') || account.startsWith('platformTax:');
    const name = isTax ? 'tax' : OF_PLATFORM.test(account) ? 'platform' : account;
    amounts.set(name, (amounts.get(name) ?? 0) + amountMinor);
  }
  const entries = [...amounts].map(([account, amountMinor]) => ({ account, amountMinor }));
  return { ...journal, accounts: [...amounts.keys()], entries };
}

describe('the migration of the ledger to the chart of accounts', () => {
  let scenario: Backend;
  let backend: Backend;
  before(async () => void (scenario = await runLedgerScenario({ commissionTaxPpm: 0 })));
  beforeEach(async () => {
    backend = await scenario.copy();
    const { docs } = await paths.ledger(backend.db).get();
    await Promise.all(docs.map((one) => one.ref.set(toFormer(one.data()))));
  });
  afterEach(() => backend.close());
  after(() => scenario.close());

  const balances = async () => computeBalances(await readBooks(backend));
  const migrate = async () => {
    const sums = { moved: 0, known: 0, left: 0 };
    let after: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof call>> = await call(after);
      for (const name of ['moved', 'known', 'left'] as const) sums[name] += page[name];
      after = page.next;
    } while (after !== null);
    return sums;
  };
  const call = (after: string | null) => backend.call('migrateLedger', 'olga', { after, reason: 'new chart' });

  it('gives each account the balance that its documents give, and leaves none on the former ones', async () => {
    assert.notEqual((await balances()).get('platform') ?? 0, 0);
    const { moved, left } = await migrate();
    assert.ok(moved > 10, String(moved));
    assert.equal(left, 0);
    const after = await balances();
    assert.deepEqual([after.get('platform') ?? 0, after.get('tax') ?? 0], [0, 0]);
    await assertSound(backend);
  });

  it('changes nothing the second time, nor where an order goes on at the same time', async () => {
    const { moved } = await migrate();
    const once = await balances();
    assert.deepEqual(await migrate(), { moved: 0, known: moved, left: 0 });
    assert.deepEqual(await balances(), once);
    const journey = new Journey(backend);
    await Promise.all([journey.reach('delivered'), migrate(), migrate()]);
    await backend.deliverWebhooks();
    await assertSound(backend);
  });

  it('goes on after the id of a journal, which contains no slash', async () => {
    await assert.rejects(call('orders/order-1'), { reason: 'INPUT_INVALID' });
    assert.equal((await call('zzz')).next, null);
  });

  it('names the journal that each correction corrects', async () => {
    await migrate();
    const corrections = (await paths.ledger(backend.db).get()).docs.filter(({ id }) => id.startsWith('chart-'));
    assert.ok(corrections.length > 0);
    for (const one of corrections) assert.equal(one.data().corrects, one.id.slice('chart-'.length));
  });

  it('leaves the amounts of an order whose quote is deleted where they are, and counts it', async () => {
    await backend.db.doc('quotes/order-1').delete();
    const { left } = await migrate();
    assert.ok(left > 0);
    assert.notEqual((await balances()).get('platform') ?? 0, 0);
  });
});
