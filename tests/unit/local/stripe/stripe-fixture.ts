import Stripe from 'stripe';
import { LocalClock } from '#local/clock.js';
import { startStripe, type StripeOptions, type StripeStandIn } from '#local/stripe/server.js';

export interface StripeFixture {
  readonly standIn: StripeStandIn;
  readonly stripe: Stripe;
  readonly clock: LocalClock;
}

/** A stand-in whose clock moves only by hand, and the real client of it, which never retries by itself. */
export async function stripeFixture(options: StripeOptions = {}): Promise<StripeFixture> {
  const clock = new LocalClock(0);
  const standIn = await startStripe({ clock, run: 'test', ...options });
  return { standIn, clock, stripe: clientOf(standIn, 'sk_test_local') };
}

export function clientOf(standIn: StripeStandIn, key: string): Stripe {
  return new Stripe(key, {
    host: '127.0.0.1',
    port: standIn.port,
    protocol: 'http',
    maxNetworkRetries: 0,
    telemetry: false,
  });
}

/** A held payment of €25.00. */
export function aHold(
  stripe: Stripe,
  overrides: Partial<Stripe.PaymentIntentCreateParams> = {},
): Promise<Stripe.PaymentIntent> {
  return stripe.paymentIntents.create({
    amount: 2500,
    currency: 'eur',
    capture_method: 'manual',
    payment_method: 'pm_card_visa',
    confirm: true,
    return_url: 'http://127.0.0.1/back',
    ...overrides,
  });
}

/** The Stripe error a call ends with; fails when it succeeds. */
export async function stripeError(call: Promise<unknown>): Promise<InstanceType<typeof Stripe.errors.StripeError>> {
  try {
    await call;
  } catch (error) {
    if (error instanceof Stripe.errors.StripeError) return error;
    throw error;
  }
  throw new Error('The call succeeded.');
}

export async function local(standIn: StripeStandIn, path: string, body: object = {}): Promise<Response> {
  return fetch(`${standIn.url}/_local/${path}`, { method: 'POST', body: JSON.stringify(body) });
}
