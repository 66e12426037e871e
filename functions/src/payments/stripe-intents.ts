import type Stripe from 'stripe';
import { toStripeAmount } from '../pricing/currencies.js';
import type { PaymentIntentState, Payments } from './payments.js';
import { createOnce } from './stripe-errors.js';
import { toHold, WITH_CHARGE } from './stripe-holds.js';

type OpenRequest = Parameters<Payments['open']>[0];

/**
 * Opens an intent once per order and purpose. The customer is attached afterwards: Stripe refuses a key that comes back
 * with other parameters, and whether an account has a Stripe customer may change between two calls with the same key.
 * Source: Stripe API reference, "Idempotent requests".
 */
export async function openIntent(intents: Stripe['paymentIntents'], request: OpenRequest): Promise<PaymentIntentState> {
  const { orderId, purpose, amountMinor, currency, customerId, takenAtOnce = false } = request;
  const parameters = {
    amount: toStripeAmount(amountMinor, currency),
    currency: currency.toLowerCase(),
    capture_method: takenAtOnce ? 'automatic' : 'manual',
    automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
    metadata: { orderId, purpose },
  } as const;
  const opened = await createOnce(`${orderId}-open-${purpose}`, {
    // An intent whose answer was lost is unpaid and its secret unknown: it may stay.
    find: () => Promise.resolve(undefined),
    create: (idempotencyKey) => intents.create(parameters, { idempotencyKey }),
  });
  // Under a key that was used before Stripe repeats its first answer: what became of the intent since is not in it.
  const isReplayed = opened.lastResponse.headers['idempotent-replayed'] === 'true';
  const intent = isReplayed ? await intents.retrieve(opened.id, WITH_CHARGE) : opened;
  return toHold(needsCustomer(intent, customerId) ? await intents.update(intent.id, { customer: customerId }) : intent);
}

/** A saved card pays only an intent of its own customer. */
function needsCustomer(intent: Stripe.PaymentIntent, customerId: string | null): customerId is string {
  return customerId !== null && intent.customer === null && intent.status === 'requires_payment_method';
}
