import { z } from 'zod';
import { Day } from '../contract/books.js';
import { Currency, DocumentId, Minor, NonNegativeMinor } from '../contract/common.js';
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

export const BOOK_CALLS = {
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
