import type Stripe from 'stripe';
import { fromStripeAmount } from '../pricing/currencies.js';
import { ORDER_PURPOSE, type FollowedPayment, type PaymentIntentState } from './payments.js';

export const WITH_CHARGE = { expand: ['latest_charge'] };

/** Converts a PaymentIntent of Stripe. */
export function toHold(intent: Stripe.PaymentIntent): PaymentIntentState {
  const { currency } = intent;
  return {
    intentId: intent.id,
    clientSecret: intent.client_secret ?? '',
    status: HOLD_STATUS[intent.status] ?? 'unpaid',
    authorizedMinor:
      intent.status === 'requires_capture' || intent.status === 'succeeded'
        ? fromStripeAmount(intent.amount, currency)
        : 0,
    capturedMinor: fromStripeAmount(intent.amount_received, currency),
    orderId: intent.metadata['orderId'] ?? null,
    purpose: intent.metadata['purpose'] ?? ORDER_PURPOSE,
    holdUntilMs: intent.status === 'requires_capture' ? captureBeforeMs(intent.latest_charge) : null,
    cardFingerprint: toFingerprint(intent.latest_charge),
  };
}

/** Source: Stripe API reference, "The Charge object": the same for every use of one card number. */
function toFingerprint(charge: Stripe.PaymentIntent['latest_charge']): string | null {
  return typeof charge === 'string' ? null : (charge?.payment_method_details?.card?.fingerprint ?? null);
}

/** Source: Stripe documentation, "Place a hold": each card network has its own time. */
function captureBeforeMs(charge: Stripe.PaymentIntent['latest_charge']): number | null {
  const seconds = typeof charge === 'string' ? undefined : charge?.payment_method_details?.card?.capture_before;
  return seconds === undefined || seconds === null ? null : seconds * 1000;
}

/** Source: Stripe documentation, "How intents work". An intent that waits for the customer is unpaid. */
const HOLD_STATUS: Partial<Record<Stripe.PaymentIntent.Status, PaymentIntentState['status']>> = {
  requires_capture: 'authorized',
  succeeded: 'captured',
  canceled: 'voided',
};

/** Converts an intent that was fetched with its charge. */
export function toFollowedHold(intent: Stripe.PaymentIntent): FollowedPayment {
  const charge = intent.latest_charge;
  const refunded = charge === null || typeof charge === 'string' ? 0 : charge.amount_refunded;
  // Stripe includes the part that a partial capture released in the refunded amount: all of it, where nothing was
  // captured.
  const released = intent.amount_received === 0 ? refunded : intent.amount - intent.amount_received;
  return { ...toHold(intent), refundedMinor: fromStripeAmount(Math.max(0, refunded - released), intent.currency) };
}
