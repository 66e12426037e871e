import { z } from 'zod';
import { Currency, EpochMs, Minor } from './common.js';
import { Day } from './books.js';
import { ACCOUNT_CHARS } from './orders.js';

/**
 * How the platform's ledger and the provider's records may differ about an order, and the platform's accounts from the
 * documents behind them.
 */
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
  'missing_courier_transfer',
  'unknown_courier_transfer',
  'courier_transfer_mismatch',
  'endless_payout',
] as const;
export const DriftKind = z.enum(DRIFTS);
export type DriftKind = z.infer<typeof DriftKind>;

export const Drift = z.strictObject({
  kind: DriftKind,
  /**
   * The order's id as the provider has it; the provider's own id where it names none; `balance-EUR` for its balance;
   * for an account without an order, its name; for a payout to a courier, its id.
   */
  orderId: z.string().max(ACCOUNT_CHARS),
  /** The provider's id of the PaymentIntent or the dispute. */
  providerId: z.string().max(100).nullable(),
  /** For `account_differs`, the account: `oursMinor` is its balance, `theirsMinor` the sum of its documents. */
  account: z.string().max(ACCOUNT_CHARS).optional(),
  oursMinor: Minor,
  theirsMinor: Minor,
});
export type Drift = z.infer<typeof Drift>;

/** `failed`: the repair failed; the next night tries again. */
export const OUTCOMES = ['repaired', 'raised', 'failed'] as const;

/** The number of drifts that a report lists; it counts all of them. */
export const NAMED_DRIFTS = 200;
/** The number of orders that one report passes to the next: a document has room for about twice as many. */
export const OPEN_ORDERS = 8_000;
/**
 * The amounts that orders moved on a day in the provider's balance, without fees and payouts to the bank: by the
 * platform's ledger, by the provider, and in all.
 */
export const BalanceDay = z.strictObject({
  oursMinor: Minor,
  theirsMinor: Minor,
  /** The ledger's amount less the provider's, since the first reconciliation. */
  differenceMinor: Minor,
});
export type BalanceDay = z.infer<typeof BalanceDay>;

/** `reconciliations/{day}`: the comparison of a day and of the orders that the previous night left open. */
export const Reconciliation = z.strictObject({
  day: Day,
  state: z.enum(['running', 'done']),
  /** All orders up to this id were compared: a run that stopped continues here. */
  doneUntil: z.string(),
  orders: z.int().min(0),
  counts: z.partialRecord(DriftKind, z.int().min(1)),
  drifts: z.array(Drift.extend({ outcome: z.enum(OUTCOMES) })).max(NAMED_DRIFTS),
  /** Orders under way, or repaired just now: the next night compares them again. */
  open: z.array(z.string()).max(OPEN_ORDERS),
  /** Absent until the day is done. */
  balances: z.record(Currency, BalanceDay).optional(),
  startedAtMs: EpochMs,
  finishedAtMs: EpochMs.nullable(),
});
export type Reconciliation = z.infer<typeof Reconciliation>;
