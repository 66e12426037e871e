import { balances, getOwned, isOwnedBy, recordBalance } from '../balance.js';
import { invalidParameter, refused } from '../errors.js';
import type { PayoutFailureCode } from '../payout-failures.js';
import type { Call, Route } from '../route.js';
import { LIST_PARAMETERS } from '../table.js';
import type { BalanceTransaction, Payout } from '../types.js';
import type { StripeState } from '../stripe-state.js';
import { findBank } from './bank-accounts.js';

/**
 * The delay after which a payout is submitted to the bank, and after which it arrives. Stripe needs minutes for an
 * Instant Payout and days for a standard one.
 */
const SUBMITTED_SECONDS = 5;
const ARRIVES_SECONDS = { instant: 5, standard: 10 } as const;
/** Source: Stripe API reference, "Create a payout". */
const LONGEST_DESCRIPTOR = 22;

/**
 * Payouts of the platform and, with the `Stripe-Account` header, of connected accounts. Source: Stripe API reference,
 * "Payouts". Stripe bills its fee for Instant Payouts of Express accounts to the platform, but documents no balance
 * transaction for it: the stand-in charges none.
 */
export const payoutRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/v1/payouts',
    accepts: ['amount', 'currency', 'description', 'metadata', 'method', 'source_type', 'statement_descriptor'],
    forAccounts: true,
    run: create,
  },
  {
    method: 'GET',
    path: '/v1/payouts',
    accepts: [...LIST_PARAMETERS, 'destination', 'status'],
    forAccounts: true,
    run: list,
  },
  {
    method: 'GET',
    path: '/v1/payouts/:id',
    accepts: [],
    forAccounts: true,
    run: (state, call) => getOwned(state, state.payouts, call),
  },
  { method: 'POST', path: '/v1/payouts/:id', accepts: ['metadata'], forAccounts: true, run: update },
  { method: 'POST', path: '/v1/payouts/:id/cancel', accepts: [], forAccounts: true, run: cancel },
];

function create(state: StripeState, { params, account }: Call): Payout {
  const amount = params.requiredAmount('amount');
  const currency = params.requiredText('currency').toLowerCase();
  const method = params.choice('method', ['instant', 'standard']) ?? 'standard';
  params.choice('source_type', ['card']);
  const descriptor = params.text('statement_descriptor') ?? null;
  if (descriptor !== null && descriptor.length > LONGEST_DESCRIPTOR)
    throw invalidParameter('The statement descriptor must be at most 22 characters.', 'statement_descriptor');
  checkPayable(state, account, method);
  if (amount > (balances(state, account).get(currency) ?? 0)) {
    throw refused(
      'You have insufficient funds in your Stripe account for this transfer. Your card balance is too low. You can use the /v1/balance endpoint to view your Stripe balance (for more details, see stripe.com/docs/api#balance).',
      'balance_insufficient',
    );
  }
  const stamp = state.stamp('po', 'payout');
  if (account !== null) state.owners.set(stamp.id, account);
  const payout = state.payouts.add({
    ...stamp,
    metadata: params.metadata(),
    amount,
    application_fee: null,
    application_fee_amount: null,
    arrival_date: stamp.created + ARRIVES_SECONDS[method],
    automatic: false,
    balance_transaction: recordBalance(state, 'payout', -amount, currency, stamp.id, { account }).id,
    currency,
    description: params.text('description') ?? null,
    destination: account === null ? null : (findBank(state, account)?.id ?? null),
    failure_balance_transaction: null,
    failure_code: null,
    failure_message: null,
    method,
    original_payout: null,
    reconciliation_status: 'not_applicable',
    reversed_by: null,
    source_type: 'card',
    statement_descriptor: descriptor,
    status: 'pending',
    trace_id: { status: 'pending', value: null },
    type: 'bank_account',
  });
  emit(state, 'payout.created', payout);
  followPayout(state, payout);
  return payout;
}

/** Source: Stripe docs, "Error codes": `payouts_not_allowed`, `instant_payouts_unsupported`. */
function checkPayable(state: StripeState, account: string | null, method: Payout['method']): void {
  if (account !== null && !state.accounts.get(account).payouts_enabled)
    throw refused('Payouts have been disabled on the connected account.', 'payouts_not_allowed');
  const bank = account === null ? undefined : findBank(state, account);
  if (method === 'instant' && !bank?.available_payout_methods.includes('instant'))
    throw refused('The external account does not support Instant Payouts.', 'instant_payouts_unsupported');
}

function list(state: StripeState, { params, path, account }: Call): object {
  const [destination, status] = [params.text('destination'), params.text('status')];
  return state.payouts.page(
    params,
    path,
    (payout) =>
      isOwnedBy(state, payout.id, account) &&
      (destination === undefined || payout.destination === destination) &&
      (status === undefined || payout.status === status),
  );
}

function update(state: StripeState, call: Call): Payout {
  const payout = getOwned(state, state.payouts, call);
  payout.metadata = call.params.metadata(payout.metadata);
  emit(state, 'payout.updated', payout);
  return payout;
}

function cancel(state: StripeState, call: Call): Payout {
  const payout = getOwned(state, state.payouts, call);
  requireStatus(payout, ['pending'], 'canceled');
  payout.status = 'canceled';
  giveBack(state, payout, 'payout_cancel');
  emit(state, 'payout.canceled', payout);
  return payout;
}

/** Restarts the timers of payouts after a snapshot was restored. */
export function resumePayouts(state: StripeState): void {
  for (const payout of state.payouts.all()) if (isUnderWay(payout)) followPayout(state, payout);
}

/** Submits the payout to the bank and then pays it; the account's bank may fail it instead. */
function followPayout(state: StripeState, payout: Payout): void {
  const later = (seconds: number, run: () => void): void => {
    state.clock.at((payout.created + seconds) * 1000, () => {
      // A reset in the meantime has deleted this payout; a call has cancelled, paid or failed it.
      if (state.payouts.find(payout.id) === payout && isUnderWay(payout)) run();
    });
  };
  later(ARRIVES_SECONDS[payout.method], () => {
    const code = state.refusingBanks.get(payout.destination ?? '');
    if (code === undefined) payPayout(state, payout.id);
    else failPayout(state, payout.id, code);
  });
  if (payout.method === 'instant') return;
  later(SUBMITTED_SECONDS, () => {
    payout.status = 'in_transit';
    emit(state, 'payout.updated', payout);
  });
}

function isUnderWay({ status }: Payout): boolean {
  return status === 'pending' || status === 'in_transit';
}

/** Pays a payout that is under way, as the bank does. */
export function payPayout(state: StripeState, id: string): Payout {
  const payout = state.payouts.get(id);
  requireStatus(payout, ['pending', 'in_transit'], 'paid');
  payout.status = 'paid';
  emit(state, 'payout.paid', payout);
  return payout;
}

/** Fails a payout that is under way, as the bank does. */
export function failPayout(state: StripeState, id: string, code: PayoutFailureCode): Payout {
  const payout = state.payouts.get(id);
  requireStatus(payout, ['pending', 'in_transit'], 'failed');
  return fail(state, payout, code);
}

/**
 * Returns a paid payout, as the bank does days later. Source: Stripe API reference, "The Payout object": some payouts
 * that fail are first shown as paid.
 */
export function returnPayout(state: StripeState, id: string, code: PayoutFailureCode): Payout {
  const payout = state.payouts.get(id);
  requireStatus(payout, ['paid'], 'returned');
  return fail(state, payout, code);
}

/** Source: Stripe support, "Managing Connect Payout Failures": the external account is `errored` afterwards. */
function fail(state: StripeState, payout: Payout, code: PayoutFailureCode): Payout {
  Object.assign(payout, { status: 'failed', failure_code: code, failure_message: `The payout failed: ${code}.` });
  giveBack(state, payout, 'payout_failure');
  const bank = state.bankAccounts.find(payout.destination ?? '');
  if (bank) bank.status = 'errored';
  emit(state, 'payout.failed', payout);
  return payout;
}

function giveBack(state: StripeState, payout: Payout, type: BalanceTransaction['type']): void {
  const account = state.owners.get(payout.id) ?? null;
  const { amount, currency, id } = payout;
  payout.failure_balance_transaction = recordBalance(state, type, amount, currency, id, { account }).id;
}

function requireStatus({ id, status }: Payout, allowed: readonly Payout['status'][], verb: string): void {
  if (!allowed.includes(status)) throw refused(`Payout ${id} cannot be ${verb} because it is ${status}.`);
}

function emit(state: StripeState, type: string, payout: Payout): void {
  state.emit(type, payout, state.owners.get(payout.id));
}
