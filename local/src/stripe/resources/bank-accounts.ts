import type { PayoutFailureCode } from '../payout-failures.js';
import type { Call, Route } from '../route.js';
import { LIST_PARAMETERS } from '../table.js';
import type { Account, BankAccount } from '../types.js';
import type { StripeState } from '../stripe-state.js';

/** Reads of external accounts. They are added by Stripe's form, since Express accounts manage their own. */
export const bankAccountRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/v1/accounts/:id/external_accounts',
    accepts: [...LIST_PARAMETERS, 'object'],
    run: listExternalAccounts,
  },
];

interface BankBehaviour {
  /** True where the bank accepts Instant Payouts. */
  readonly instant: boolean;
  /** The code with which the bank fails each payout; null for a bank that accepts them. */
  readonly failureCode: PayoutFailureCode | null;
}

/** Adds a bank account in the account's currency; payouts go to the newest one. */
export function addBank(state: StripeState, account: Account, { instant, failureCode }: BankBehaviour): BankAccount {
  const { id, object, created } = state.stamp('ba', 'bank_account');
  const bank = state.bankAccounts.add({
    id,
    object,
    created,
    account: account.id,
    available_payout_methods: instant ? ['standard', 'instant'] : ['standard'],
    country: account.country,
    currency: account.default_currency,
    default_for_currency: true,
    last4: '3000',
    status: 'new',
  });
  if (failureCode !== null) state.refusingBanks.set(id, failureCode);
  state.emit('account.external_account.created', bank, account.id);
  return bank;
}

/** Returns the bank account to which the account's payouts go. */
export function findBank(state: StripeState, account: string): BankAccount | undefined {
  return state.bankAccounts.all().findLast((bank) => bank.account === account);
}

function listExternalAccounts(state: StripeState, { id, params, path }: Call): object {
  state.accounts.get(id, 'account');
  params.choice('object', ['bank_account']);
  return state.bankAccounts.page(params, path, (bank) => bank.account === id);
}
