import { StripeFailure, refused } from '../errors.js';
import type { Params } from '../forms.js';
import {
  AUTHENTICATION_FAILED,
  checkClientSecret,
  declineError,
  needsAuthentication,
  nextAction,
} from '../payments.js';
import type { Call, Route } from '../route.js';
import { LIST_PARAMETERS } from '../table.js';
import type { PaymentMethod, SetupIntent } from '../types.js';
import type { StripeState } from '../stripe-state.js';
import { paymentMethodFrom } from './payment-methods.js';

const CONFIRM = [
  'payment_method',
  'payment_method_data',
  'return_url',
  'client_secret',
  'use_stripe_sdk',
  'mandate_data',
  'payment_method_options',
];
const CREATE = [
  ...CONFIRM,
  'automatic_payment_methods',
  'confirm',
  'customer',
  'description',
  'metadata',
  'payment_method_types',
  'usage',
];

export const setupIntentRoutes: readonly Route[] = [
  { method: 'POST', path: '/v1/setup_intents', accepts: CREATE, run: create },
  { method: 'GET', path: '/v1/setup_intents', accepts: [...LIST_PARAMETERS, 'customer', 'payment_method'], run: list },
  { method: 'GET', path: '/v1/setup_intents/:id', accepts: ['client_secret'], openTo: ['publishable'], run: reachable },
  { method: 'POST', path: '/v1/setup_intents/:id/confirm', accepts: CONFIRM, openTo: ['publishable'], run: confirm },
  { method: 'POST', path: '/v1/setup_intents/:id/cancel', accepts: ['cancellation_reason'], run: cancel },
];

function create(state: StripeState, { params }: Call): SetupIntent {
  const customer = params.text('customer');
  if (customer !== undefined) state.customers.referenced(customer, 'customer');
  const stamp = state.stamp('seti', 'setup_intent');
  const intent = state.setupIntents.add({
    ...stamp,
    metadata: params.metadata(),
    automatic_payment_methods: params.has('payment_method_types') ? null : { allow_redirects: 'always', enabled: true },
    cancellation_reason: null,
    client_secret: `${stamp.id}_secret_${state.newId('k').slice(2)}`,
    customer: customer ?? null,
    description: params.text('description') ?? null,
    last_setup_error: null,
    next_action: null,
    payment_method: null,
    payment_method_types: ['card'],
    status: 'requires_payment_method',
    usage: params.choice('usage', ['off_session', 'on_session']) ?? 'off_session',
  });
  choosePaymentMethod(state, intent, params);
  state.emit('setup_intent.created', intent);
  if (params.flag('confirm')) confirmSetup(state, intent, params.text('return_url'));
  return intent;
}

function choosePaymentMethod(state: StripeState, intent: SetupIntent, params: Params): void {
  const method = paymentMethodFrom(state, params);
  if (!method) return;
  intent.payment_method = method.id;
  if (intent.status === 'requires_payment_method') intent.status = 'requires_confirmation';
}

function list(state: StripeState, { params, path }: Call): object {
  const [customer, method] = [params.text('customer'), params.text('payment_method')];
  return state.setupIntents.page(
    params,
    path,
    (intent) =>
      (customer === undefined || intent.customer === customer) &&
      (method === undefined || intent.payment_method === method),
  );
}

function reachable(state: StripeState, { id, key, params }: Call): SetupIntent {
  const intent = state.setupIntents.get(id, 'intent');
  if (key === 'publishable') checkClientSecret(intent, params.text('client_secret'));
  return intent;
}

function confirm(state: StripeState, call: Call): SetupIntent {
  const intent = reachable(state, call);
  if (intent.status === 'succeeded' || intent.status === 'canceled') throw unexpectedState(intent, 'confirm');
  choosePaymentMethod(state, intent, call.params);
  confirmSetup(state, intent, call.params.text('return_url'));
  return intent;
}

function confirmSetup(state: StripeState, intent: SetupIntent, returnUrl: string | undefined): void {
  if (intent.payment_method === null) throw unexpectedState(intent, 'confirm');
  const method = state.paymentMethods.referenced(intent.payment_method, 'payment_method');
  const asks =
    state.cards.get(method.id)?.authentication !== 'already_set_up' && needsAuthentication(state, method, false);
  if (!asks) return finishSetup(state, intent, method);
  intent.status = 'requires_action';
  intent.next_action = nextAction(state, intent.id, returnUrl);
  state.emit('setup_intent.requires_action', intent);
}

/** Completes the 3-D Secure step of saving a card. */
export function authenticateSetup(state: StripeState, intent: SetupIntent, succeeds: boolean): void {
  if (intent.status !== 'requires_action' || intent.payment_method === null)
    throw unexpectedState(intent, 'authenticate');
  const method = state.paymentMethods.get(intent.payment_method);
  intent.next_action = null;
  if (succeeds) return finishSetup(state, intent, method);
  failSetup(state, intent, { ...AUTHENTICATION_FAILED, code: 'setup_intent_authentication_failure' });
}

function finishSetup(state: StripeState, intent: SetupIntent, method: PaymentMethod): void {
  const decline = state.cards.get(method.id)?.decline;
  if (decline?.onAttach) {
    const error = declineError(method, decline);
    failSetup(state, intent, error);
    throw new StripeFailure(402, { ...error, setup_intent: structuredClone(intent) });
  }
  intent.status = 'succeeded';
  if (intent.usage === 'off_session') state.setUpForOffSession.add(method.id);
  if (intent.customer !== null && method.customer === null) {
    method.customer = intent.customer;
    state.emit('payment_method.attached', method);
  }
  state.emit('setup_intent.succeeded', intent);
}

function failSetup(state: StripeState, intent: SetupIntent, error: SetupIntent['last_setup_error']): void {
  Object.assign(intent, { status: 'requires_payment_method', payment_method: null, last_setup_error: error });
  state.emit('setup_intent.setup_failed', intent);
}

function cancel(state: StripeState, { id, params }: Call): SetupIntent {
  const intent = state.setupIntents.get(id, 'intent');
  if (intent.status === 'succeeded' || intent.status === 'canceled') throw unexpectedState(intent, 'cancel');
  const reason = params.choice('cancellation_reason', ['abandoned', 'duplicate', 'requested_by_customer']);
  Object.assign(intent, { status: 'canceled', cancellation_reason: reason ?? null, next_action: null });
  state.emit('setup_intent.canceled', intent);
  return intent;
}

function unexpectedState(intent: SetupIntent, verb: string): StripeFailure {
  return refused(
    `You cannot ${verb} this SetupIntent because it has a status of ${intent.status}.`,
    'setup_intent_unexpected_state',
    { setup_intent: structuredClone(intent) },
  );
}
