import { recordBalance } from '../balance.js';
import { invalidParameter, refused } from '../errors.js';
import type { Params } from '../forms.js';
import { behindCharge } from '../payments.js';
import type { Call, Route } from '../route.js';
import { LIST_PARAMETERS } from '../table.js';
import type { Charge, Refund } from '../types.js';
import type { StripeState } from '../stripe-state.js';

/** The delay after which refunds of the asynchronous test cards succeed or fail. */
const LATER_MS = 5_000;

export const refundRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/v1/refunds',
    accepts: ['amount', 'charge', 'metadata', 'payment_intent', 'reason'],
    run: create,
  },
  { method: 'GET', path: '/v1/refunds', accepts: [...LIST_PARAMETERS, 'charge', 'payment_intent'], run: list },
  { method: 'GET', path: '/v1/refunds/:id', accepts: [], run: (state, { id }) => state.refunds.get(id) },
  { method: 'POST', path: '/v1/refunds/:id', accepts: ['metadata'], run: update },
];

function create(state: StripeState, { params }: Call): Refund {
  const charge = chargeToRefund(state, params);
  const left = charge.amount - charge.amount_refunded;
  if (left === 0) throw refused(`Charge ${charge.id} has already been refunded.`, 'charge_already_refunded');
  if (charge.disputed)
    throw refused(`Charge ${charge.id} has been charged back; cannot issue a refund.`, 'charge_disputed');
  const amount = params.amount('amount') ?? left;
  if (amount > left) {
    throw refused(`Refund amount (${amount}) is greater than unrefunded amount on charge (${left})`, undefined, {
      param: 'amount',
    });
  }
  const refund = state.refunds.add({
    ...state.stamp('re', 'refund'),
    metadata: params.metadata(),
    amount,
    balance_transaction: null,
    charge: charge.id,
    currency: charge.currency,
    payment_intent: charge.payment_intent,
    reason: params.choice('reason', ['duplicate', 'fraudulent', 'requested_by_customer']) ?? null,
    status: 'succeeded',
  });
  refund.balance_transaction = recordBalance(state, 'refund', -amount, charge.currency, refund.id).id;
  addRefunded(charge, amount);
  state.emit('refund.created', refund);
  state.emit('charge.refunded', charge);
  decideLater(state, refund, charge);
  return refund;
}

function chargeToRefund(state: StripeState, params: Params): Charge {
  const id = params.text('charge');
  if (id !== undefined) return capturedOnly(state.charges.referenced(id, 'charge'));
  const intentId = params.text('payment_intent');
  if (intentId === undefined)
    throw invalidParameter(
      'One of the following params should be provided for this request: payment_intent or charge.',
      'charge',
      'parameter_missing',
    );
  const intent = state.paymentIntents.referenced(intentId, 'payment_intent');
  if (intent.status !== 'succeeded' || intent.latest_charge === null) {
    throw refused(
      `This PaymentIntent (${intentId}) does not have a successful charge to refund.`,
      'payment_intent_unexpected_state',
      { payment_intent: structuredClone(intent) },
    );
  }
  return state.charges.get(intent.latest_charge);
}

function capturedOnly(charge: Charge): Charge {
  if (!charge.captured)
    throw refused(`Charge ${charge.id} is not captured; cancel its PaymentIntent instead.`, 'charge_not_refundable');
  return charge;
}

function addRefunded(charge: Charge, amount: number): void {
  charge.amount_refunded += amount;
  charge.refunded = charge.amount_refunded === charge.amount;
}

function decideLater(state: StripeState, refund: Refund, charge: Charge): void {
  const behaviour = behindCharge(state, charge)?.refund;
  if (behaviour === undefined) return;
  if (behaviour === 'pending') refund.status = 'pending';
  state.clock.at(state.clock.now() + LATER_MS, () => {
    // A reset in the meantime has deleted this refund.
    if (state.refunds.find(refund.id) !== refund) return;
    if (behaviour === 'pending') refund.status = 'succeeded';
    else failRefund(state, refund, charge);
    state.emit('refund.updated', refund);
  });
}

function failRefund(state: StripeState, refund: Refund, charge: Charge): void {
  refund.status = 'failed';
  refund.failure_reason = 'expired_or_canceled_card';
  recordBalance(state, 'refund_failure', refund.amount, refund.currency, refund.id);
  addRefunded(charge, -refund.amount);
  state.emit('refund.failed', refund);
}

function list(state: StripeState, { params, path }: Call): object {
  const [charge, intent] = [params.text('charge'), params.text('payment_intent')];
  return state.refunds.page(
    params,
    path,
    (refund) =>
      (charge === undefined || refund.charge === charge) && (intent === undefined || refund.payment_intent === intent),
  );
}

function update(state: StripeState, { id, params }: Call): Refund {
  const refund = state.refunds.get(id);
  refund.metadata = params.metadata(refund.metadata);
  state.emit('refund.updated', refund);
  return refund;
}
