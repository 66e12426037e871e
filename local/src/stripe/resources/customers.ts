import { invalidParameter } from '../errors.js';
import type { Params } from '../forms.js';
import type { Call, Route } from '../route.js';
import { LIST_PARAMETERS } from '../table.js';
import type { Customer } from '../types.js';
import type { StripeState } from '../stripe-state.js';

const FIELDS = ['description', 'email', 'metadata', 'name', 'phone', 'invoice_settings'];
const EPHEMERAL_KEY_SECONDS = 3600;

export const customerRoutes: readonly Route[] = [
  { method: 'POST', path: '/v1/customers', accepts: [...FIELDS, 'payment_method'], run: create },
  { method: 'GET', path: '/v1/customers', accepts: [...LIST_PARAMETERS, 'email'], run: list },
  {
    method: 'GET',
    path: '/v1/customers/:id',
    accepts: [],
    openTo: ['ephemeral'],
    run: (state, { id }) => state.customers.get(id),
  },
  { method: 'POST', path: '/v1/customers/:id', accepts: FIELDS, run: update },
  { method: 'DELETE', path: '/v1/customers/:id', accepts: [], run: remove },
  { method: 'POST', path: '/v1/ephemeral_keys', accepts: ['customer'], run: createEphemeralKey },
  {
    method: 'DELETE',
    path: '/v1/ephemeral_keys/:id',
    accepts: [],
    run: (_state, { id }) => ({ id, object: 'ephemeral_key' }),
  },
];

function create(state: StripeState, { params }: Call): Customer {
  const customer: Customer = {
    ...state.stamp('cus', 'customer'),
    metadata: {},
    balance: 0,
    default_source: null,
    description: null,
    email: null,
    invoice_settings: { default_payment_method: null },
    name: null,
    phone: null,
  };
  write(state, customer, params);
  state.customers.add(customer);
  state.emit('customer.created', customer);
  return customer;
}

function write(state: StripeState, customer: Customer, params: Params): void {
  for (const field of ['description', 'email', 'name', 'phone'] as const) {
    if (params.has(field)) customer[field] = params.text(field) ?? null;
  }
  const method = params.child('invoice_settings')?.text('default_payment_method');
  if (method !== undefined)
    customer.invoice_settings.default_payment_method = state.paymentMethods.referenced(
      method,
      'invoice_settings[default_payment_method]',
    ).id;
  customer.metadata = params.metadata(customer.metadata);
}

function list(state: StripeState, { params, path }: Call): object {
  const email = params.text('email');
  return state.customers.page(params, path, (customer) => email === undefined || customer.email === email);
}

function update(state: StripeState, { id, params }: Call): Customer {
  const customer = state.customers.get(id);
  write(state, customer, params);
  state.emit('customer.updated', customer);
  return customer;
}

function remove(state: StripeState, { id }: Call): object {
  const customer = state.customers.get(id);
  state.customers.remove(id);
  for (const method of state.paymentMethods.all()) if (method.customer === id) method.customer = null;
  state.emit('customer.deleted', customer);
  return { id, object: 'customer', deleted: true };
}

function createEphemeralKey(state: StripeState, { params, versioned }: Call): object {
  if (!versioned)
    throw invalidParameter('Ephemeral keys need the Stripe-Version of the app that will use them.', 'Stripe-Version');
  const customer = state.customers.referenced(params.requiredText('customer'), 'customer').id;
  const stamp = state.stamp('ephkey', 'ephemeral_key');
  return {
    ...stamp,
    associated_objects: [{ id: customer, type: 'customer' }],
    expires: stamp.created + EPHEMERAL_KEY_SECONDS,
    secret: `ek_test_${stamp.id}`,
  };
}
