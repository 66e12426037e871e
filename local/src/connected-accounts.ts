import Stripe from 'stripe';
import { STAND_IN_PORTS } from './stand-ins.js';

/** A connected account at the Stripe stand-in, onboarded, so that completed orders pay the merchant out. */
export async function openConnectedAccount(restaurantId: string): Promise<string> {
  const host = '127.0.0.1';
  const port = STAND_IN_PORTS.stripe;
  const stripe = new Stripe('sk_test_local', { host, port, protocol: 'http', telemetry: false });
  const account = await stripe.accounts.create(
    { type: 'express', country: 'AT', capabilities: { transfers: { requested: true } }, metadata: { restaurantId } },
    { idempotencyKey: `account-${restaurantId}` },
  );
  // What the owner would do on Stripe's own pages.
  const onboarded = await fetch(`http://${host}:${port}/_local/accounts/${account.id}/onboard`, { method: 'POST' });
  if (!onboarded.ok) throw new Error(`onboarding ${restaurantId} answered ${onboarded.status}`);
  return account.id;
}
