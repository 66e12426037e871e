import { strict as assert } from 'node:assert';
import type { CourierPayout } from '#functions/contract/courier-payouts.js';
import type { Journal } from '#functions/contract/orders.js';
import {
  courierPayoutJournal,
  returnedPayoutJournal,
  setOffJournal,
} from '#functions/ledger/model/courier-journals.js';
import { accountBreaches } from '#simulator/invariants/accounts.js';
import type { Books } from '#simulator/invariants.js';
import { START_MS } from '#fixtures/catalogue.js';
import { aCourierPayout } from '#fixtures/documents/couriers.js';

const ID = 'payout-1';
const OF_NOTHING = {
  audit: [],
  claims: [],
  refunds: [],
  reports: [],
  courierApplications: [],
  merchantApplications: [],
};

/** A payout with its journals, and what the provider transferred for it. */
function booksOf(payout: CourierPayout, changes: Partial<Books> = {}): Books {
  const journals: [string, Journal | null][] = [
    [`payout-${ID}`, courierPayoutJournal(payout, START_MS)],
    [`setOff-${ID}`, setOffJournal(payout, START_MS)],
    [`return-${ID}`, payout.status === 'failed' ? returnedPayoutJournal(ID, payout, START_MS) : null],
  ];
  return {
    orders: [],
    couriers: [],
    ledger: journals.flatMap(([id, journal]) => (journal ? [[id, journal] as const] : [])),
    overrides: { ...OF_NOTHING, versions: [] },
    extras: { tips: [], disputes: [], heldPays: [], courierPayouts: [[ID, payout]] },
    courierTransfers: new Map(payout.status === 'failed' ? [] : [[ID, payout.amountMinor]]),
    nowMs: START_MS,
    ...changes,
  };
}

describe('the invariants of payouts to couriers', () => {
  const paid = aCourierPayout({ feeMinor: 50, amountMinor: 600 });
  const failed = aCourierPayout({ status: 'failed', failureCode: 'account_closed', failedAtMs: START_MS });

  it('hold for a payout that was paid, and for one that failed', () => {
    assert.deepEqual(accountBreaches(booksOf(paid)), []);
    assert.deepEqual(accountBreaches(booksOf(failed)), []);
  });

  for (const [what, books, breach] of [
    ['pays more than was owed', booksOf({ ...paid, owedMinor: 649 }), 'payout payout-1: 650 of 649 owed'],
    ['has no journal', booksOf(paid, { ledger: [] }), 'payout payout-1 is paid: journal payout-payout-1 is missing'],
    [
      'failed without a reversing journal',
      booksOf(failed, { ledger: booksOf(paid).ledger }),
      'payout payout-1 is failed: journal return-payout-1 is missing',
    ],
    [
      'was not transferred',
      booksOf(paid, { courierTransfers: new Map() }),
      'payout payout-1: the provider transferred 0, the document has 600',
    ],
    [
      'failed and is still transferred',
      booksOf(failed, { courierTransfers: new Map([[ID, 650]]) }),
      'payout payout-1: the provider transferred 650, the document has 0',
    ],
    ['is settled with an amount', booksOf({ ...paid, status: 'settled' }), 'payout payout-1 is settled with 600'],
  ] as const)
    it(`report a payout that ${what}`, () => {
      const found = accountBreaches(books);
      assert.ok(found.includes(breach), found.join('\n'));
    });

  it('report a reversing journal that names another one', () => {
    const { ledger } = booksOf(failed);
    const renamed = ledger.map(
      ([id, journal]) => [id, journal.corrects === undefined ? journal : { ...journal, corrects: 'other' }] as const,
    );
    assert.deepEqual(accountBreaches(booksOf(failed, { ledger: renamed })), [
      'payout payout-1: its reversing journal corrects other',
    ]);
  });
});
