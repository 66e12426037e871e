import { z } from 'zod';
import { Day, Month } from '../contract/books.js';
import { Currency, DocumentId, EpochMs, Minor, NonNegativeMinor } from '../contract/common.js';
import { Reason } from '../contract/moves.js';
import { JournalKind } from '../contract/orders.js';
import { defineCallable } from './define-callable.js';

export const PayoutsReportInput = z.strictObject({
  restaurantId: DocumentId,
  /** UTC days, both included. */
  fromDay: Day,
  toDay: Day,
});
export const Payout = z.strictObject({
  orderId: DocumentId,
  day: Day,
  amountMinor: NonNegativeMinor,
  currency: Currency,
  /** The provider's transfer; null while it is not made. */
  transferId: z.string().nullable(),
  /** What the connected account got by it, less what was taken back. */
  transferredMinor: NonNegativeMinor,
});
export type Payout = z.infer<typeof Payout>;
export const PayoutsReportOutput = z.strictObject({
  payouts: z.array(Payout),
  /** By currency; what the ledger says and what the provider has differ while a transfer is missing or was reversed. */
  totals: z.record(Currency, z.strictObject({ paidOutMinor: Minor, transferredMinor: Minor })),
  /** The same as a file: a header and a line per payout, by RFC 4180. */
  csv: z.string(),
});

export const MonthReportInput = z.strictObject({ month: Month });
/** One account of the platform in a month, in the sense of its nature: expenses and assets positive when debited. */
export const MonthLine = z.strictObject({
  currency: Currency,
  /** `commission`; taxes with their rate, `restaurantTax:100000`. */
  account: z.string(),
  nature: z.enum(['asset', 'liability', 'income', 'expense']),
  openingMinor: Minor,
  /** By kind of journal: `payout` is what merchants were paid. */
  moved: z.partialRecord(JournalKind, Minor),
  closingMinor: Minor,
});
export type MonthLine = z.infer<typeof MonthLine>;
export const MonthReportOutput = z.strictObject({
  month: Month,
  /** Null while the month is open: then the report has its days so far. */
  closedAtMs: EpochMs.nullable(),
  lines: z.array(MonthLine),
  /** The same as a file: a header and a line per account and kind of journal, by RFC 4180. */
  csv: z.string(),
});

export const MigrateLedgerInput = z.strictObject({
  /** The `next` of the call before; null for the first one. */
  after: z
    .string()
    .regex(/^[\x21-\x7e]{1,300}$/)
    .refine((id) => !id.includes('/'), 'must be the id of a journal')
    .nullable(),
  reason: Reason,
});
export const MigrateLedgerOutput = z.strictObject({
  /** Journals whose amounts were moved by this call. */
  moved: z.int().min(0),
  /** Journals that were moved before. */
  known: z.int().min(0),
  /** Journals whose amounts cannot be separated, for example of orders whose quote is deleted. */
  left: z.int().min(0),
  next: z.string().nullable(),
});

export const BOOK_CALLS = {
  migrateLedger: defineCallable({
    description: 'Moves amounts of journals from before the chart of accounts to its accounts, 100 at a time',
    audience: 'operator',
    input: MigrateLedgerInput,
    output: MigrateLedgerOutput,
    roles: ['operator'],
    reasons: [],
    example: {
      input: { after: null, reason: 'new chart of accounts' },
      output: { moved: 98, known: 0, left: 2, next: 'Hk3VYq0sWm8RtZ1bNcX7-12' },
    },
    handler: async () => (await import('../reconciliation/migrate-ledger.js')).migrateLedger,
  }),
  monthReport: defineCallable({
    description: 'Reports what the platform earned, spent, holds and owes in a month, by account, also as CSV',
    audience: 'operator',
    input: MonthReportInput,
    output: MonthReportOutput,
    roles: ['operator'],
    reasons: ['PERIOD_EMPTY'],
    example: {
      input: { month: '2026-03' },
      output: {
        month: '2026-03',
        closedAtMs: 1_775_269_800_000,
        lines: [
          {
            currency: 'EUR',
            account: 'commission',
            nature: 'income',
            openingMinor: 0,
            moved: { settlement: 3330, refund: -166 },
            closingMinor: 3164,
          },
        ],
        csv: [
          'month,currency,nature,account,entry,amount',
          '2026-03,EUR,income,commission,opening,0.00',
          '2026-03,EUR,income,commission,settlement,33.30',
          '2026-03,EUR,income,commission,refund,-1.66',
          '2026-03,EUR,income,commission,closing,31.64',
          '',
        ].join('\r\n'),
      },
    },
    handler: async () => (await import('../ledger/month-report.js')).monthReport,
  }),
  payoutsReport: defineCallable({
    description: 'Lists a restaurant’s payouts of up to 31 days beside Stripe’s transfers, also as CSV',
    audience: 'owner, manager, operator',
    input: PayoutsReportInput,
    output: PayoutsReportOutput,
    roles: ['merchant', 'operator'],
    secrets: ['STRIPE_SECRET_KEY'],
    reasons: ['RESTAURANT_NOT_FOUND', 'ROLE_NOT_ALLOWED', 'PERIOD_INVALID'],
    example: {
      input: { restaurantId: 'restaurant-1', fromDay: '2026-03-01', toDay: '2026-03-07' },
      output: {
        payouts: [
          {
            orderId: 'Hk3VYq0sWm8RtZ1bNcX7',
            day: '2026-03-02',
            amountMinor: 1432,
            currency: 'EUR',
            transferId: 'tr_1QxYcB2eZvKYlo2C',
            transferredMinor: 1432,
          },
        ],
        totals: { EUR: { paidOutMinor: 1432, transferredMinor: 1432 } },
        csv: [
          'day,order,currency,amount,transfer,transferred',
          '2026-03-02,Hk3VYq0sWm8RtZ1bNcX7,EUR,14.32,tr_1QxYcB2eZvKYlo2C,14.32',
          '',
        ].join('\r\n'),
      },
    },
    handler: async () => (await import('../payments/payouts-report.js')).payoutsReport,
  }),
};
