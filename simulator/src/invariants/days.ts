import type { Book, BookDay, DayBook } from '../../../functions/src/contract/books.js';
import type { Reconciliation } from '../../../functions/src/contract/reconciliation.js';
import { sumOf, when } from './breach.js';
import type { Books } from './snapshot.js';

export function reportBreaches({ day, orders, drifts }: Reconciliation, { ledger }: Books): string[] {
  const [startMs, endMs] = boundsOf(day);
  const moved = ledger.some(([, { atMs, orderId }]) => orderId !== null && atMs >= startMs && atMs < endMs);
  return [
    ...when(moved && orders === 0, `${day}: orders moved money, but none was compared`),
    ...drifts.map(({ kind, orderId, outcome }) => `${day}: ${kind} of ${orderId}, ${outcome}`),
  ];
}

function boundsOf(day: string): [startMs: number, endMs: number] {
  const startMs = Date.parse(`${day}T00:00:00Z`);
  return [startMs, startMs + 24 * 3_600_000];
}

/** Each owner's days follow on each other, and the last closes with what the ledger has until its end. */
export function dailyBreaches(books: Books): string[] {
  const rows = books.days ?? [];
  return [...new Set(rows.map(([owner]) => owner))].flatMap((owner) => {
    const own = rows.filter(([other]) => other === owner).map(([, day]) => day);
    const days = own.toSorted((a, b) => (a.day < b.day ? -1 : 1));
    const last = days.at(-1);
    return [
      ...days.flatMap((day, index) => chainBreaches(owner, day, days[index - 1])),
      ...(last ? booksOf(last).flatMap((row) => balanceBreaches(owner, last.day, row, books)) : []),
    ];
  });
}

type BookRow = readonly [currency: string, book: Book, day: BookDay];
const booksOf = ({ currencies }: DayBook): BookRow[] =>
  Object.entries(currencies).flatMap(([currency, { books }]) =>
    Object.entries(books).map(([book, day]): BookRow => [currency, book as Book, day]),
  );

function chainBreaches(owner: string, day: DayBook, before: DayBook | undefined): string[] {
  return booksOf(day).flatMap(([currency, book, { openingMinor, moved, closingMinor }]) => {
    const expected = before?.currencies[currency]?.books[book]?.closingMinor ?? 0;
    const what = `${owner} on ${day.day}, ${book} in ${currency}`;
    return [
      ...when(openingMinor !== expected, `${what}: opens with ${openingMinor}, not ${expected}`),
      ...when(closingMinor !== openingMinor + sumOf(Object.values(moved)), `${what}: does not add up`),
    ];
  });
}

function balanceBreaches(
  owner: string,
  day: string,
  [currency, book, { closingMinor }]: BookRow,
  { ledger }: Books,
): string[] {
  const [, endsAtMs] = boundsOf(day);
  const id = owner.split('/')[1];
  const isOwn = (account: string) =>
    owner === 'books/platform' ? account.split(':')[0] === book : account === `${book}:${id}`;
  const posted = ledger
    .filter(([, journal]) => journal.currency === currency && journal.atMs < endsAtMs)
    .flatMap(([, journal]) =>
      journal.entries.filter(({ account }) => isOwn(account)).map((entry) => entry.amountMinor),
    );
  const told = ['stripe', 'cash', 'bank', 'disputed', 'promotions', 'providerFees', 'other'].includes(book)
    ? sumOf(posted)
    : -sumOf(posted);
  return when(
    closingMinor !== told,
    `${owner} on ${day}: ${book} closes with ${closingMinor} ${currency}, the ledger has ${told + 0}`,
  );
}
