import { cardByNumber, cardByToken, passesLuhn, type TestCard } from '../cards.js';
import { StripeFailure, invalidParameter, refused } from '../errors.js';
import { Params } from '../forms.js';
import { declineError } from '../payments.js';
import type { Call, Route } from '../route.js';
import { LIST_PARAMETERS } from '../table.js';
import type { BillingDetails, PaymentMethod } from '../types.js';
import type { StripeState } from '../stripe-state.js';

const LIST = [...LIST_PARAMETERS, 'customer', 'type'];

export const paymentMethodRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/v1/payment_methods',
    accepts: ['type', 'card', 'billing_details', 'metadata'],
    openTo: ['ephemeral', 'publishable'],
    run: create,
  },
  {
    method: 'GET',
    path: '/v1/payment_methods',
    accepts: LIST,
    openTo: ['ephemeral'],
    run: (state, call) => list(state, call, call.params.requiredText('customer')),
  },
  {
    method: 'GET',
    path: '/v1/customers/:id/payment_methods',
    accepts: LIST,
    openTo: ['ephemeral'],
    run: (state, call) => list(state, call, call.id),
  },
  {
    method: 'GET',
    path: '/v1/customers/:id/payment_methods/:nested',
    accepts: [],
    run: (state, { nested }) => state.paymentMethods.get(nested, 'payment_method'),
  },
  { method: 'GET', path: '/v1/payment_methods/:id', accepts: [], run: (state, { id }) => byIdOrToken(state, id) },
  { method: 'POST', path: '/v1/payment_methods/:id', accepts: ['billing_details', 'metadata'], run: update },
  { method: 'POST', path: '/v1/payment_methods/:id/attach', accepts: ['customer'], openTo: ['ephemeral'], run: attach },
  { method: 'POST', path: '/v1/payment_methods/:id/detach', accepts: [], openTo: ['ephemeral'], run: detach },
];

/**
 * Returns the method that a request names or describes, if any. A test token such as `pm_card_visa` creates a new one.
 */
export function paymentMethodFrom(state: StripeState, params: Params): PaymentMethod | undefined {
  const id = params.text('payment_method');
  if (id !== undefined) return byIdOrToken(state, id, 400);
  const data = params.child('payment_method_data');
  return data && fromCard(state, data);
}

function byIdOrToken(state: StripeState, id: string, status: 400 | 404 = 404): PaymentMethod {
  const known = state.paymentMethods.find(id);
  if (known) return known;
  const token = cardByToken(id);
  if (token) return store(state, token, new Params({}));
  return status === 404
    ? state.paymentMethods.get(id, 'payment_method')
    : state.paymentMethods.referenced(id, 'payment_method');
}

function create(state: StripeState, { params }: Call): PaymentMethod {
  return fromCard(state, params);
}

function fromCard(state: StripeState, params: Params): PaymentMethod {
  params.choice('type', ['card']);
  const card = params.child('card');
  const token = card?.text('token');
  const known = token === undefined ? undefined : cardByToken(token);
  if (known) return store(state, known, params);
  return store(state, cardFromNumber(card?.requiredText('number') ?? ''), params);
}

function cardFromNumber(number: string): TestCard {
  const known = cardByNumber(number.replaceAll(/[\s-]/g, ''));
  if (known) return known;
  if (passesLuhn(number))
    throw cardFailure(
      'card_declined',
      'Your card was declined. Your request was in test mode, but used a non test card.',
      'test_mode_live_card',
    );
  throw cardFailure('incorrect_number', 'Your card number is incorrect.');
}

function cardFailure(code: string, message: string, declineCode?: string): StripeFailure {
  return new StripeFailure(402, {
    type: 'card_error',
    code,
    message,
    param: 'number',
    ...(declineCode ? { decline_code: declineCode } : {}),
  });
}

function store(state: StripeState, card: TestCard, params: Params): PaymentMethod {
  const expiry = params.child('card');
  const method: PaymentMethod = {
    ...state.stamp('pm', 'payment_method'),
    metadata: params.metadata(),
    billing_details: billingDetails(params),
    card: {
      brand: card.brand,
      country: card.country,
      exp_month: expiry?.integer('exp_month') ?? 12,
      exp_year: expiry?.integer('exp_year') ?? new Date(state.clock.now()).getUTCFullYear() + 4,
      fingerprint: `fp${card.number}`,
      funding: card.funding,
      last4: card.number.slice(-4),
      three_d_secure_usage: { supported: true },
    },
    customer: null,
    type: 'card',
  };
  state.cards.set(method.id, card);
  return state.paymentMethods.add(method);
}

function billingDetails(params: Params): BillingDetails {
  const given = params.child('billing_details');
  const address = given?.child('address');
  const line = (name: string): string | null => address?.text(name) ?? null;
  return {
    address: {
      city: line('city'),
      country: line('country'),
      line1: line('line1'),
      line2: line('line2'),
      postal_code: line('postal_code'),
      state: line('state'),
    },
    email: given?.text('email') ?? null,
    name: given?.text('name') ?? null,
    phone: given?.text('phone') ?? null,
  };
}

function list(state: StripeState, { params, path }: Call, customer: string): object {
  state.customers.get(customer, 'customer');
  return state.paymentMethods.page(params, path, (method) => method.customer === customer);
}

function update(state: StripeState, { id, params }: Call): PaymentMethod {
  const method = state.paymentMethods.get(id, 'payment_method');
  if (params.has('billing_details')) method.billing_details = billingDetails(params);
  method.metadata = params.metadata(method.metadata);
  return method;
}

function attach(state: StripeState, { id, params }: Call): PaymentMethod {
  const customer = state.customers.referenced(params.requiredText('customer'), 'customer').id;
  const method = byIdOrToken(state, id);
  const decline = state.cards.get(method.id)?.decline;
  if (decline?.onAttach) throw new StripeFailure(402, declineError(method, decline));
  if (method.customer !== null && method.customer !== customer) {
    throw refused('The payment method you provided has already been attached to a customer.');
  }
  method.customer = customer;
  state.emit('payment_method.attached', method);
  return method;
}

function detach(state: StripeState, { id }: Call): PaymentMethod {
  const method = state.paymentMethods.get(id, 'payment_method');
  if (method.customer === null) {
    throw invalidParameter(
      'The payment method you provided is not attached to a customer so detachment is impossible.',
      'payment_method',
    );
  }
  method.customer = null;
  state.emit('payment_method.detached', method);
  return method;
}
