import { BOOKS, type BookDay, type CurrencyDay, type MonthBook } from '../../contract/books.js';
import { JOURNAL_KINDS } from '../../contract/orders.js';
import type { MonthLine } from '../../calls/books.js';
import { formatMinor } from '../../pricing/currencies.js';
import { CHART } from './chart.js';

type Summed = Pick<MonthBook, 'month' | 'currencies'>;

/** Lists the accounts of a month by currency, in the order of the chart; taxes by rate. */
export function listMonthLines({ currencies }: Summed): MonthLine[] {
  return Object.entries(currencies).flatMap(([currency, day]) =>
    BOOKS.flatMap((book) =>
      listAccounts(day, book).map(([account, { openingMinor, moved, closingMinor }]): MonthLine => {
        return { currency, account, nature: CHART[book], openingMinor, moved, closingMinor };
      }),
    ),
  );
}

function listAccounts({ books, taxes = {} }: CurrencyDay, book: (typeof BOOKS)[number]): [string, BookDay][] {
  const rates = Object.entries(taxes).filter(([account]) => account.startsWith(`${book}:`));
  if (rates.length > 0) return rates.toSorted(([one], [other]) => one.localeCompare(other, 'en'));
  const account = books[book];
  return account ? [[book, account]] : [];
}

const COLUMNS = ['month', 'currency', 'nature', 'account', 'entry', 'amount'];

/**
 * Formats lines as CSV, with line ends as in RFC 4180: for each account its opening balance, the amount of each kind of
 * journal and its closing balance. No field needs quotes: all are names, months and amounts.
 */
export function toMonthCsv(month: string, lines: readonly MonthLine[]): string {
  const rows = lines.flatMap(({ currency, account, nature, openingMinor, moved, closingMinor }) => {
    const amounts: [entry: string, minor: number][] = [
      ['opening', openingMinor],
      ...JOURNAL_KINDS.flatMap((kind): [string, number][] => (moved[kind] === undefined ? [] : [[kind, moved[kind]]])),
      ['closing', closingMinor],
    ];
    return amounts.map(([entry, minor]) => [month, currency, nature, account, entry, formatMinor(minor, currency)]);
  });
  return [COLUMNS, ...rows].map((row) => `${row.join(',')}\r\n`).join('');
}
