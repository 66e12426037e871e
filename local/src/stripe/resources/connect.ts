import { balances, recordBalance } from '../balance.js';
import { invalidParameter, refused } from '../errors.js';
import type { Params } from '../forms.js';
import type { Call, Route } from '../route.js';
import { LIST_PARAMETERS } from '../table.js';
import type { Account, PayoutInterval, Reversal, Transfer } from '../types.js';
import type { StripeState } from '../stripe-state.js';
import { addBank, findBank } from './bank-accounts.js';

const ACCOUNT = [
  'business_profile',
  'business_type',
  'capabilities',
  'company',
  'controller',
  'email',
  'individual',
  'metadata',
  'settings',
];
const LINK_SECONDS = 300;

export const connectRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/v1/accounts',
    accepts: [...ACCOUNT, 'country', 'default_currency', 'type'],
    run: createAccount,
  },
  {
    method: 'GET',
    path: '/v1/accounts',
    accepts: LIST_PARAMETERS,
    run: (state, { params, path }) => state.accounts.page(params, path),
  },
  { method: 'GET', path: '/v1/accounts/:id', accepts: [], run: (state, { id }) => state.accounts.get(id, 'account') },
  { method: 'POST', path: '/v1/accounts/:id', accepts: ACCOUNT, run: updateAccount },
  { method: 'DELETE', path: '/v1/accounts/:id', accepts: [], run: removeAccount },
  {
    method: 'POST',
    path: '/v1/account_links',
    accepts: ['account', 'collect', 'collection_options', 'refresh_url', 'return_url', 'type'],
    run: createLink,
  },
  {
    method: 'POST',
    path: '/v1/transfers',
    accepts: ['amount', 'currency', 'description', 'destination', 'metadata', 'source_transaction', 'transfer_group'],
    run: createTransfer,
  },
  {
    method: 'GET',
    path: '/v1/transfers',
    accepts: [...LIST_PARAMETERS, 'destination', 'transfer_group'],
    run: listTransfers,
  },
  {
    method: 'GET',
    path: '/v1/transfers/:id',
    accepts: [],
    run: (state, { id }) => state.transfers.get(id, 'transfer'),
  },
  {
    method: 'POST',
    path: '/v1/transfers/:id/reversals',
    accepts: ['amount', 'description', 'metadata', 'refund_application_fee'],
    run: reverse,
  },
  { method: 'GET', path: '/v1/transfers/:id/reversals', accepts: LIST_PARAMETERS, run: listReversals },
];

function createAccount(state: StripeState, { params }: Call): Account {
  const country = params.text('country') ?? 'DE';
  const account = state.accounts.add({
    ...state.stamp('acct', 'account'),
    metadata: params.metadata(),
    business_type: params.text('business_type') ?? null,
    capabilities: requestedCapabilities(params),
    charges_enabled: false,
    country,
    default_currency: params.text('default_currency') ?? (country === 'US' ? 'usd' : 'eur'),
    details_submitted: false,
    email: params.text('email') ?? null,
    payouts_enabled: false,
    requirements: {
      currently_due: ['external_account', 'tos_acceptance.date'],
      disabled_reason: 'requirements.past_due',
      eventually_due: [],
      past_due: [],
      pending_verification: [],
    },
    settings: { payouts: { schedule: { interval: payoutInterval(params) ?? 'daily' } } },
    type: params.choice('type', ['custom', 'express', 'standard']) ?? 'none',
  });
  state.emit('account.updated', account, account.id);
  return account;
}

/** Reads the payout schedule. It is only stored: the stand-in makes no automatic payouts in any schedule. */
function payoutInterval(params: Params): PayoutInterval | undefined {
  const schedule = params.child('settings')?.child('payouts')?.child('schedule');
  return schedule?.choice('interval', ['daily', 'manual', 'monthly', 'weekly']);
}

function requestedCapabilities(params: Params): Account['capabilities'] {
  const given = params.child('capabilities');
  const requested = given?.keys().filter((name) => given.child(name)?.flag('requested')) ?? [];
  return Object.fromEntries(requested.map((name) => [name, 'inactive' as const]));
}

function updateAccount(state: StripeState, { id, params }: Call): Account {
  const account = state.accounts.get(id, 'account');
  account.metadata = params.metadata(account.metadata);
  account.capabilities = { ...requestedCapabilities(params), ...account.capabilities };
  if (params.has('email')) account.email = params.text('email') ?? null;
  const { schedule } = account.settings.payouts;
  schedule.interval = payoutInterval(params) ?? schedule.interval;
  state.emit('account.updated', account, id);
  return account;
}

function removeAccount(state: StripeState, { id }: Call): object {
  state.accounts.get(id, 'account');
  state.accounts.remove(id);
  return { id, object: 'account', deleted: true };
}

/**
 * Onboards an account as if its holder had submitted Stripe's form: all requested capabilities become active, and the
 * account has a bank account.
 */
export function onboard(state: StripeState, id: string): Account {
  const account = state.accounts.get(id, 'account');
  Object.assign(account, { charges_enabled: true, details_submitted: true, payouts_enabled: true });
  Object.assign(account.requirements, { currently_due: [], disabled_reason: null });
  for (const name of Object.keys(account.capabilities)) account.capabilities[name] = 'active';
  if (!findBank(state, id)) addBank(state, account, { instant: true, failureCode: null });
  state.emit('account.updated', account, id);
  return account;
}

/** Pauses or resumes payouts. Source: Stripe docs, "Pause payments and payouts on connected accounts". */
export function setPayouts(state: StripeState, id: string, enabled: boolean): Account {
  const account = state.accounts.get(id, 'account');
  account.payouts_enabled = enabled;
  state.emit('account.updated', account, id);
  return account;
}

/** Creates a link to a page of this stand-in that onboards at once and redirects to `return_url`. */
function createLink(state: StripeState, { params }: Call): object {
  const account = state.accounts.referenced(params.requiredText('account'), 'account').id;
  const type = params.choice('type', ['account_onboarding', 'account_update']) ?? 'account_onboarding';
  const returnUrl = params.requiredText('return_url');
  params.requiredText('refresh_url');
  const created = state.nowSeconds();
  const url = `${state.baseUrl}/_local/accounts/${account}/${type}?return_url=${encodeURIComponent(returnUrl)}`;
  return { object: 'account_link', created, expires_at: created + LINK_SECONDS, url };
}

function createTransfer(state: StripeState, { params }: Call): Transfer {
  const amount = params.requiredAmount('amount');
  const currency = params.requiredText('currency').toLowerCase();
  const destination = state.accounts.referenced(params.requiredText('destination'), 'destination');
  if (destination.capabilities['transfers'] !== 'active') {
    throw refused(
      'Your destination account needs to have at least one of the following capabilities enabled: transfers, crypto_transfers, legacy_payments',
      'insufficient_capabilities_for_transfer',
    );
  }
  const source = params.text('source_transaction');
  if (source === undefined) checkBalance(state, amount, currency);
  else checkSource(state, source, amount, currency);
  const stamp = state.stamp('tr', 'transfer');
  const transfer = state.transfers.add({
    ...stamp,
    metadata: params.metadata(),
    amount,
    amount_reversed: 0,
    balance_transaction: recordBalance(state, 'transfer', -amount, currency, stamp.id).id,
    currency,
    description: params.text('description') ?? null,
    destination: destination.id,
    reversed: false,
    source_transaction: source ?? null,
    transfer_group: params.text('transfer_group') ?? null,
  });
  recordBalance(state, 'payment', amount, currency, stamp.id, { account: destination.id });
  state.emit('transfer.created', transfer);
  return transfer;
}

function checkBalance(state: StripeState, amount: number, currency: string): void {
  if (amount > (balances(state).get(currency) ?? 0))
    throw refused('You have insufficient available funds in your Stripe account.', 'balance_insufficient');
}

function checkSource(state: StripeState, source: string, amount: number, currency: string): void {
  const charge = state.charges.referenced(source, 'source_transaction');
  if (charge.currency !== currency)
    throw invalidParameter(
      "The currency of source_transaction's balance transaction must match the transfer.",
      'currency',
    );
  if (!charge.captured) throw refused('Cannot use an uncaptured charge as a source_transaction.');
  const used = state.transfers
    .all()
    .filter((transfer) => transfer.source_transaction === source)
    .reduce((total, transfer) => total + transfer.amount - transfer.amount_reversed, 0);
  if (used + amount > charge.amount_captured) {
    throw refused(
      `Transfers using this transaction as a source must not exceed the source amount of ${charge.amount_captured}. ${used} is already transferred.`,
    );
  }
}

function listTransfers(state: StripeState, { params, path }: Call): object {
  const [destination, group] = [params.text('destination'), params.text('transfer_group')];
  return state.transfers.page(
    params,
    path,
    (transfer) =>
      (destination === undefined || transfer.destination === destination) &&
      (group === undefined || transfer.transfer_group === group),
  );
}

function reverse(state: StripeState, { id, params }: Call): Reversal {
  const transfer = state.transfers.get(id, 'transfer');
  const left = transfer.amount - transfer.amount_reversed;
  const amount = params.amount('amount') ?? left;
  if (left === 0 || amount > left) {
    throw refused(
      `Reversal amount (${amount}) is greater than the unreversed amount of the transfer (${left}).`,
      undefined,
      { param: 'amount' },
    );
  }
  checkDestination(state, transfer, amount);
  const stamp = state.stamp('trr', 'transfer_reversal');
  transfer.amount_reversed += amount;
  transfer.reversed = transfer.amount_reversed === transfer.amount;
  const reversal = state.reversals.add({
    ...stamp,
    metadata: params.metadata(),
    amount,
    currency: transfer.currency,
    transfer: id,
    balance_transaction: recordBalance(state, 'transfer_refund', amount, transfer.currency, stamp.id).id,
  });
  recordBalance(state, 'payment_refund', -amount, transfer.currency, stamp.id, { account: transfer.destination });
  state.emit('transfer.reversed', transfer);
  return reversal;
}

/** Source: Stripe API reference, "Transfer Reversals": the destination account's balance must cover the reversal. */
function checkDestination(state: StripeState, { destination, currency }: Transfer, amount: number): void {
  if (amount > (balances(state, destination).get(currency) ?? 0))
    throw refused('The destination account has insufficient funds for this reversal.', 'balance_insufficient');
}

function listReversals(state: StripeState, { id, params, path }: Call): object {
  state.transfers.get(id, 'transfer');
  return state.reversals.page(params, path, (reversal) => reversal.transfer === id);
}
