import { z } from 'zod';
import { Day } from '../books.js';
import { Currency, DocumentId, Minor, NonNegativeMinor } from '../common.js';

/** A report covers so many days at most. */
export const REPORT_DAYS = 31;

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
  payoutsReport: { input: PayoutsReportInput, output: PayoutsReportOutput },
} as const;
