import type { BalanceTransaction } from './types.js';
import type { StripeState } from './stripe-state.js';

/** Stripe's European card price: 1.5 % + 25 minor units. */
const FEE_BASIS_POINTS = 150;
const FEE_FIXED = 25;

/**
 * Records an amount in the balance; it is negative when it leaves the platform. Charges pay Stripe's fee, others the
 * given fee.
 */
export function recordBalance(
  state: StripeState,
  type: BalanceTransaction['type'],
  amount: number,
  currency: string,
  source: string,
  extraFee = 0,
): BalanceTransaction {
  const fee = type === 'charge' ? Math.round((amount * FEE_BASIS_POINTS) / 10_000) + FEE_FIXED : extraFee;
  const { id, object, created } = state.stamp('txn', 'balance_transaction');
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

/** Returns the platform's balance by currency. All of it is available at once, as with Stripe's bypass-pending card. */
export function balances(state: StripeState): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { currency, net } of state.balanceTransactions.all()) sums.set(currency, (sums.get(currency) ?? 0) + net);
  return sums;
}
