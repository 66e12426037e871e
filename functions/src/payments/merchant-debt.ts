import { FieldValue, type Transaction } from 'firebase-admin/firestore';
import type { Journal, OrderEvent } from '../contract/orders.js';
import { ACCOUNTS } from '../ledger/model/chart.js';
import { getTerms } from '../platform/caches.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { update } from '../platform/stored.js';

/**
 * Reads what a merchant owes the platform. Most owe nothing, which the cache knows without a read: a debt of the last
 * minutes is deducted from a later payout.
 */
export async function readMerchantDebt(ctx: Context, tx: Transaction, restaurantId: string): Promise<number> {
  if ((await getTerms(ctx, restaurantId)).debt === undefined) return 0;
  return (await tx.get(paths.terms(ctx.db, restaurantId))).data()?.debt?.owedMinor ?? 0;
}

/** Raises a merchant's debt, or lowers it by what a payout deducted; 0 writes nothing. */
export function changeMerchantDebt(ctx: Context, tx: Transaction, restaurantId: string, byMinor: number): void {
  if (byMinor === 0) return;
  // The time counts from the night after the last payout that deducted something.
  const since = byMinor < 0 ? { 'debt.sinceMs': FieldValue.delete() } : {};
  update(tx, paths.terms(ctx.db, restaurantId), { 'debt.owedMinor': FieldValue.increment(byMinor), ...since });
}

/**
 * Returns the change of the merchant's debt by a step: what its settlement takes from the merchant, less what its payout
 * deducted.
 */
export function computeDebtChange(journal: Journal | null, { money }: OrderEvent): number {
  const entries = journal?.kind === 'settlement' ? journal.entries : [];
  const taken = entries.filter(({ account }) => account.startsWith(MERCHANT));
  const takenMinor = taken.reduce((sum, { amountMinor }) => sum + Math.max(0, amountMinor), 0);
  return takenMinor - (money?.type === 'transfer' ? (money.debtMinor ?? 0) : 0);
}

const MERCHANT = ACCOUNTS.merchant('');
