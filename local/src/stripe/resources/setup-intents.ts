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
import type { World } from '../stripe-state.js';
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

function create(world: World, { params }: Call): SetupIntent {
  const customer = params.text('customer');
  if (customer !== undefined) world.customers.referenced(customer, 'customer');
  const stamp = world.stamp('seti', 'setup_intent');
  const intent = world.setupIntents.add({
    ...stamp,
    metadata: params.metadata(),
    automatic_payment_methods: params.has('payment_method_types') ? null : { allow_redirects: 'always', enabled: true },
    cancellation_reason: null,
    client_secret: `${stamp.id}_secret_${world.newId('k').slice(2)}`,
    customer: customer ?? null,
    description: params.text('description') ?? null,
    last_setup_error: null,
    next_action: null,
    payment_method: null,
    payment_method_types: ['card'],
    status: 'requires_payment_method',
    usage: params.oneOf('usage', ['off_session', 'on_session']) ?? 'off_session',
  });
  choosePaymentMethod(world, intent, params);
  world.emit('setup_intent.created', intent);
  if (params.flag('confirm')) confirmSetup(world, intent, params.text('return_url'));
  return intent;
}

function choosePaymentMethod(world: World, intent: SetupIntent, params: Params): void {
  const method = paymentMethodFrom(world, params);
  if (!method) return;
  intent.payment_method = method.id;
  if (intent.status === 'requires_payment_method') intent.status = 'requires_confirmation';
}

function list(world: World, { params, path }: Call): object {
  const [customer, method] = [params.text('customer'), params.text('payment_method')];
  return world.setupIntents.page(
    params,
    path,
    (intent) =>
      (customer === undefined || intent.customer === customer) &&
      (method === undefined || intent.payment_method === method),
  );
}

function reachable(world: World, { id, key, params }: Call): SetupIntent {
  const intent = world.setupIntents.get(id, 'intent');
  if (key === 'publishable') checkClientSecret(intent, params.text('client_secret'));
  return intent;
}

function confirm(world: World, call: Call): SetupIntent {
  const intent = reachable(world, call);
  if (intent.status === 'succeeded' || intent.status === 'canceled') throw unexpectedState(intent, 'confirm');
  choosePaymentMethod(world, intent, call.params);
  confirmSetup(world, intent, call.params.text('return_url'));
  return intent;
}

function confirmSetup(world: World, intent: SetupIntent, returnUrl: string | undefined): void {
  if (intent.payment_method === null) throw unexpectedState(intent, 'confirm');
  const method = world.paymentMethods.referenced(intent.payment_method, 'payment_method');
  const asks =
    world.cards.get(method.id)?.authentication !== 'already_set_up' && needsAuthentication(world, method, false);
  if (!asks) return finishSetup(world, intent, method);
  intent.status = 'requires_action';
  intent.next_action = nextAction(world, intent.id, returnUrl);
  world.emit('setup_intent.requires_action', intent);
}

/** Completes the 3-D Secure step of saving a card. */
export function authenticateSetup(world: World, intent: SetupIntent, succeeds: boolean): void {
  if (intent.status !== 'requires_action' || intent.payment_method === null)
    throw unexpectedState(intent, 'authenticate');
  const method = world.paymentMethods.get(intent.payment_method);
  intent.next_action = null;
  if (succeeds) return finishSetup(world, intent, method);
  failSetup(world, intent, { ...AUTHENTICATION_FAILED, code: 'setup_intent_authentication_failure' });
}

function finishSetup(world: World, intent: SetupIntent, method: PaymentMethod): void {
  const decline = world.cards.get(method.id)?.decline;
  if (decline?.onAttach) {
    const error = declineError(method, decline);
    failSetup(world, intent, error);
    throw new StripeFailure(402, { ...error, setup_intent: structuredClone(intent) });
  }
  intent.status = 'succeeded';
  if (intent.usage === 'off_session') world.setUpForOffSession.add(method.id);
  if (intent.customer !== null && method.customer === null) {
    method.customer = intent.customer;
    world.emit('payment_method.attached', method);
  }
  world.emit('setup_intent.succeeded', intent);
}

function failSetup(world: World, intent: SetupIntent, error: SetupIntent['last_setup_error']): void {
  Object.assign(intent, { status: 'requires_payment_method', payment_method: null, last_setup_error: error });
  world.emit('setup_intent.setup_failed', intent);
}

function cancel(world: World, { id, params }: Call): SetupIntent {
  const intent = world.setupIntents.get(id, 'intent');
  if (intent.status === 'succeeded' || intent.status === 'canceled') throw unexpectedState(intent, 'cancel');
  const reason = params.oneOf('cancellation_reason', ['abandoned', 'duplicate', 'requested_by_customer']);
  Object.assign(intent, { status: 'canceled', cancellation_reason: reason ?? null, next_action: null });
  world.emit('setup_intent.canceled', intent);
  return intent;
}

function unexpectedState(intent: SetupIntent, verb: string): StripeFailure {
  return refused(
    `You cannot ${verb} this SetupIntent because it has a status of ${intent.status}.`,
    'setup_intent_unexpected_state',
    { setup_intent: structuredClone(intent) },
  );
}
