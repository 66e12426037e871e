import type { MoneyEffect, Order } from '../contract/orders.js';
import type { DriftKind } from '../contract/reconciliation.js';

/**
 * - `follow`: what the webhook would have done.
 * - `release`: the hold goes back to the customer.
 * - `repeat`: what the order's own event asked of the provider, by the same keys.
 * - `operator`: money that nobody here can explain is nobody's to move.
 */
export type Remedy = 'follow' | 'release' | 'repeat' | 'operator';

export const REMEDIES: Readonly<Record<DriftKind, Remedy>> = {
  lost_webhook: 'follow',
  orphan_hold: 'release',
  missing_void: 'repeat',
  missing_capture: 'repeat',
  unnoted_end: 'repeat',
  missing_transfer: 'repeat',
  lost_hold: 'operator',
  capture_mismatch: 'operator',
  unknown_capture: 'operator',
  transfer_mismatch: 'operator',
  unknown_transfer: 'operator',
  missing_refund: 'operator',
  double_refund: 'operator',
  unknown_refund: 'operator',
  unknown_dispute: 'operator',
};

/** What is to be done once more: the order's last word on its holds, or on its merchant's part. Null: it never said one. */
export function moneyToRepeat({ events }: Order, kind: DriftKind): MoneyEffect | null {
  const ofTransfer = kind === 'missing_transfer';
  return events.findLast(({ money }) => money && (money.type === 'transfer') === ofTransfer)?.money ?? null;
}
