import type { MoneyEffect, Order } from '../../contract/orders.js';
import type { DriftKind } from '../../contract/reconciliation.js';

/**
 * - `follow`: does what the webhook would have done.
 * - `release`: releases the authorisation to the customer.
 * - `repeat`: repeats the requests of the order's own event to the provider, by the same keys.
 * - `refund`: repeats the order's own refunds, by their keys.
 * - `payout`: repeats the steps of a payout to a courier, by its keys.
 * - `operator`: unexplained differences are never corrected automatically; they become operator tasks.
 */
export type Remedy = 'follow' | 'release' | 'repeat' | 'refund' | 'payout' | 'operator';

export const REMEDIES: Readonly<Record<DriftKind, Remedy>> = {
  lost_webhook: 'follow',
  unknown_dispute: 'follow',
  orphan_hold: 'release',
  missing_void: 'repeat',
  missing_capture: 'repeat',
  unnoted_end: 'repeat',
  missing_transfer: 'repeat',
  missing_refund: 'refund',
  missing_reversal: 'refund',
  lost_hold: 'operator',
  capture_mismatch: 'operator',
  unknown_capture: 'operator',
  transfer_mismatch: 'operator',
  unknown_transfer: 'operator',
  double_refund: 'operator',
  unknown_refund: 'operator',
  tip_refunded: 'operator',
  balance_mismatch: 'operator',
  account_differs: 'operator',
  missing_courier_transfer: 'payout',
  unknown_courier_transfer: 'payout',
  courier_transfer_mismatch: 'operator',
  endless_payout: 'operator',
};

/**
 * Finds the effect to repeat: the order's last decision on its PaymentIntents, or on its merchant's part. Null: there
 * is none.
 */
export function moneyToRepeat({ events }: Order, kind: DriftKind): MoneyEffect | null {
  const ofTransfer = kind === 'missing_transfer';
  return events.findLast(({ money }) => money && (money.type === 'transfer') === ofTransfer)?.money ?? null;
}
