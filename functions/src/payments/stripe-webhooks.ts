import type Stripe from 'stripe';
import type { PaymentEvent, Payments } from './payments.js';
import { hasType, stringField } from './stripe-errors.js';

const SIGNATURE_ERROR = 'StripeSignatureVerificationError';

/** Creates the adaptor of webhooks. `secrets`: one, or several separated by commas. */
export function stripeWebhooks(client: () => Promise<Stripe>, secrets: () => string): Pick<Payments, 'verifyEvent'> {
  return {
    async verifyEvent(rawBody, signature) {
      if (isFromTheFuture(signature, Date.now())) return null;
      const { webhooks } = await client();
      // Stripe signs events of connected accounts with a separate secret.
      for (const secret of secrets().split(',')) {
        try {
          return toEvent(webhooks.constructEvent(rawBody, signature, secret));
        } catch (error) {
          // Signed with another secret, or a signed body that is not JSON.
          if (!hasType(error, SIGNATURE_ERROR) && !(error instanceof SyntaxError)) throw error;
        }
      }
      return null;
    },
  };
}

function toEvent(event: Stripe.Event): PaymentEvent {
  const { object } = event.data;
  const about = (kind: string) => 'object' in object && object.object === kind && 'id' in object;
  const id = stringField(object, 'id') ?? '';
  return {
    id: event.id,
    type: event.type,
    intentId: about('payment_intent') ? id : null,
    ...(about('refund') && { refundId: id }),
    ...(about('dispute') && { disputeId: id }),
    ...(about('account') && { accountId: id }),
    ...(about('payout') && { bankPayoutId: id, ...(event.account !== undefined && { accountId: event.account }) }),
  };
}

/**
 * The maximum difference between a signature's time and the clock, in seconds. Source: Stripe docs, "Webhook
 * signatures", the libraries' default.
 */
const TOLERANCE_SECONDS = 300;

/** The SDK refuses old signatures, but accepts any future time: such a body could be replayed for ever. */
function isFromTheFuture(signature: string, nowMs: number): boolean {
  const latestSeconds = Math.floor(nowMs / 1000) + TOLERANCE_SECONDS;
  // Parsed as the SDK does: any blanks or sign before the number.
  const times = signature
    .split(',')
    .filter((part) => part.startsWith('t='))
    .map((part) => parseInt(part.slice(2), 10));
  return times.some((seconds) => seconds > latestSeconds);
}
