import { invalidParameter, refused } from '../errors.js';
import type { Params } from '../forms.js';
import {
  cancelPayment,
  capturePayment,
  checkClientSecret,
  confirmPayment,
  requireConfirmable,
  unexpectedState,
  type Confirmation,
} from '../payments.js';
import type { Call, Route } from '../route.js';
import { LIST_PARAMETERS } from '../table.js';
import type { PaymentIntent } from '../types.js';
import type { StripeState } from '../stripe-state.js';
import { paymentMethodFrom } from './payment-methods.js';

/** Smallest charges in minor units. Source: Stripe docs, "Minimum and maximum charge amounts". */
const MINIMUM: Readonly<Record<string, number>> = {
  aed: 200,
  aud: 50,
  brl: 50,
  cad: 50,
  chf: 50,
  czk: 1500,
  dkk: 250,
  eur: 50,
  gbp: 30,
  hkd: 400,
  huf: 17_500,
  inr: 50,
  jpy: 50,
  mxn: 1000,
  myr: 200,
  nok: 300,
  nzd: 50,
  pln: 200,
  ron: 200,
  sek: 300,
  sgd: 50,
  thb: 1000,
  usd: 50,
};
const MAXIMUM = 99_999_999;
const USAGES = ['off_session', 'on_session'] as const;

const CONFIRM = [
  'payment_method',
  'payment_method_data',
  'off_session',
  'return_url',
  'setup_future_usage',
  'use_stripe_sdk',
  'error_on_requires_action',
  'client_secret',
  'payment_method_options',
  'mandate_data',
  'receipt_email',
];
const UPDATE = [
  'amount',
  'customer',
  'description',
  'metadata',
  'payment_method',
  'payment_method_data',
  'receipt_email',
  'setup_future_usage',
  'transfer_group',
  'statement_descriptor_suffix',
];
const CREATE = [
  ...CONFIRM,
  ...UPDATE,
  'currency',
  'confirm',
  'capture_method',
  'payment_method_types',
  'automatic_payment_methods',
  'on_behalf_of',
  'confirmation_method',
];

export const paymentIntentRoutes: readonly Route[] = [
  { method: 'POST', path: '/v1/payment_intents', accepts: CREATE, run: create },
  { method: 'GET', path: '/v1/payment_intents', accepts: [...LIST_PARAMETERS, 'customer'], run: list },
  {
    method: 'GET',
    path: '/v1/payment_intents/:id',
    accepts: ['client_secret'],
    openTo: ['publishable'],
    run: retrieve,
  },
  { method: 'POST', path: '/v1/payment_intents/:id', accepts: UPDATE, run: update },
  { method: 'POST', path: '/v1/payment_intents/:id/confirm', accepts: CONFIRM, openTo: ['publishable'], run: confirm },
  {
    method: 'POST',
    path: '/v1/payment_intents/:id/capture',
    accepts: ['amount_to_capture', 'final_capture', 'metadata', 'statement_descriptor_suffix'],
    run: capture,
  },
  { method: 'POST', path: '/v1/payment_intents/:id/cancel', accepts: ['cancellation_reason'], run: cancel },
];

function create(state: StripeState, { params }: Call): PaymentIntent {
  const currency = params.requiredText('currency').toLowerCase();
  if (MINIMUM[currency] === undefined) throw invalidParameter(`Invalid currency: ${currency}.`, 'currency');
  const amount = checkedAmount(params.requiredAmount('amount'), currency);
  const customer = params.text('customer');
  if (customer !== undefined) state.customers.referenced(customer, 'customer');
  const intent = state.paymentIntents.add(newIntent(state, params, amount, currency));
  choosePaymentMethod(state, intent, params);
  state.emit('payment_intent.created', intent);
  if (params.flag('confirm')) confirmPayment(state, intent, confirmation(params));
  return intent;
}

function newIntent(state: StripeState, params: Params, amount: number, currency: string): PaymentIntent {
  const stamp = state.stamp('pi', 'payment_intent');
  const automatic = params.child('automatic_payment_methods');
  const types = params.texts('payment_method_types');
  if (types.some((type) => type !== 'card'))
    throw invalidParameter('This stand-in supports only the payment method type card.', 'payment_method_types');
  return {
    ...stamp,
    metadata: params.metadata(),
    amount,
    amount_capturable: 0,
    amount_received: 0,
    application_fee_amount: null,
    automatic_payment_methods:
      automatic || types.length === 0
        ? { allow_redirects: automatic?.text('allow_redirects') ?? 'always', enabled: true }
        : null,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: params.choice('capture_method', ['automatic', 'automatic_async', 'manual']) ?? 'automatic_async',
    client_secret: `${stamp.id}_secret_${state.newId('k').slice(2)}`,
    confirmation_method: 'automatic',
    currency,
    customer: params.text('customer') ?? null,
    description: params.text('description') ?? null,
    last_payment_error: null,
    latest_charge: null,
    next_action: null,
    on_behalf_of: params.text('on_behalf_of') ?? null,
    payment_method: null,
    payment_method_types: ['card'],
    receipt_email: params.text('receipt_email') ?? null,
    setup_future_usage: params.choice('setup_future_usage', USAGES) ?? null,
    statement_descriptor_suffix: params.text('statement_descriptor_suffix') ?? null,
    status: 'requires_payment_method',
    transfer_group: params.text('transfer_group') ?? null,
  };
}

function checkedAmount(amount: number, currency: string): number {
  const minimum = MINIMUM[currency] ?? 0;
  if (amount < minimum)
    throw invalidParameter(
      `Amount must be at least ${minimum} ${currency} in its smallest unit.`,
      'amount',
      'amount_too_small',
    );
  if (amount > MAXIMUM)
    throw invalidParameter(
      `Amount must be no more than ${MAXIMUM} ${currency} in its smallest unit.`,
      'amount',
      'amount_too_large',
    );
  return amount;
}

function choosePaymentMethod(state: StripeState, intent: PaymentIntent, params: Params): void {
  const method = paymentMethodFrom(state, params);
  if (!method) return;
  if (method.customer !== null && method.customer !== intent.customer) {
    throw invalidParameter(
      'The provided PaymentMethod belongs to another Customer than this PaymentIntent.',
      'payment_method',
    );
  }
  intent.payment_method = method.id;
  if (intent.status === 'requires_payment_method') intent.status = 'requires_confirmation';
}

function confirmation(params: Params): Confirmation {
  // `off_session` may also name a kind of merchant-initiated payment, e.g. `recurring`.
  const offSession = params.text('off_session') ?? 'false';
  return {
    offSession: offSession !== 'false' || params.flag('error_on_requires_action'),
    returnUrl: params.text('return_url'),
  };
}

function list(state: StripeState, { params, path }: Call): object {
  const customer = params.text('customer');
  return state.paymentIntents.page(params, path, (intent) => customer === undefined || intent.customer === customer);
}

function retrieve(state: StripeState, call: Call): PaymentIntent {
  return reachable(state, call);
}

function reachable(state: StripeState, { id, key, params }: Call): PaymentIntent {
  const intent = state.paymentIntents.get(id, 'intent');
  if (key === 'publishable') checkClientSecret(intent, params.text('client_secret'));
  return intent;
}

function update(state: StripeState, { id, params }: Call): PaymentIntent {
  const intent = state.paymentIntents.get(id, 'intent');
  const amount = params.amount('amount');
  if (amount !== undefined && !intent.status.startsWith('requires_')) throw unexpectedState(intent, 'update');
  if (amount !== undefined && intent.status === 'requires_capture') {
    throw refused('The amount of a held payment cannot be changed.', 'payment_intent_unexpected_state', {
      payment_intent: structuredClone(intent),
    });
  }
  choosePaymentMethod(state, intent, params);
  if (amount !== undefined) intent.amount = checkedAmount(amount, intent.currency);
  intent.metadata = params.metadata(intent.metadata);
  if (params.has('description')) intent.description = params.text('description') ?? null;
  if (params.has('customer'))
    intent.customer = state.customers.referenced(params.requiredText('customer'), 'customer').id;
  if (params.has('transfer_group')) intent.transfer_group = params.text('transfer_group') ?? null;
  intent.setup_future_usage = params.choice('setup_future_usage', USAGES) ?? intent.setup_future_usage;
  return intent;
}

function confirm(state: StripeState, call: Call): PaymentIntent {
  const intent = reachable(state, call);
  // Checked before the new card is set, so that a refusal changes nothing.
  requireConfirmable(intent);
  intent.setup_future_usage = call.params.choice('setup_future_usage', USAGES) ?? intent.setup_future_usage;
  choosePaymentMethod(state, intent, call.params);
  confirmPayment(state, intent, confirmation(call.params));
  return intent;
}

function capture(state: StripeState, { id, params }: Call): PaymentIntent {
  const intent = state.paymentIntents.get(id, 'intent');
  capturePayment(state, intent, params.amount('amount_to_capture') ?? intent.amount_capturable);
  intent.metadata = params.metadata(intent.metadata);
  return intent;
}

function cancel(state: StripeState, { id, params }: Call): PaymentIntent {
  const intent = state.paymentIntents.get(id, 'intent');
  const reason = params.choice('cancellation_reason', [
    'abandoned',
    'duplicate',
    'fraudulent',
    'requested_by_customer',
  ]);
  cancelPayment(state, intent, reason ?? null);
  return intent;
}
