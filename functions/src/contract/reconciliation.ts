import { z } from 'zod';
import { Currency, EpochMs, Minor } from './common.js';
import { Day } from './books.js';

/** How our books and the provider's may differ about an order, and our accounts from the documents behind them. */
export const DRIFTS = [
  'lost_webhook',
  'orphan_hold',
  'missing_void',
  'missing_capture',
  'unnoted_end',
  'missing_transfer',
  'lost_hold',
  'capture_mismatch',
  'unknown_capture',
  'transfer_mismatch',
  'unknown_transfer',
  'missing_refund',
  'missing_reversal',
  'double_refund',
  'unknown_refund',
  'unknown_dispute',
  'tip_refunded',
  'balance_mismatch',
  'account_differs',
] as const;
export const DriftKind = z.enum(DRIFTS);
export type DriftKind = z.infer<typeof DriftKind>;

export const Drift = z.strictObject({
  kind: DriftKind,
  /**
   * As the provider has the order's id; the provider's own id where it names none; `balance-EUR` for its balance; for
   * an account of no order, its name.
   */
  orderId: z.string().max(100),
  /** The provider's name for the PaymentIntent or the dispute. */
  providerId: z.string().max(100).nullable(),
  /** For `account_differs`, which: `oursMinor` is what it holds, `theirsMinor` what its documents come to. */
  account: z.string().max(200).optional(),
  oursMinor: Minor,
  theirsMinor: Minor,
});
export type Drift = z.infer<typeof Drift>;

/** `failed`: the repair did not go through; the next night tries again. */
export const OUTCOMES = ['repaired', 'raised', 'failed'] as const;

/** Drifts that a report names one by one; it counts them all. */
export const NAMED_DRIFTS = 200;
/** Orders that one report hands to the next: a document has room for about twice as many. */
export const OPEN_ORDERS = 8_000;
/**
 * What orders moved on a day in the provider's balance, fees and payouts to the bank aside: by both books, and in all.
 */
export const BalanceDay = z.strictObject({
  oursMinor: Minor,
  theirsMinor: Minor,
  /** Ours less theirs since the first reconciliation. */
  differenceMinor: Minor,
});
export type BalanceDay = z.infer<typeof BalanceDay>;

/** `reconciliations/{day}`: what was compared of a day and of the orders left open by the night before. */
export const Reconciliation = z.strictObject({
  day: Day,
  state: z.enum(['running', 'done']),
  /** All orders up to this id were looked at: where a run that died goes on. */
  doneUntil: z.string(),
  orders: z.int().min(0),
  counts: z.partialRecord(DriftKind, z.int().min(1)),
  drifts: z.array(Drift.extend({ outcome: z.enum(OUTCOMES) })).max(NAMED_DRIFTS),
  /** Under way, or repaired just now: the next night looks at them again. */
  open: z.array(z.string()).max(OPEN_ORDERS),
  /** Absent until the day is done. */
  balances: z.record(Currency, BalanceDay).optional(),
  startedAtMs: EpochMs,
  finishedAtMs: EpochMs.nullable(),
});
export type Reconciliation = z.infer<typeof Reconciliation>;
