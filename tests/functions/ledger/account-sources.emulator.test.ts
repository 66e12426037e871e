import { strict as assert } from 'node:assert';
import { BOOKS, type Book } from '#functions/contract/books.js';
import { JOURNAL_KINDS, type Journal } from '#functions/contract/orders.js';
import { reconcile } from '#functions/reconciliation/reconcile.js';
import { accountBreaches } from '#simulator/invariants/accounts.js';
import type { Books } from '#simulator/invariants.js';
import type { Backend } from '#fixtures/backend.js';
import { assertSound, readBooks } from '#fixtures/books.js';
import { MINUTE } from '#fixtures/catalogue.js';
import { runLedgerScenario } from '#fixtures/ledger-scenario.js';

const MOVED_MINOR = 100;
type Rows = Books['ledger'];
/** Of journals from before the chart of accounts, of unknown names, and of no order. */
const WITHOUT_JOURNALS: readonly Book[] = ['platform', 'tax', 'other', 'forfeitedCredit'];

describe('the accounts of orders with every kind of journal', () => {
  let backend: Backend;
  let books: Books;
  let accounts: string[];
  let pairs: (readonly [from: string, to: string])[];
  before(async () => {
    backend = await runLedgerScenario();
    // The nightly run posts the provider's fees.
    await backend.advance(24 * 60 * MINUTE);
    await reconcile(backend.ctx);
    books = await readBooks(backend);
    accounts = [...new Set(books.ledger.flatMap(([, { entries }]) => entries.map(({ account }) => account)))];
    pairs = accounts.flatMap((from) => accounts.filter((to) => to !== from).map((to) => [from, to] as const));
  });
  after(() => backend.close());

  /** Both accounts are named, in either direction of the movement. */
  const isFound = (ledger: Rows, pair: readonly [string, string]): boolean => {
    const found = accountBreaches({ ...books, ledger });
    return pair.every((account) => found.some((breach) => breach.startsWith(`${account} holds `)));
  };
  const extraJournal = ([from, to]: readonly [string, string], orderId: string | null, index: number): Journal => ({
    orderId,
    kind: JOURNAL_KINDS[index % JOURNAL_KINDS.length] ?? 'correction',
    currency: 'EUR',
    atMs: backend.nowMs,
    entries: [
      { account: from, amountMinor: -MOVED_MINOR },
      { account: to, amountMinor: MOVED_MINOR },
    ],
  });

  it('equal the sums of their documents', () => assertSound(backend));

  it('are of every class, and written by every kind of journal', () => {
    const classes = new Set(accounts.map((account) => account.split(':')[0]));
    assert.deepEqual(
      BOOKS.filter((book) => !WITHOUT_JOURNALS.includes(book) && !classes.has(book)),
      [],
    );
    const kinds = new Set(books.ledger.map(([, { kind }]) => kind));
    assert.deepEqual(
      JOURNAL_KINDS.filter((kind) => !kinds.has(kind)),
      [],
    );
  });

  it('are reported for any two of them, when a balanced journal of an order moves 100', () => {
    const missed = pairs.flatMap((pair, index) => {
      const [orderId] = books.orders[index % books.orders.length] ?? [];
      const journal = extraJournal(pair, orderId ?? null, index);
      return isFound([...books.ledger, ['extra', journal]], pair) ? [] : [pair.join(' to ')];
    });
    assert.deepEqual(missed, []);
  });

  it('are reported for any two of them, when a balanced journal without an order moves 100', () => {
    const missed = pairs.filter(
      (pair, index) => !isFound([...books.ledger, ['extra', extraJournal(pair, null, index)]], pair),
    );
    assert.deepEqual(missed, []);
  });

  it('are reported for any two of them, when 100 is moved within any journal that posts to the first', () => {
    const missed = pairs.flatMap((pair) => {
      const own = books.ledger.filter(([, { entries }]) => entries.some(({ account }) => account === pair[0]));
      return own.flatMap(([id]) =>
        isFound(moveWithin(books.ledger, id, pair), pair) ? [] : [`${pair.join(' to ')} in ${id}`],
      );
    });
    assert.deepEqual(missed, []);
  });

  it("are reported when an order's journal is counted for another order", () => {
    const missed = books.ledger.flatMap(([id, journal], index) => {
      const [other] = books.orders.filter(([orderId]) => orderId !== journal.orderId)[index % 3] ?? [];
      const moved = books.ledger.map((row) =>
        row[0] === id ? ([id, { ...journal, orderId: other ?? null }] as const) : row,
      );
      return accountBreaches({ ...books, ledger: moved }).length > 0 ? [] : [id];
    });
    assert.deepEqual(missed, []);
  });

  it('are reported when a journal is missing', () => {
    const missed = books.ledger.filter(
      ([id]) => accountBreaches({ ...books, ledger: books.ledger.filter((row) => row[0] !== id) }).length === 0,
    );
    assert.deepEqual(missed, []);
  });
});

/** The journal still balances. */
function moveWithin(ledger: Rows, journalId: string, [from, to]: readonly [string, string]): Rows {
  return ledger.map((row) => {
    const [id, journal] = row;
    if (id !== journalId) return row;
    const entries = new Map(journal.entries.map(({ account, amountMinor }) => [account, amountMinor]));
    entries.set(from, (entries.get(from) ?? 0) - MOVED_MINOR);
    entries.set(to, (entries.get(to) ?? 0) + MOVED_MINOR);
    return [id, { ...journal, entries: [...entries].map(([account, amountMinor]) => ({ account, amountMinor })) }];
  });
}
