import type { Decline, TestCard } from './cards.js';
import { recordBalance } from './balance.js';
import { openDispute } from './resources/disputes.js';
import { StripeFailure, refused } from './errors.js';
import type {
  Charge,
  ChargeOutcome,
  NextAction,
  PaymentError,
  PaymentIntent,
  PaymentMethod,
  SetupIntent,
} from './types.js';
import type { StripeState } from './stripe-state.js';

/**
 * How long a bank keeps the hold of an online card payment. Source: Stripe docs, "Place a hold on a payment method".
 */
const HOLD_SECONDS = 7 * 86_400;

const AUTHENTICATION_REQUIRED: Decline = {
  code: 'authentication_required',
  declineCode: 'authentication_required',
  message: 'Your card was declined. This transaction requires authentication.',
};

export const AUTHENTICATION_FAILED: PaymentError = {
  type: 'invalid_request_error',
  code: 'payment_intent_authentication_failure',
  message:
    'The provided PaymentMethod has failed authentication. Provide a new PaymentMethod to attempt this payment again.',
};

const APPROVED: ChargeOutcome = {
  network_status: 'approved_by_network',
  reason: null,
  risk_level: 'normal',
  seller_message: 'Payment complete.',
  type: 'authorized',
};

export interface Confirmation {
  readonly offSession: boolean;
  readonly returnUrl: string | undefined;
}

/** Confirms a payment: it becomes a hold, a payment, or a request for 3-D Secure. Throws the 402 of a declined card. */
export function confirmPayment(state: StripeState, intent: PaymentIntent, confirmation: Confirmation): void {
  requireConfirmable(intent);
  if (intent.payment_method === null) {
    throw refused(
      "You cannot confirm this PaymentIntent because it's missing a payment method.",
      'payment_intent_unexpected_state',
      { payment_intent: structuredClone(intent) },
    );
  }
  const method = state.paymentMethods.referenced(intent.payment_method, 'payment_method');
  if (needsAuthentication(state, method, confirmation.offSession)) {
    if (confirmation.offSession) throw decline(state, intent, method, AUTHENTICATION_REQUIRED);
    intent.status = 'requires_action';
    intent.next_action = nextAction(state, intent.id, confirmation.returnUrl);
    state.emit('payment_intent.requires_action', intent);
    return;
  }
  authorise(state, intent, method, false);
}

export function requireConfirmable(intent: PaymentIntent): void {
  if (['requires_action', 'requires_confirmation', 'requires_payment_method'].includes(intent.status)) return;
  throw unexpectedState(intent, 'confirm');
}

/** Completes the 3-D Secure step as the customer does on the bank's page. */
export function authenticatePayment(state: StripeState, intent: PaymentIntent, succeeds: boolean): void {
  if (intent.status !== 'requires_action' || intent.payment_method === null)
    throw unexpectedState(intent, 'authenticate');
  const method = state.paymentMethods.get(intent.payment_method);
  intent.next_action = null;
  if (!succeeds) {
    failPayment(state, intent, { ...AUTHENTICATION_FAILED, payment_method: structuredClone(method) });
    return;
  }
  try {
    authorise(state, intent, method, true);
  } catch (error) {
    // The customer sees the bank's page, the merchant does not: a decline is visible only in the intent.
    if (!(error instanceof StripeFailure) || error.status !== 402) throw error;
  }
}

/** Captures up to the held amount. The bank releases the rest, which the charge shows as `amount_refunded`. */
export function capturePayment(state: StripeState, intent: PaymentIntent, amount: number): void {
  if (intent.status !== 'requires_capture' || intent.latest_charge === null) throw unexpectedState(intent, 'capture');
  if (amount > intent.amount_capturable) {
    throw refused(
      `The requested capture amount is greater than the authorized amount (${intent.amount_capturable}).`,
      'amount_too_large',
      { param: 'amount_to_capture' },
    );
  }
  endHold(state, intent);
  const charge = state.charges.get(intent.latest_charge);
  settle(state, intent, charge, amount);
  state.emit('charge.captured', charge);
  state.emit('payment_intent.succeeded', intent);
  disputeIfAsked(state, charge);
}

/** Cancels an unfinished payment and releases its hold. */
export function cancelPayment(state: StripeState, intent: PaymentIntent, reason: string | null): void {
  if (intent.status === 'succeeded' || intent.status === 'canceled') throw unexpectedState(intent, 'cancel');
  endHold(state, intent);
  const charge =
    intent.status === 'requires_capture' && intent.latest_charge !== null
      ? state.charges.get(intent.latest_charge)
      : undefined;
  Object.assign(intent, {
    status: 'canceled',
    canceled_at: state.nowSeconds(),
    cancellation_reason: reason,
    amount_capturable: 0,
    next_action: null,
  });
  if (charge) {
    charge.amount_refunded = charge.amount;
    charge.refunded = true;
    state.emit(reason === 'automatic' ? 'charge.expired' : 'charge.refunded', charge);
  }
  state.emit('payment_intent.canceled', intent);
}

export function unexpectedState(intent: PaymentIntent, verb: string): StripeFailure {
  return refused(
    `You cannot ${verb} this PaymentIntent because it has a status of ${intent.status}.`,
    'payment_intent_unexpected_state',
    { payment_intent: structuredClone(intent) },
  );
}

/**
 * Returns whether the bank requires 3-D Secure. Such a card always requires it on-session; off-session only if it was
 * not set up for that.
 */
export function needsAuthentication(state: StripeState, method: PaymentMethod, offSession: boolean): boolean {
  const rule = state.cards.get(method.id)?.authentication;
  if (rule === undefined) return false;
  if (!offSession || rule === 'always') return true;
  return rule === 'unless_set_up' && !state.setUpForOffSession.has(method.id);
}

/** Returns the app's next step: its SDK performs 3-D Secure, or the browser opens the bank's page. */
export function nextAction(state: StripeState, intentId: string, returnUrl: string | undefined): NextAction {
  const url = `${state.baseUrl}/_local/authenticate/${intentId}`;
  if (returnUrl === undefined)
    return { type: 'use_stripe_sdk', use_stripe_sdk: { type: 'three_d_secure_redirect', stripe_js: url } };
  return { type: 'redirect_to_url', redirect_to_url: { return_url: returnUrl, url } };
}

function authorise(state: StripeState, intent: PaymentIntent, method: PaymentMethod, authenticated: boolean): void {
  const behaviour = state.cards.get(method.id);
  if (behaviour?.decline) throw decline(state, intent, method, behaviour.decline);
  const charge = newCharge(state, intent, method, authenticated);
  Object.assign(intent, { latest_charge: charge.id, next_action: null, last_payment_error: null });
  keepForLater(state, intent, method);
  if (intent.capture_method === 'manual') {
    hold(state, intent);
    state.emit('charge.succeeded', charge);
    state.emit('payment_intent.amount_capturable_updated', intent);
    return;
  }
  settle(state, intent, charge, intent.amount);
  state.emit('charge.succeeded', charge);
  state.emit('payment_intent.succeeded', intent);
  disputeIfAsked(state, charge);
}

function hold(state: StripeState, intent: PaymentIntent): void {
  intent.status = 'requires_capture';
  intent.amount_capturable = intent.amount;
  endHoldAt(state, intent, state.clock.now() + HOLD_SECONDS * 1000);
}

/** Restarts the timers of holds after a snapshot was restored: each hold ends at its original time. */
export function resumeHolds(state: StripeState): void {
  for (const intent of state.paymentIntents.all())
    if (intent.status === 'requires_capture') endHoldAt(state, intent, (intent.created + HOLD_SECONDS) * 1000);
}

function endHoldAt(state: StripeState, intent: PaymentIntent, expiresMs: number): void {
  state.holdTimers.set(
    intent.id,
    state.clock.at(expiresMs, () => cancelPayment(state, intent, 'automatic')),
  );
}

function endHold(state: StripeState, intent: PaymentIntent): void {
  state.holdTimers.get(intent.id)?.();
  state.holdTimers.delete(intent.id);
}

function settle(state: StripeState, intent: PaymentIntent, charge: Charge, amount: number): void {
  Object.assign(intent, { status: 'succeeded', amount_capturable: 0, amount_received: amount });
  Object.assign(charge, { captured: true, amount_captured: amount, amount_refunded: charge.amount - amount });
  charge.balance_transaction = recordBalance(state, 'charge', amount, charge.currency, charge.id).id;
}

function keepForLater(state: StripeState, intent: PaymentIntent, method: PaymentMethod): void {
  if (intent.setup_future_usage === 'off_session') state.setUpForOffSession.add(method.id);
  if (intent.setup_future_usage === null || intent.customer === null || method.customer !== null) return;
  method.customer = intent.customer;
  state.emit('payment_method.attached', method);
}

/** Records the failed attempt and returns the error to throw. */
function decline(state: StripeState, intent: PaymentIntent, method: PaymentMethod, why: Decline): StripeFailure {
  const charge = newCharge(state, intent, method, false, why);
  intent.latest_charge = charge.id;
  state.emit('charge.failed', charge);
  const error = declineError(method, why, charge.id);
  failPayment(state, intent, error);
  return new StripeFailure(402, { ...error, payment_intent: structuredClone(intent) });
}

export function declineError(method: PaymentMethod, why: Decline, charge?: string): PaymentError {
  return {
    type: 'card_error',
    code: why.code,
    decline_code: why.declineCode,
    message: why.message,
    doc_url: `https://stripe.com/docs/error-codes/${why.code.replaceAll('_', '-')}`,
    payment_method: structuredClone(method),
    ...(charge === undefined ? {} : { charge }),
  };
}

function failPayment(state: StripeState, intent: PaymentIntent, error: PaymentError): void {
  Object.assign(intent, {
    status: 'requires_payment_method',
    payment_method: null,
    next_action: null,
    last_payment_error: error,
  });
  state.emit('payment_intent.payment_failed', intent);
}

function newCharge(
  state: StripeState,
  intent: PaymentIntent,
  method: PaymentMethod,
  authenticated: boolean,
  failure?: Decline,
): Charge {
  const held = intent.capture_method === 'manual' && !failure;
  return state.charges.add({
    ...state.stamp('ch', 'charge'),
    metadata: { ...intent.metadata },
    amount: intent.amount,
    amount_captured: 0,
    amount_refunded: 0,
    balance_transaction: null,
    billing_details: method.billing_details,
    captured: false,
    currency: intent.currency,
    customer: intent.customer,
    description: intent.description,
    disputed: false,
    failure_code: failure?.code ?? null,
    failure_message: failure?.message ?? null,
    outcome: failure ? declinedOutcome(failure) : APPROVED,
    paid: !failure,
    payment_intent: intent.id,
    payment_method: method.id,
    payment_method_details: {
      type: 'card',
      card: {
        ...method.card,
        amount_authorized: failure ? 0 : intent.amount,
        ...(held ? { capture_before: state.nowSeconds() + HOLD_SECONDS } : {}),
        three_d_secure: authenticated ? { result: 'authenticated', version: '2.2.0' } : null,
      },
    },
    refunded: false,
    status: failure ? 'failed' : 'succeeded',
    transfer_group: intent.transfer_group,
  });
}

function declinedOutcome(failure: Decline): ChargeOutcome {
  return {
    network_status: 'declined_by_network',
    reason: failure.declineCode,
    risk_level: 'normal',
    seller_message: 'The bank returned the decline code.',
    type: 'issuer_declined',
  };
}

function disputeIfAsked(state: StripeState, charge: Charge): void {
  const reason = behindCharge(state, charge)?.disputeReason;
  if (reason) openDispute(state, charge, reason);
}

export function behindCharge(state: StripeState, charge: Charge): TestCard | undefined {
  return state.cards.get(charge.payment_method);
}

/** Makes the checks that Stripe makes when a client, not the merchant's server, uses an intent. */
export function checkClientSecret(intent: PaymentIntent | SetupIntent, secret: string | undefined): void {
  if (secret !== intent.client_secret) {
    throw refused(
      'The client_secret provided does not match the client_secret associated with this intent.',
      'payment_intent_invalid_parameter',
    );
  }
}
