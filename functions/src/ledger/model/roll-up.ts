import { BOOKS, type BookDay, type CurrencyDay, type DayBook, type Sales } from '../../contract/books.js';
import type { Journal, Returned, Sale } from '../../contract/orders.js';
import { lookUp } from '../../core/look-up.js';
import { classifyAccount, isDebited } from './chart.js';

/** The ledger summaries of a day by their owner's path. */
export type DayBooks = Map<string, DayBook>;

/** The owner of the summary of all accounts. */
export const PLATFORM = 'books/platform';

/**
 * Adds journals of one day to its summaries; in any order, and in any number of parts. Opening balances are not known
 * yet.
 */
export function addJournals(books: DayBooks, day: string, journals: readonly Journal[]): void {
  for (const journal of journals) {
    const owners = new Set<string>();
    for (const { account, amountMinor } of journal.entries) {
      const [book, owner] = classifyAccount(account);
      const isTax = book === 'restaurantTax' || book === 'platformTax';
      const told = isDebited(book) ? amountMinor : -amountMinor;
      for (const path of owner === null ? [PLATFORM] : [PLATFORM, owner]) {
        owners.add(path);
        const ofCurrency = currencyDay(getDayBook(books, path, day), journal.currency);
        move(ofCurrency.books, book, journal.kind, told);
        if (isTax) move((ofCurrency.taxes ??= {}), account, journal.kind, told);
      }
    }
    for (const change of listSalesChanges(journal)) owners.add(addSales(books, day, journal.currency, change));
    for (const path of owners) getDayBook(books, path, day).journals += 1;
  }
}

function getDayBook(books: DayBooks, path: string, day: string): DayBook {
  const known = books.get(path) ?? { day, journals: 0, currencies: {} };
  books.set(path, known);
  return known;
}

function currencyDay({ currencies }: DayBook, currency: string): CurrencyDay {
  const known = lookUp(currencies, currency) ?? { books: {} };
  currencies[currency] = known;
  return known;
}

function move(
  accounts: Partial<Record<string, BookDay>>,
  account: string,
  kind: Journal['kind'],
  amountMinor: number,
): void {
  const day = lookUp(accounts, account) ?? { openingMinor: 0, moved: {}, closingMinor: 0 };
  accounts[account] = day;
  day.moved[kind] = (day.moved[kind] ?? 0) + amountMinor;
  day.closingMinor += amountMinor;
}

/** A journal's change of the figures of one restaurant. */
interface SalesChange {
  restaurantId: string;
  sales: Sales;
}

function listSalesChanges({ sale, returned }: Journal): SalesChange[] {
  return [...(sale ? [soldBy(sale)] : []), ...(returned ? [takenBack(returned)] : [])];
}

function soldBy({ restaurantId, fulfilled, riderMinor = 0, ...figures }: Sale): SalesChange {
  const ended = { fulfilled: fulfilled ? 1 : 0, cancelled: fulfilled ? 0 : 1 };
  return { restaurantId, sales: { ...NOTHING_SOLD, ...ended, ...figures, riderMinor } };
}

function takenBack({ restaurantId, keptMinor, ...figures }: Returned): SalesChange {
  const { grossMinor, includedTaxMinor, discountMinor, commissionMinor, taxMinor } = figures;
  return {
    restaurantId,
    sales: {
      ...NOTHING_SOLD,
      refunds: 1,
      keptMinor,
      grossMinor: 0 - grossMinor,
      includedTaxMinor: 0 - includedTaxMinor,
      discountMinor: 0 - discountMinor,
      commissionMinor: 0 - commissionMinor,
      taxMinor: 0 - taxMinor,
    },
  };
}

function addSales(books: DayBooks, day: string, currency: string, { restaurantId, sales }: SalesChange): string {
  const owner = `restaurants/${restaurantId}`;
  for (const path of [PLATFORM, owner]) {
    const told = currencyDay(getDayBook(books, path, day), currency);
    told.sales = sumSales(told.sales ?? NOTHING_SOLD, sales);
  }
  return owner;
}

const NOTHING_SOLD: Sales = {
  fulfilled: 0,
  cancelled: 0,
  refunds: 0,
  grossMinor: 0,
  includedTaxMinor: 0,
  discountMinor: 0,
  commissionMinor: 0,
  taxMinor: 0,
  keptMinor: 0,
  riderMinor: 0,
};

/** Adds sales figures. */
export function sumSales(one: Sales, other: Sales): Sales {
  return {
    fulfilled: one.fulfilled + other.fulfilled,
    cancelled: one.cancelled + other.cancelled,
    refunds: one.refunds + other.refunds,
    grossMinor: one.grossMinor + other.grossMinor,
    includedTaxMinor: one.includedTaxMinor + other.includedTaxMinor,
    discountMinor: one.discountMinor + other.discountMinor,
    commissionMinor: one.commissionMinor + other.commissionMinor,
    taxMinor: one.taxMinor + other.taxMinor,
    keptMinor: one.keptMinor + other.keptMinor,
    riderMinor: one.riderMinor + other.riderMinor,
  };
}

/**
 * Computes an owner's summaries in order of their days, each with the closing balances of the previous one as its
 * opening; the first from `before`, null when it is the owner's first. Balances without movements on a day are carried
 * over, so that the latest summary has every balance.
 */
export function chainDayBooks(before: DayBook | null, days: readonly DayBook[]): DayBook[] {
  let previous = before;
  return days.map((day) => (previous = opened(previous, day)));
}

function opened(previous: DayBook | null, day: DayBook): DayBook {
  const names = new Set([...Object.keys(previous?.currencies ?? {}), ...Object.keys(day.currencies)]);
  const currencies = [...names].map((currency): [string, CurrencyDay] => [
    currency,
    openedCurrency(lookUp(previous?.currencies, currency), lookUp(day.currencies, currency)),
  ]);
  return { ...day, currencies: Object.fromEntries(currencies) };
}

function openedCurrency(previous: CurrencyDay | undefined, day: CurrencyDay = { books: {} }): CurrencyDay {
  const books: CurrencyDay['books'] = {};
  for (const book of BOOKS) {
    const account = openedAccount(previous?.books[book], day.books[book]);
    if (account) books[book] = account;
  }
  const accounts = new Set([...Object.keys(previous?.taxes ?? {}), ...Object.keys(day.taxes ?? {})]);
  const taxes = [...accounts].flatMap((account) => {
    const tax = openedAccount(lookUp(previous?.taxes, account), lookUp(day.taxes, account));
    return tax ? [[account, tax] as const] : [];
  });
  return { ...day, books, ...(taxes.length > 0 && { taxes: Object.fromEntries(taxes) }) };
}

function openedAccount(before: BookDay | undefined, now: BookDay | undefined): BookDay | null {
  if (!before && !now) return null;
  const openingMinor = before?.closingMinor ?? 0;
  const moved = now?.moved ?? {};
  const closingMinor = Object.values(moved).reduce((sum, amount) => sum + amount, openingMinor);
  return { openingMinor, moved, closingMinor };
}
