import { missing } from './errors.js';
import type { Call } from './route.js';
import type { Table } from './table.js';
import type { BalanceTransaction, StripeObject } from './types.js';
import type { StripeState } from './stripe-state.js';

/** Stripe's European card price: 1.5 % + 25 minor units. */
const FEE_BASIS_POINTS = 150;
const FEE_FIXED = 25;

interface BalanceOptions {
  /** The fee where the amount is not a charge. */
  readonly fee?: number;
  /** The connected account whose balance changes; null for the platform's. */
  readonly account?: string | null;
}

/**
 * Records an amount in a balance; it is negative when it leaves the balance. Charges pay Stripe's fee, others the given
 * fee.
 */
export function recordBalance(
  state: StripeState,
  type: BalanceTransaction['type'],
  amount: number,
  currency: string,
  source: string,
  { fee: extraFee = 0, account = null }: BalanceOptions = {},
): BalanceTransaction {
  const fee = type === 'charge' ? Math.round((amount * FEE_BASIS_POINTS) / 10_000) + FEE_FIXED : extraFee;
  const { id, object, created } = state.stamp('txn', 'balance_transaction');
  if (account !== null) state.owners.set(id, account);
  return state.balanceTransactions.add({
    id,
    object,
    created,
    amount,
    available_on: created,
    currency,
    fee,
    net: amount - fee,
    source,
    status: 'available',
    type,
  });
}

/**
 * Returns the balance of the platform, or of a connected account, by currency. All of it is available at once, as with
 * Stripe's bypass-pending card.
 */
export function balances(state: StripeState, account: string | null = null): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { id, currency, net } of state.balanceTransactions.all())
    if (isOwnedBy(state, id, account)) sums.set(currency, (sums.get(currency) ?? 0) + net);
  return sums;
}

/** True where a balance transaction or payout belongs to the connected account; null: to the platform. */
export function isOwnedBy(state: StripeState, id: string, account: string | null): boolean {
  return (state.owners.get(id) ?? null) === account;
}

/** Returns an object that a path names. Throws 404 for an unknown one, and for one of another account. */
export function getOwned<Row extends StripeObject>(
  state: StripeState,
  table: Table<Row>,
  { id, account }: Pick<Call, 'id' | 'account'>,
): Row {
  const row = table.get(id);
  if (!isOwnedBy(state, id, account)) throw missing(row.object, id, 'id', 404);
  return row;
}
