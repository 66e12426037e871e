import { recordBalance } from '../balance.js';
import { invalidParameter, refused } from '../errors.js';
import type { Params } from '../forms.js';
import { behindCharge } from '../payments.js';
import type { Call, Route } from '../route.js';
import { LIST_PARAMETERS } from '../table.js';
import type { Charge, Refund } from '../types.js';
import type { World } from '../stripe-state.js';

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
  { method: 'GET', path: '/v1/refunds/:id', accepts: [], run: (world, { id }) => world.refunds.get(id) },
  { method: 'POST', path: '/v1/refunds/:id', accepts: ['metadata'], run: update },
];

function create(world: World, { params }: Call): Refund {
  const charge = chargeToRefund(world, params);
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
  const refund = world.refunds.add({
    ...world.stamp('re', 'refund'),
    metadata: params.metadata(),
    amount,
    balance_transaction: null,
    charge: charge.id,
    currency: charge.currency,
    payment_intent: charge.payment_intent,
    reason: params.oneOf('reason', ['duplicate', 'fraudulent', 'requested_by_customer']) ?? null,
    status: 'succeeded',
  });
  refund.balance_transaction = recordBalance(world, 'refund', -amount, charge.currency, refund.id).id;
  addRefunded(charge, amount);
  world.emit('refund.created', refund);
  world.emit('charge.refunded', charge);
  decideLater(world, refund, charge);
  return refund;
}

function chargeToRefund(world: World, params: Params): Charge {
  const id = params.text('charge');
  if (id !== undefined) return capturedOnly(world.charges.referenced(id, 'charge'));
  const intentId = params.text('payment_intent');
  if (intentId === undefined)
    throw invalidParameter(
      'One of the following params should be provided for this request: payment_intent or charge.',
      'charge',
      'parameter_missing',
    );
  const intent = world.paymentIntents.referenced(intentId, 'payment_intent');
  if (intent.status !== 'succeeded' || intent.latest_charge === null) {
    throw refused(
      `This PaymentIntent (${intentId}) does not have a successful charge to refund.`,
      'payment_intent_unexpected_state',
      { payment_intent: structuredClone(intent) },
    );
  }
  return world.charges.get(intent.latest_charge);
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

function decideLater(world: World, refund: Refund, charge: Charge): void {
  const behaviour = behindCharge(world, charge)?.refund;
  if (behaviour === undefined) return;
  if (behaviour === 'pending') refund.status = 'pending';
  world.clock.at(world.clock.now() + LATER_MS, () => {
    // A reset in the meantime has deleted this refund.
    if (world.refunds.find(refund.id) !== refund) return;
    if (behaviour === 'pending') refund.status = 'succeeded';
    else failRefund(world, refund, charge);
    world.emit('refund.updated', refund);
  });
}

function failRefund(world: World, refund: Refund, charge: Charge): void {
  refund.status = 'failed';
  refund.failure_reason = 'expired_or_canceled_card';
  recordBalance(world, 'refund_failure', refund.amount, refund.currency, refund.id);
  addRefunded(charge, -refund.amount);
  world.emit('refund.failed', refund);
}

function list(world: World, { params, path }: Call): object {
  const [charge, intent] = [params.text('charge'), params.text('payment_intent')];
  return world.refunds.page(
    params,
    path,
    (refund) =>
      (charge === undefined || refund.charge === charge) && (intent === undefined || refund.payment_intent === intent),
  );
}

function update(world: World, { id, params }: Call): Refund {
  const refund = world.refunds.get(id);
  refund.metadata = params.metadata(refund.metadata);
  world.emit('refund.updated', refund);
  return refund;
}
