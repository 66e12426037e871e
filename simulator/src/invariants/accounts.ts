import type { Posting } from '../../../functions/src/payments/ledger.js';
import { gatherCauses } from './accounts/causes.js';
import { documentBreaches } from './accounts/documents.js';
import { expectOperators } from './accounts/operators.js';
import { expectOrder } from './accounts/orders.js';
import { ownerBreaches } from './accounts/owners.js';
import { providerBreaches } from './accounts/provider.js';
import { salesBreaches } from './accounts/sales.js';
import type { Books } from './facts.js';

/** What one account holds of one order, or of no order, in one currency. */
interface Cell {
  orderId: string | null;
  currency: string;
  account: string;
  expectedMinor: number;
  foundMinor: number;
}

/**
 * Holds every account against the documents that caused its journals: order by order, what belongs to no order apart, and
 * people's cash and credit in total. The expected amounts are computed from the documents alone. An order whose quote is
 * not kept any more is not checked.
 */
export function accountBreaches(books: Books): string[] {
  if (!books.extras || !books.overrides) return [];
  const causes = gatherCauses(books);
  const cells = fillCells(books, causes.map((one) => ({ ...one, postings: expectOrder(one) }))); // prettier-ignore
  const wrong = cells.filter(({ expectedMinor, foundMinor }) => expectedMinor !== foundMinor);
  return [
    ...causes.flatMap(documentBreaches),
    ...wrong.map(describe),
    ...ownerBreaches(books),
    ...providerBreaches(books),
    ...books.ledger.flatMap(([id, journal]) => salesBreaches(id, journal)),
  ];
}

function describe({ orderId, currency, account, expectedMinor, foundMinor }: Cell): string {
  const whose = orderId === null ? 'of no order' : `of order ${orderId}`;
  return `${account} holds ${foundMinor} ${currency} ${whose}, its documents come to ${expectedMinor}`;
}

interface ExpectedOrder {
  id: string;
  order: { currency: string };
  postings: Posting[] | null;
}

function fillCells(books: Books, orders: readonly ExpectedOrder[]): Cell[] {
  const cells = new Map<string, Cell>();
  const add = (orderId: string | null, currency: string, account: string, sums: Partial<Cell>): void => {
    const key = [orderId, currency, account].join(' ');
    const { expectedMinor = 0, foundMinor = 0 } = cells.get(key) ?? {};
    const sum = { expectedMinor: expectedMinor + (sums.expectedMinor ?? 0), foundMinor: foundMinor + (sums.foundMinor ?? 0) };
    cells.set(key, { orderId, currency, account, ...sum });
  }; // prettier-ignore
  for (const { id, order, postings } of orders)
    for (const [account, expectedMinor] of postings ?? []) add(id, order.currency, account, { expectedMinor });
  for (const { currency, postings } of expectOperators(books))
    for (const [account, expectedMinor] of postings) add(null, currency, account, { expectedMinor });
  const unknown = new Set(orders.filter(({ postings }) => postings === null).map(({ id }) => id));
  for (const [, { orderId, currency, entries }] of books.ledger)
    if (orderId === null || !unknown.has(orderId))
      for (const { account, amountMinor } of entries) add(orderId, currency, account, { foundMinor: amountMinor });
  return [...cells.values()];
}
