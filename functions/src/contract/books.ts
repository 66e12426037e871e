import { z } from 'zod';
import { Currency, Minor, Uid } from './common.js';
import { JournalKind } from './orders.js';

/**
 * `ledgerAccounts/{accountId}`: leads from the opaque id in the names of a person's accounts to the person. Written
 * with the profile, never rewritten, and deleted by an erasure: the journals stay as they are and lead to nobody.
 */
export const LedgerAccount = z.strictObject({ uid: Uid });
export type LedgerAccount = z.infer<typeof LedgerAccount>;

/** A day of the books, by UTC: one for all accounts, as the provider's own reports have it. `2026-03-02`. */
export const Day = z.iso.date();

/** The classes of accounts, as an account's name begins; `other` is whatever begins otherwise. */
export const BOOKS = [
  'stripe',
  'platform',
  'tax',
  'promotions',
  'merchant',
  'courier',
  'credit',
  'cash',
  'bank',
  'disputed',
  'rounding',
  'held',
  'heldMerchant',
  'providerFees',
  'other',
] as const;
export const Book = z.enum(BOOKS);
export type Book = z.infer<typeof Book>;

/** What moved on a day, by kind of journal, between two balances. */
export const BookDay = z.strictObject({
  openingMinor: Minor,
  moved: z.partialRecord(JournalKind, Minor),
  closingMinor: Minor,
});
export type BookDay = z.infer<typeof BookDay>;

/**
 * What was sold on a day, of the orders that its settlements paid the kitchen for, less what its refunds took back of
 * them and of earlier days: so a day of refunds may be below 0.
 */
export const Sales = z.strictObject({
  fulfilled: z.int().min(0),
  cancelled: z.int().min(0),
  /** Refunds, of whatever day's orders. */
  refunds: z.int().min(0).default(0),
  grossMinor: Minor,
  includedTaxMinor: Minor,
  discountMinor: Minor,
  commissionMinor: Minor,
  taxMinor: Minor,
  /** What the merchant keeps of sales that were taken back, since another party bears the refund. */
  keptMinor: Minor.default(0),
});
export type Sales = z.infer<typeof Sales>;

export const CurrencyDay = z.strictObject({ books: z.partialRecord(Book, BookDay), sales: Sales.optional() });
export type CurrencyDay = z.infer<typeof CurrencyDay>;

/**
 * `{owner}/days/{day}`, the owner being `restaurants/{id}` (its book `merchant`), `ledgerAccounts/{id}` of a courier
 * (`courier`: what was earned, `cash`: what was taken at doors, `held`: what waits for an operator) or `books/platform`
 * (every class of accounts). There is none for a day on which nothing moved. `stripe`, `cash`, `bank`, `disputed`,
 * `promotions`, `providerFees` and `other` are what there is or was spent; the rest is what is owed or was earned.
 */
export const DayBook = z.strictObject({
  day: Day,
  /** How many journals it sums up. */
  journals: z.int().min(0),
  /** Of the platform: some owner's book could not be written, so the day is summed up again. */
  incomplete: z.literal(true).optional(),
  currencies: z.record(Currency, CurrencyDay),
});
export type DayBook = z.infer<typeof DayBook>;

/** A report covers so many days at most. */
export const REPORT_DAYS = 31;
