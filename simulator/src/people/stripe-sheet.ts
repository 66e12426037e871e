import type { Stack } from '../stack.js';
import type { Story } from './plan.js';

interface Payment {
  intentId: string;
  clientSecret: string;
}

/**
 * Stripe's payment sheet on the customer's phone: confirms with a test card, uses another where it is declined, and
 * passes 3-D Secure. It calls Stripe's client API with the publishable key and the client secret.
 */
export async function payAtStripe(stack: Stack, payment: Payment, story: Story): Promise<void> {
  if (story === 'declinedCard') {
    const declined = await confirm(stack, payment, 'pm_card_chargeDeclined');
    if (declined.status !== 402)
      throw new Error(`confirming with a declined card gave ${declined.status}, expected 402`);
  }
  const card = story === 'threeDSecure' ? 'pm_card_threeDSecure2Required' : 'pm_card_visa';
  const confirmed = await confirm(stack, payment, card);
  if (!confirmed.ok) throw new Error(`payment failed: ${confirmed.status} ${await confirmed.text()}`);
  if (story === 'threeDSecure') await authenticate(stack, payment.intentId);
}

function confirm({ host, ports }: Stack, { intentId, clientSecret }: Payment, card: string): Promise<Response> {
  return fetch(`http://${host}:${ports.stripe}/v1/payment_intents/${intentId}/confirm`, {
    method: 'POST',
    headers: { authorization: 'Bearer pk_test_local', 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ client_secret: clientSecret, payment_method: card, return_url: 'app://done' }),
  });
}

/** Authenticates as the customer would on the bank's page. */
async function authenticate({ host, ports }: Stack, intentId: string): Promise<void> {
  const response = await fetch(`http://${host}:${ports.stripe}/_local/authenticate/${intentId}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });
  if (!response.ok) throw new Error(`authenticating with 3-D Secure failed: ${response.status}`);
}
