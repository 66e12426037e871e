import type { MoneyEffect, Order } from '../../contract/orders.js';
import type { DriftKind } from '../../contract/reconciliation.js';

/**
 * - `follow`: what the webhook would have done.
 * - `release`: the hold goes back to the customer.
 * - `repeat`: what the order's own event asked of the provider, by the same keys.
 * - `refund`: what the order's own refunds asked of it, by theirs.
 * - `operator`: money that nobody here can explain is nobody's to move.
 */
export type Remedy = 'follow' | 'release' | 'repeat' | 'refund' | 'operator';

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
};

/**
 * What is to be done once more: the order's last word on its holds, or on its merchant's part. Null: it never said one.
 */
export function moneyToRepeat({ events }: Order, kind: DriftKind): MoneyEffect | null {
  const ofTransfer = kind === 'missing_transfer';
  return events.findLast(({ money }) => money && (money.type === 'transfer') === ofTransfer)?.money ?? null;
}
