import type { Book, BookDay, DayBook } from '../../../functions/src/contract/books.js';
import type { Reconciliation } from '../../../functions/src/contract/reconciliation.js';
import { sum, listIf } from './breach.js';
import type { Books } from './snapshot.js';

export function reportBreaches({ day, orders, drifts }: Reconciliation, { ledger }: Books): string[] {
  const [startMs, endMs] = getDayBounds(day);
  const moved = ledger.some(([, { atMs, orderId }]) => orderId !== null && atMs >= startMs && atMs < endMs);
  return [
    ...listIf(moved && orders === 0, `${day}: orders moved money, but the reconciliation compared none`),
    ...drifts.map(({ kind, orderId, outcome }) => `${day}: ${kind} of ${orderId}, ${outcome}`),
  ];
}

function getDayBounds(day: string): [startMs: number, endMs: number] {
  const startMs = Date.parse(`${day}T00:00:00Z`);
  return [startMs, startMs + 24 * 3_600_000];
}

/**
 * Each owner's days follow each other without a gap in the balances, and the last one closes with the ledger's balance.
 */
export function dailyBreaches(books: Books): string[] {
  const rows = books.days ?? [];
  return [...new Set(rows.map(([owner]) => owner))].flatMap((owner) => {
    const own = rows.filter(([other]) => other === owner).map(([, day]) => day);
    const days = own.toSorted((a, b) => (a.day < b.day ? -1 : 1));
    const last = days.at(-1);
    return [
      ...days.flatMap((day, index) => chainBreaches(owner, day, days[index - 1])),
      ...days.flatMap((day) => kitchenBreaches(owner, day, books)),
      ...(last ? toBookRows(last).flatMap((row) => balanceBreaches(owner, last.day, row, books)) : []),
    ];
  });
}

/** What a kitchen sold on a day is what the fulfilled orders contain that were settled on that day. */
function kitchenBreaches(owner: string, { day, kitchen }: DayBook, { ledger, orders }: Books): string[] {
  if (!kitchen) return [];
  const [startMs, endMs] = getDayBounds(day);
  const settled = ledger.flatMap(([, { atMs, orderId, sale }]) =>
    sale?.fulfilled === true && `restaurants/${sale.restaurantId}` === owner && atMs >= startMs && atMs < endMs
      ? [orderId]
      : [],
  );
  const sold = orders.filter(([id]) => settled.includes(id));
  const lines = sold.flatMap(([, order]) => order.lines);
  const rows = [...kitchen.items, kitchen.others];
  const compare = (what: string, told: number, expected: number) =>
    listIf(told !== expected, `${owner} on ${day}: ${what} ${told}, the orders give ${expected}`);
  return [
    ...compare('fulfilled orders', kitchen.orders, sold.length),
    ...compare('sold units', sum(rows.map(({ quantity }) => quantity)), sum(lines.map(({ quantity }) => quantity))),
    ...compare('gross', sum(rows.map((row) => row.grossMinor)), sum(lines.map((line) => line.grossMinor))),
    ...listIf(
      kitchen.late > kitchen.orders || kitchen.kitchenLate > kitchen.orders,
      `${owner} on ${day}: too many late orders`,
    ),
  ];
}

type BookRow = readonly [currency: string, book: Book, day: BookDay];
const toBookRows = ({ currencies }: DayBook): BookRow[] =>
  Object.entries(currencies).flatMap(([currency, { books }]) =>
    Object.entries(books).map(([book, day]): BookRow => [currency, book as Book, day]),
  );

function chainBreaches(owner: string, day: DayBook, before: DayBook | undefined): string[] {
  return toBookRows(day).flatMap(([currency, book, { openingMinor, moved, closingMinor }]) => {
    const expected = before?.currencies[currency]?.books[book]?.closingMinor ?? 0;
    const summedMinor = openingMinor + sum(Object.values(moved));
    const what = `${owner} on ${day.day}, ${book} in ${currency}`;
    return [
      ...listIf(
        openingMinor !== expected,
        `${what}: opens with ${openingMinor}, the day before closed with ${expected}`,
      ),
      ...listIf(
        closingMinor !== summedMinor,
        `${what}: closes with ${closingMinor}, its movements give ${summedMinor}`,
      ),
    ];
  });
}

/** Ledger accounts whose balance grows with debits: what the platform has, and what it spends. */
const DEBITED: readonly Book[] = [
  'stripe',
  'cash',
  'bank',
  'disputed',
  'courierCost',
  'promotions',
  'goodwill',
  'refundLosses',
  'orderLosses',
  'disputeLosses',
  'providerFees',
  'rounding',
  'other',
];

function balanceBreaches(
  owner: string,
  day: string,
  [currency, book, { closingMinor }]: BookRow,
  { ledger }: Books,
): string[] {
  const [, endsAtMs] = getDayBounds(day);
  const id = owner.split('/')[1];
  const isOwn = (account: string) =>
    owner === 'books/platform' ? account.split(':')[0] === book : account === `${book}:${id}`;
  const posted = ledger
    .filter(([, journal]) => journal.currency === currency && journal.atMs < endsAtMs)
    .flatMap(([, journal]) =>
      journal.entries.filter(({ account }) => isOwn(account)).map((entry) => entry.amountMinor),
    );
  const expectedMinor = DEBITED.includes(book) ? sum(posted) : -sum(posted);
  return listIf(
    closingMinor !== expectedMinor,
    `${owner} on ${day}: ${book} closes with ${closingMinor} ${currency}, the ledger has ${expectedMinor + 0}`,
  );
}
