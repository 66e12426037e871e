import { BOOKS, type BookDay, type CurrencyDay, type DayBook, type MonthBook } from '../../contract/books.js';
import { JOURNAL_KINDS } from '../../contract/orders.js';
import { lookUp } from '../../core/look-up.js';
import { addDays } from './days.js';
import { sumSales } from './roll-up.js';

/** Returns the month of a day: `2026-03`. */
export const toMonth = (day: string): string => day.slice(0, 7);

/** Returns the first day of the month, and the first of the next one. */
export function toMonthSpan(month: string): [firstDay: string, endDay: string] {
  const firstDay = `${month}-01`;
  return [firstDay, `${toMonth(addDays(firstDay, 31))}-01`];
}

/** Returns the month before. */
export const toMonthBefore = (month: string): string => toMonth(addDays(`${month}-01`, -1));

/** Sums up the summaries of a month's days, in order of their days. Null without any. */
export function sumMonth(month: string, days: readonly DayBook[]): Omit<MonthBook, 'closedAtMs'> | null {
  if (days.length === 0) return null;
  const currencies = new Set(days.flatMap((day) => Object.keys(day.currencies)));
  const summed = [...currencies].map((currency): [string, CurrencyDay] => [
    currency,
    sumCurrency(days.flatMap((day) => lookUp(day.currencies, currency) ?? [])),
  ]);
  const journals = days.reduce((sum, day) => sum + day.journals, 0);
  return { month, journals, currencies: Object.fromEntries(summed) };
}

function sumCurrency(days: readonly CurrencyDay[]): CurrencyDay {
  const books: CurrencyDay['books'] = {};
  for (const book of BOOKS) {
    const account = sumAccount(days.flatMap((day) => day.books[book] ?? []));
    if (account) books[book] = account;
  }
  const names = new Set(days.flatMap((day) => Object.keys(day.taxes ?? {})));
  const taxes = [...names].flatMap((name) => {
    const tax = sumAccount(days.flatMap((day) => lookUp(day.taxes, name) ?? []));
    return tax ? [[name, tax] as const] : [];
  });
  const sales = days.flatMap((day) => day.sales ?? []);
  return {
    books,
    ...(taxes.length > 0 && { taxes: Object.fromEntries(taxes) }),
    ...(sales.length > 0 && { sales: sales.reduce(sumSales) }),
  };
}

function sumAccount(days: readonly BookDay[]): BookDay | null {
  const [first, last] = [days[0], days.at(-1)];
  if (!first || !last) return null;
  const moved: BookDay['moved'] = {};
  for (const day of days)
    for (const kind of JOURNAL_KINDS)
      if (day.moved[kind] !== undefined) moved[kind] = (moved[kind] ?? 0) + day.moved[kind];
  return { openingMinor: first.openingMinor, moved, closingMinor: last.closingMinor };
}
