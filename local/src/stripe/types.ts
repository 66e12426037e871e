/**
 * The objects of the stand-in: Stripe's names and shapes, with the fields that a payment flow reads. Amounts are
 * integers in the currency's smallest unit, times are seconds since 1970. Source: Stripe API reference,
 * 2026-10-28.endive.
 */
export type Metadata = Record<string, string>;

export interface StripeObject {
  readonly id: string;
  readonly object: string;
  readonly created: number;
}

interface Kept<Name extends string> extends StripeObject {
  readonly object: Name;
  readonly livemode: false;
  metadata: Metadata;
}

interface Address {
  city: string | null;
  country: string | null;
  line1: string | null;
  line2: string | null;
  postal_code: string | null;
  state: string | null;
}

export interface BillingDetails {
  address: Address;
  email: string | null;
  name: string | null;
  phone: string | null;
}

export interface Customer extends Kept<'customer'> {
  balance: 0;
  default_source: null;
  description: string | null;
  email: string | null;
  invoice_settings: { default_payment_method: string | null };
  name: string | null;
  phone: string | null;
}

interface Card {
  brand: string;
  country: string;
  exp_month: number;
  exp_year: number;
  fingerprint: string;
  funding: string;
  last4: string;
  three_d_secure_usage: { supported: true };
}

export interface PaymentMethod extends Kept<'payment_method'> {
  readonly type: 'card';
  readonly card: Card;
  billing_details: BillingDetails;
  customer: string | null;
}

export type NextAction =
  | { type: 'use_stripe_sdk'; use_stripe_sdk: { type: 'three_d_secure_redirect'; stripe_js: string } }
  | { type: 'redirect_to_url'; redirect_to_url: { return_url: string; url: string } };

export interface PaymentError {
  type: 'card_error' | 'invalid_request_error';
  code: string;
  message: string;
  charge?: string;
  decline_code?: string;
  doc_url?: string;
  payment_method?: PaymentMethod;
}

type FutureUsage = 'off_session' | 'on_session' | null;

interface Intent<Name extends string, Status extends string> extends Kept<Name> {
  automatic_payment_methods: { allow_redirects: string; enabled: true } | null;
  cancellation_reason: string | null;
  readonly client_secret: string;
  customer: string | null;
  description: string | null;
  next_action: NextAction | null;
  payment_method: string | null;
  payment_method_types: string[];
  status: Status;
}

type PaymentIntentStatus =
  | 'canceled'
  | 'requires_action'
  | 'requires_capture'
  | 'requires_confirmation'
  | 'requires_payment_method'
  | 'succeeded';

export interface PaymentIntent extends Intent<'payment_intent', PaymentIntentStatus> {
  amount: number;
  amount_capturable: number;
  amount_received: number;
  application_fee_amount: number | null;
  canceled_at: number | null;
  capture_method: 'automatic' | 'automatic_async' | 'manual';
  confirmation_method: 'automatic';
  readonly currency: string;
  last_payment_error: PaymentError | null;
  latest_charge: string | null;
  on_behalf_of: string | null;
  receipt_email: string | null;
  setup_future_usage: FutureUsage;
  statement_descriptor_suffix: string | null;
  transfer_group: string | null;
}

type SetupIntentStatus =
  'canceled' | 'requires_action' | 'requires_confirmation' | 'requires_payment_method' | 'succeeded';

export interface SetupIntent extends Intent<'setup_intent', SetupIntentStatus> {
  last_setup_error: PaymentError | null;
  usage: 'off_session' | 'on_session';
}

export interface ChargeOutcome {
  network_status: string;
  reason: string | null;
  risk_level: string;
  seller_message: string;
  type: string;
}

export interface Charge extends Kept<'charge'> {
  readonly amount: number;
  amount_captured: number;
  amount_refunded: number;
  balance_transaction: string | null;
  billing_details: BillingDetails;
  captured: boolean;
  readonly currency: string;
  readonly customer: string | null;
  description: string | null;
  disputed: boolean;
  failure_code: string | null;
  failure_message: string | null;
  readonly outcome: ChargeOutcome;
  paid: boolean;
  readonly payment_intent: string;
  readonly payment_method: string;
  readonly payment_method_details: {
    type: 'card';
    card: Card & {
      amount_authorized: number;
      capture_before?: number;
      three_d_secure: { result: string; version: string } | null;
    };
  };
  refunded: boolean;
  status: 'failed' | 'succeeded';
  transfer_group: string | null;
}

export interface Refund extends Kept<'refund'> {
  readonly amount: number;
  balance_transaction: string | null;
  readonly charge: string;
  readonly currency: string;
  failure_reason?: string;
  readonly payment_intent: string;
  readonly reason: string | null;
  status: 'canceled' | 'failed' | 'pending' | 'succeeded';
}

type DisputeStatus = 'lost' | 'needs_response' | 'under_review' | 'warning_closed' | 'warning_needs_response' | 'won';

export interface Dispute extends Kept<'dispute'> {
  readonly amount: number;
  /** Whole objects, not ids: of the withdrawn amount and of the amount given back. */
  balance_transactions: BalanceTransaction[];
  readonly charge: string;
  readonly currency: string;
  evidence: Record<string, string>;
  evidence_details: { due_by: number; has_evidence: boolean; past_due: boolean; submission_count: number };
  is_charge_refundable: boolean;
  readonly payment_intent: string;
  readonly reason: string;
  status: DisputeStatus;
}

/** An uploaded file, without its content. */
export interface File extends Kept<'file'> {
  readonly filename: string | null;
  readonly purpose: 'dispute_evidence';
  readonly size: number;
  readonly type: string;
}

/** An external account: where a connected account's payouts go. */
export interface BankAccount extends StripeObject {
  readonly object: 'bank_account';
  readonly account: string;
  readonly available_payout_methods: readonly PayoutMethod[];
  readonly country: string;
  readonly currency: string;
  readonly default_for_currency: true;
  readonly last4: string;
  /** `errored` after a failed payout. */
  status: 'errored' | 'new';
}

type PayoutMethod = 'instant' | 'standard';

export type PayoutInterval = 'daily' | 'manual' | 'monthly' | 'weekly';

export interface Account extends Kept<'account'> {
  business_type: string | null;
  capabilities: Record<string, 'active' | 'inactive' | 'pending'>;
  charges_enabled: boolean;
  readonly country: string;
  readonly default_currency: string;
  details_submitted: boolean;
  email: string | null;
  payouts_enabled: boolean;
  requirements: {
    currently_due: string[];
    disabled_reason: string | null;
    eventually_due: string[];
    past_due: string[];
    pending_verification: string[];
  };
  settings: { payouts: { schedule: { interval: PayoutInterval } } };
  type: string;
}

export interface Reversal extends Kept<'transfer_reversal'> {
  readonly amount: number;
  balance_transaction: string;
  readonly currency: string;
  readonly transfer: string;
}

export interface Transfer extends Kept<'transfer'> {
  readonly amount: number;
  amount_reversed: number;
  balance_transaction: string;
  readonly currency: string;
  description: string | null;
  readonly destination: string;
  readonly source_transaction: string | null;
  reversed: boolean;
  transfer_group: string | null;
}

type PayoutStatus = 'canceled' | 'failed' | 'in_transit' | 'paid' | 'pending';

export interface Payout extends Kept<'payout'> {
  readonly amount: number;
  readonly application_fee: null;
  readonly application_fee_amount: null;
  readonly arrival_date: number;
  readonly automatic: false;
  balance_transaction: string;
  readonly currency: string;
  readonly description: string | null;
  readonly destination: string | null;
  /** The entry that returned the money of a failed or cancelled payout to the balance. */
  failure_balance_transaction: string | null;
  failure_code: string | null;
  failure_message: string | null;
  readonly method: PayoutMethod;
  readonly original_payout: null;
  readonly reconciliation_status: 'not_applicable';
  readonly reversed_by: null;
  readonly source_type: 'card';
  readonly statement_descriptor: string | null;
  status: PayoutStatus;
  readonly trace_id: { status: 'pending'; value: null };
  readonly type: 'bank_account';
}

export interface BalanceTransaction extends StripeObject {
  readonly object: 'balance_transaction';
  readonly amount: number;
  readonly available_on: number;
  readonly currency: string;
  readonly fee: number;
  readonly net: number;
  readonly source: string;
  readonly status: 'available';
  readonly type:
    | 'adjustment'
    | 'charge'
    | 'payment'
    | 'payment_refund'
    | 'payout'
    | 'payout_cancel'
    | 'payout_failure'
    | 'refund'
    | 'refund_failure'
    | 'transfer'
    | 'transfer_refund';
}

export interface EventRecord extends StripeObject {
  readonly object: 'event';
  readonly account?: string;
  readonly api_version: string;
  readonly data: { object: StripeObject };
  readonly livemode: false;
  pending_webhooks: number;
  readonly request: { id: string | null; idempotency_key: string | null };
  readonly type: string;
}
