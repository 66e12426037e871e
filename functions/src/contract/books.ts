import { z } from 'zod';
import { Currency, DocumentId, EpochMs, Minor, NonNegativeMinor, Uid } from './common.js';
import { JournalKind } from './orders.js';

/**
 * `ledgerAccounts/{accountId}`: maps the opaque id in the names of a person's accounts to the person. Written with the
 * profile, never rewritten, and deleted by an erasure: the journals stay as they are and no longer identify a person.
 */
export const LedgerAccount = z.strictObject({ uid: Uid });
export type LedgerAccount = z.infer<typeof LedgerAccount>;

/** A day of the ledger in UTC, for all accounts, as in the provider's own reports: `2026-03-02`. */
export const Day = z.iso.date();

/**
 * The classes of accounts, by the first part of an account's name; `other` covers every other name. `platform` and
 * `tax` are those of journals from before the chart of accounts: the migration moved their balances to the others.
 */
export const BOOKS = [
  'stripe',
  'bank',
  'cash',
  'disputed',
  'merchant',
  'heldMerchant',
  'courier',
  'held',
  'outsideRiders',
  'credit',
  'restaurantTax',
  'platformTax',
  'commission',
  'deliveryFees',
  'serviceFees',
  'payoutFees',
  'withheldPay',
  'forfeitedCredit',
  'courierCost',
  'promotions',
  'goodwill',
  'refundLosses',
  'orderLosses',
  'disputeLosses',
  'providerFees',
  'rounding',
  'platform',
  'tax',
  'other',
] as const;
export const Book = z.enum(BOOKS);
export type Book = z.infer<typeof Book>;

/** The amounts moved on a day, by kind of journal, between two balances. */
export const BookDay = z.strictObject({
  openingMinor: Minor,
  moved: z.partialRecord(JournalKind, Minor),
  closingMinor: Minor,
});
export type BookDay = z.infer<typeof BookDay>;

/**
 * The sales of a day, from the orders for which the day's settlements paid the kitchen, less what the day's refunds
 * took back of these and earlier orders: a day of refunds may be below 0.
 */
export const Sales = z.strictObject({
  fulfilled: z.int().min(0),
  cancelled: z.int().min(0),
  /** Refunds on this day, of orders of any day. */
  refunds: z.int().min(0).default(0),
  grossMinor: Minor,
  includedTaxMinor: Minor,
  discountMinor: Minor,
  commissionMinor: Minor,
  taxMinor: Minor,
  /** What the merchant keeps of sales that were taken back, since another party bears the refund. */
  keptMinor: Minor.default(0),
  /** What the restaurant's own riders earned. */
  riderMinor: Minor.default(0),
});
export type Sales = z.infer<typeof Sales>;

/** The maximum number of items that a day lists. */
export const DAY_ITEMS = 100;
const Units = z.int().min(0);
/**
 * What a restaurant's kitchen sold on a day and how punctual it was, from the fulfilled orders that `Sales` counts on
 * this day. Prices are those of the menu; later refunds are in `Sales` only.
 */
export const KitchenDay = z.strictObject({
  /** Fulfilled orders that could be read. */
  orders: Units,
  /** Deliveries that were at the door later than promised, and pickups that were ready later, by a minute or more. */
  late: Units,
  /** Orders that were ready later than promised by a minute or more: `orders` − `kitchenLate` are the kitchen's on time. */
  kitchenLate: Units,
  /** The items that were sold most, by quantity; modifiers are included in the amount. */
  items: z
    .array(z.strictObject({ itemId: DocumentId, name: z.string(), quantity: Units, grossMinor: NonNegativeMinor }))
    .max(DAY_ITEMS),
  /** All other items together. */
  others: z.strictObject({ quantity: Units, grossMinor: NonNegativeMinor }),
});
export type KitchenDay = z.infer<typeof KitchenDay>;

/** An account of a tax, with its rate in parts per million: `restaurantTax:100000`. */
const TaxAccount = z.string().regex(/^(restaurantTax|platformTax):\d{1,8}$/);

export const CurrencyDay = z.strictObject({
  books: z.partialRecord(Book, BookDay),
  /** The classes `restaurantTax` and `platformTax` by account; absent without movements. */
  taxes: z.record(TaxAccount, BookDay).optional(),
  sales: Sales.optional(),
});
export type CurrencyDay = z.infer<typeof CurrencyDay>;

/**
 * `{owner}/days/{day}`: one owner's ledger summary of a day. The owner is `restaurants/{id}` (class `merchant`),
 * `ledgerAccounts/{id}` of a courier (`courier`: earned, `cash`: collected in cash, `held`: held for an operator) or
 * `books/platform` (every class of accounts). Absent for a day without movements. Assets and expenses are positive when
 * debited, liabilities and income when credited, as `CHART` has them.
 */
export const DayBook = z.strictObject({
  day: Day,
  /** The number of journals that it sums up. */
  journals: z.int().min(0),
  /** For the platform: the summary of an owner could not be written, so the day is summed up again. */
  incomplete: z.literal(true).optional(),
  currencies: z.record(Currency, CurrencyDay),
  /** Of a restaurant with fulfilled orders on this day; absent in older days. */
  kitchen: KitchenDay.optional(),
});
export type DayBook = z.infer<typeof DayBook>;

/** A month of the ledger in UTC: `2026-03`. */
export const Month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/);

/**
 * `books/platform/months/{month}`: the platform's summary of a closed month, with the balances at its beginning and end.
 * A closed month never changes: what is corrected later is posted to the month of the correction.
 */
export const MonthBook = z.strictObject({
  month: Month,
  /** The number of journals that it sums up. */
  journals: z.int().min(0),
  currencies: z.record(Currency, CurrencyDay),
  closedAtMs: EpochMs,
});
export type MonthBook = z.infer<typeof MonthBook>;

/** The maximum number of days in a report. */
export const REPORT_DAYS = 31;
