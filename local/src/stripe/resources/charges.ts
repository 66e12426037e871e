import { balances, getOwned, isOwnedBy } from '../balance.js';
import type { Call, Route } from '../route.js';
import { LIST_PARAMETERS } from '../table.js';
import type { Charge } from '../types.js';
import type { StripeState } from '../stripe-state.js';

/** Routes that read charges, the balance and events. Charges are created by PaymentIntents. */
export const ledgerRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/v1/charges',
    accepts: [...LIST_PARAMETERS, 'customer', 'payment_intent', 'transfer_group'],
    run: listCharges,
  },
  { method: 'GET', path: '/v1/charges/:id', accepts: [], run: (state, { id }) => state.charges.get(id, 'charge') },
  {
    method: 'POST',
    path: '/v1/charges/:id',
    accepts: ['description', 'metadata', 'transfer_group'],
    run: updateCharge,
  },
  { method: 'GET', path: '/v1/balance', accepts: [], forAccounts: true, run: balance },
  {
    method: 'GET',
    path: '/v1/balance_transactions',
    accepts: [...LIST_PARAMETERS, 'currency', 'source', 'type'],
    forAccounts: true,
    run: listBalanceTransactions,
  },
  {
    method: 'GET',
    path: '/v1/balance_transactions/:id',
    accepts: [],
    forAccounts: true,
    run: (state, call) => getOwned(state, state.balanceTransactions, call),
  },
  { method: 'GET', path: '/v1/events', accepts: [...LIST_PARAMETERS, 'type', 'types'], run: listEvents },
  { method: 'GET', path: '/v1/events/:id', accepts: [], run: (state, { id }) => state.events.get(id, 'event') },
];

function listCharges(state: StripeState, { params, path }: Call): object {
  const [customer, intent, group] = [
    params.text('customer'),
    params.text('payment_intent'),
    params.text('transfer_group'),
  ];
  return state.charges.page(
    params,
    path,
    (charge) =>
      (customer === undefined || charge.customer === customer) &&
      (intent === undefined || charge.payment_intent === intent) &&
      (group === undefined || charge.transfer_group === group),
  );
}

function updateCharge(state: StripeState, { id, params }: Call): Charge {
  const charge = state.charges.get(id, 'charge');
  charge.metadata = params.metadata(charge.metadata);
  if (params.has('description')) charge.description = params.text('description') ?? null;
  if (params.has('transfer_group')) charge.transfer_group = params.text('transfer_group') ?? null;
  state.emit('charge.updated', charge);
  return charge;
}

function balance(state: StripeState, { account }: Call): object {
  const available = [...balances(state, account)].map(([currency, amount]) => ({
    amount,
    currency,
    source_types: { card: amount },
  }));
  return { object: 'balance', available, livemode: false, pending: [] };
}

function listBalanceTransactions(state: StripeState, { params, path, account }: Call): object {
  const [currency, source, type] = [params.text('currency'), params.text('source'), params.text('type')];
  return state.balanceTransactions.page(
    params,
    path,
    (entry) =>
      isOwnedBy(state, entry.id, account) &&
      (currency === undefined || entry.currency === currency) &&
      (source === undefined || entry.source === source) &&
      (type === undefined || entry.type === type),
  );
}

/** Lists events; `type` may end in `*`, as in `charge.*`. */
function listEvents(state: StripeState, { params, path }: Call): object {
  const wanted = [params.text('type') ?? [], params.texts('types')].flat();
  const matches = (type: string): boolean =>
    wanted.some((name) => (name.endsWith('*') ? type.startsWith(name.slice(0, -1)) : name === type));
  return state.events.page(params, path, (event) => wanted.length === 0 || matches(event.type));
}
