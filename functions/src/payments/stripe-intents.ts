import type Stripe from 'stripe';
import { toStripeAmount } from '../pricing/currencies.js';
import { PaymentDeclined, type PaymentIntentState, type Payments } from './payments.js';
import { createOnce, hasType, stringField } from './stripe-errors.js';
import { toHold, WITH_CHARGE } from './stripe-holds.js';

type IntentMethods = Pick<Payments, 'open' | 'confirm' | 'retrieve' | 'capture' | 'voidHold'>;

/**
 * Creates the adaptor of PaymentIntents. Opening an intent is idempotent by a key. Moving it is idempotent by the
 * intent's own state, and a key would harm: Stripe keeps even a 500 under it for a day, so that no retry could ever
 * capture. Source: Stripe API reference, "Idempotent requests".
 */
export function stripeIntents(client: () => Promise<Stripe>): IntentMethods {
  const intents = async () => (await client()).paymentIntents;
  return {
    open: async (request) => openIntent(await intents(), request),
    async confirm({ intentId, paymentMethodId, offSession = false }) {
      const card = { payment_method: paymentMethodId, ...(offSession && { off_session: true }) };
      try {
        return toHold(await (await intents()).confirm(intentId, { ...card, ...WITH_CHARGE }));
      } catch (error) {
        // A payment method that Stripe does not know, or that belongs to another customer, is the caller's mistake.
        const isUnknown = stringField(error, 'param') === 'payment_method';
        if (hasType(error, 'StripeCardError') || isUnknown) throw declined(error);
        return settledOr(await intents(), intentId, error);
      }
    },
    async retrieve(intentId) {
      return toHold(await (await intents()).retrieve(intentId, WITH_CHARGE));
    },
    async capture({ intentId, amountMinor, currency }) {
      const amount = { amount_to_capture: toStripeAmount(amountMinor, currency) };
      try {
        return toHold(await (await intents()).capture(intentId, amount));
      } catch (error) {
        return settledOr(await intents(), intentId, error);
      }
    },
    async voidHold({ intentId }) {
      try {
        return toHold(await (await intents()).cancel(intentId));
      } catch (error) {
        return settledOr(await intents(), intentId, error);
      }
    },
  };
}

function declined(error: unknown): PaymentDeclined {
  return new PaymentDeclined(stringField(error, 'decline_code') ?? stringField(error, 'code') ?? 'declined');
}

/**
 * Handles a capture or cancellation of an intent in another state: done before (with a lost response), or done
 * otherwise. Its current state decides, not the attempt.
 */
async function settledOr(
  intents: Stripe['paymentIntents'],
  intentId: string,
  error: unknown,
): Promise<PaymentIntentState> {
  if (stringField(error, 'code') !== 'payment_intent_unexpected_state') throw error;
  return toHold(await intents.retrieve(intentId, WITH_CHARGE));
}

type OpenRequest = Parameters<Payments['open']>[0];

/**
 * Opens an intent once per order and purpose. The customer is attached afterwards: Stripe refuses a key that comes back
 * with other parameters, and whether an account has a Stripe customer may change between two calls with the same key.
 * Source: Stripe API reference, "Idempotent requests".
 */
async function openIntent(intents: Stripe['paymentIntents'], request: OpenRequest): Promise<PaymentIntentState> {
  const { orderId, purpose, amountMinor, currency, customerId, takenAtOnce = false } = request;
  const parameters = {
    amount: toStripeAmount(amountMinor, currency),
    currency: currency.toLowerCase(),
    capture_method: takenAtOnce ? 'automatic' : 'manual',
    automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
    metadata: { orderId, purpose },
  } as const;
  const opened = await createOnce(`${orderId}-open-${purpose}`, {
    // An intent whose response was lost is unpaid and its secret unknown: it may stay.
    find: () => Promise.resolve(undefined),
    create: (idempotencyKey) => intents.create(parameters, { idempotencyKey }),
  });
  // For a key that was used before Stripe repeats its first response, which does not contain later changes of the
  // intent.
  const isReplayed = opened.lastResponse.headers['idempotent-replayed'] === 'true';
  const intent = isReplayed ? await intents.retrieve(opened.id, WITH_CHARGE) : opened;
  return toHold(needsCustomer(intent, customerId) ? await intents.update(intent.id, { customer: customerId }) : intent);
}

/** A saved card pays only an intent of its own customer. */
function needsCustomer(intent: Stripe.PaymentIntent, customerId: string | null): customerId is string {
  return customerId !== null && intent.customer === null && intent.status === 'requires_payment_method';
}
