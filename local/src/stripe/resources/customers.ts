import { invalidParameter } from '../errors.js';
import type { Params } from '../forms.js';
import type { Call, Route } from '../route.js';
import { LIST_PARAMETERS } from '../table.js';
import type { Customer } from '../types.js';
import type { World } from '../stripe-state.js';

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
    run: (world, { id }) => world.customers.get(id),
  },
  { method: 'POST', path: '/v1/customers/:id', accepts: FIELDS, run: update },
  { method: 'DELETE', path: '/v1/customers/:id', accepts: [], run: remove },
  { method: 'POST', path: '/v1/ephemeral_keys', accepts: ['customer'], run: createEphemeralKey },
  {
    method: 'DELETE',
    path: '/v1/ephemeral_keys/:id',
    accepts: [],
    run: (_world, { id }) => ({ id, object: 'ephemeral_key' }),
  },
];

function create(world: World, { params }: Call): Customer {
  const customer: Customer = {
    ...world.stamp('cus', 'customer'),
    metadata: {},
    balance: 0,
    default_source: null,
    description: null,
    email: null,
    invoice_settings: { default_payment_method: null },
    name: null,
    phone: null,
  };
  write(world, customer, params);
  world.customers.add(customer);
  world.emit('customer.created', customer);
  return customer;
}

function write(world: World, customer: Customer, params: Params): void {
  for (const field of ['description', 'email', 'name', 'phone'] as const) {
    if (params.has(field)) customer[field] = params.text(field) ?? null;
  }
  const method = params.child('invoice_settings')?.text('default_payment_method');
  if (method !== undefined)
    customer.invoice_settings.default_payment_method = world.paymentMethods.referenced(
      method,
      'invoice_settings[default_payment_method]',
    ).id;
  customer.metadata = params.metadata(customer.metadata);
}

function list(world: World, { params, path }: Call): object {
  const email = params.text('email');
  return world.customers.page(params, path, (customer) => email === undefined || customer.email === email);
}

function update(world: World, { id, params }: Call): Customer {
  const customer = world.customers.get(id);
  write(world, customer, params);
  world.emit('customer.updated', customer);
  return customer;
}

function remove(world: World, { id }: Call): object {
  const customer = world.customers.get(id);
  world.customers.remove(id);
  for (const method of world.paymentMethods.all()) if (method.customer === id) method.customer = null;
  world.emit('customer.deleted', customer);
  return { id, object: 'customer', deleted: true };
}

function createEphemeralKey(world: World, { params, versioned }: Call): object {
  if (!versioned)
    throw invalidParameter('Ephemeral keys need the Stripe-Version of the app that will use them.', 'Stripe-Version');
  const customer = world.customers.referenced(params.requiredText('customer'), 'customer').id;
  const stamp = world.stamp('ephkey', 'ephemeral_key');
  return {
    ...stamp,
    associated_objects: [{ id: customer, type: 'customer' }],
    expires: stamp.created + EPHEMERAL_KEY_SECONDS,
    secret: `ek_test_${stamp.id}`,
  };
}
