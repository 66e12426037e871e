/** Why a bank failed a payout. Source: Stripe API reference, "Payout failure codes". */
export const PAYOUT_FAILURE_CODES = [
  'account_closed',
  'account_frozen',
  'bank_account_restricted',
  'bank_ownership_changed',
  'could_not_process',
  'debit_not_authorized',
  'declined',
  'incorrect_account_holder_name',
  'insufficient_funds',
  'invalid_account_number',
  'invalid_currency',
  'no_account',
  'unsupported_card',
] as const;
export type PayoutFailureCode = (typeof PAYOUT_FAILURE_CODES)[number];
