import { ACCOUNTS } from '../../../functions/src/ledger/model/chart.js';
import { type Posting } from '../../../functions/src/ledger/model/journals.js';
import { gatherCauses } from './accounts/causes.js';
import { Cells, type Cell } from './accounts/cells.js';
import { courierPayoutBreaches, expectCourierPayouts } from './accounts/courier-payouts.js';
import { documentBreaches, offerBreaches } from './accounts/documents.js';
import { expectFees } from './accounts/fees.js';
import { expectOperators } from './accounts/operators.js';
import { expectOrder } from './accounts/orders.js';
import { ownerBreaches } from './accounts/owners.js';
import { providerBreaches } from './accounts/provider.js';
import { salesBreaches } from './accounts/sales.js';
import type { Books } from './snapshot.js';

/**
 * Compares every account with the documents that caused its journals: order by order, then the journals of no order,
 * then each person's cash and credit in total. The expected amounts are computed from the documents alone. Orders whose
 * quotes are deleted are not checked.
 */
export function accountBreaches(books: Books): string[] {
  if (!books.extras || !books.overrides) return [];
  const causes = gatherCauses(books);
  const cells = fillCells(
    books,
    causes.map((one) => ({ ...one, postings: expectOrder(one) })),
  );
  const wrong = cells.filter(({ expectedMinor, foundMinor }) => expectedMinor !== foundMinor);
  return [
    ...causes.flatMap(documentBreaches),
    ...offerBreaches(causes, books.couriers),
    ...wrong.map(describe),
    ...ownerBreaches(books),
    ...courierPayoutBreaches(books),
    ...providerBreaches(books),
    ...books.ledger.flatMap(([id, journal]) => salesBreaches(id, journal)),
  ];
}

function describe({ orderId, currency, account, expectedMinor, foundMinor }: Cell): string {
  const whose = orderId === null ? 'without an order' : `for order ${orderId}`;
  return `${account} holds ${foundMinor} ${currency} ${whose}, expected ${expectedMinor} by its documents`;
}

interface ExpectedOrder {
  id: string;
  order: { currency: string };
  postings: Posting[] | null;
}

function fillCells(books: Books, orders: readonly ExpectedOrder[]): Cell[] {
  const cells = new Cells();
  for (const { id, order, postings } of orders) cells.expect(id, order.currency, postings ?? []);
  for (const { currency, postings } of [
    ...expectOperators(books),
    ...expectCourierPayouts(books),
    ...expectFees(books),
  ])
    cells.expect(null, currency, postings);
  for (const [, { orderId, currency, entries }] of checkable(books, orders))
    for (const { account, amountMinor } of entries) cells.find(orderId, currency, account, amountMinor);
  const owned = new Set((books.inventory?.standings ?? []).map(([uid]) => ACCOUNTS.credit(uid)));
  cells.expectForfeits((account) => owned.has(account));
  return cells.all;
}

/**
 * Journals that can be checked: without those of orders whose quotes are deleted, and without fees where the provider's
 * list of balance changes is not given.
 */
function checkable({ ledger, balance }: Books, orders: readonly ExpectedOrder[]): Books['ledger'] {
  const unknown = new Set(orders.filter(({ postings }) => postings === null).map(({ id }) => id));
  return ledger.filter(
    ([, { orderId, kind }]) =>
      (orderId === null || !unknown.has(orderId)) && (kind !== 'fees' || balance !== undefined),
  );
}
