import type Stripe from 'stripe';
import type { Payments } from './payments.js';
import { stripeAccounts } from './stripe-accounts.js';
import { stripeLists } from './stripe-lists.js';
import { stripeCards } from './stripe-cards.js';
import { stripeDisputes } from './stripe-disputes.js';
import { stripeIntents } from './stripe-intents.js';
import { stripePayouts } from './stripe-payouts.js';
import { stripeRefunds } from './stripe-refunds.js';
import { stripeTransfers } from './stripe-transfers.js';
import { API_VERSION } from './stripe-version.js';
import { stripeWebhooks } from './stripe-webhooks.js';

export interface StripeOptions {
  /** Read on first use: not every function has access to every secret. */
  secretKey: () => string;
  /** One, or several separated by commas. */
  webhookSecret: () => string;
  /** Where the provider's form redirects to. */
  merchantUrl: () => string;
  /** Where it redirects a courier to; absent: to the same. */
  courierUrl?: () => string;
  /** Absent in production; a host like `127.0.0.1:12111` replaces api.stripe.com. */
  host?: string;
}

/** Creates the payment provider with Stripe. The SDK is loaded on first use: most functions never pay. */
export function stripePayments(options: StripeOptions): Payments {
  let loading: Promise<Stripe> | undefined;
  const client = () => (loading ??= connect(options));
  return {
    ...stripeIntents(client),
    ...stripeRefunds(client),
    ...stripeTransfers(client),
    ...stripePayouts(client),
    ...stripeDisputes(client),
    ...stripeCards(client),
    ...stripeAccounts(client, { restaurant: options.merchantUrl, courier: options.courierUrl ?? options.merchantUrl }),
    ...stripeLists(client),
    ...stripeWebhooks(client, options.webhookSecret),
  };
}

async function connect({ secretKey, host }: StripeOptions): Promise<Stripe> {
  const { default: StripeClient } = await import('stripe');
  const [name, port] = host?.split(':') ?? [];
  const local = name === undefined ? {} : { host: name, port: Number(port), protocol: 'http' as const };
  return new StripeClient(secretKey(), {
    apiVersion: API_VERSION,
    maxNetworkRetries: 2,
    timeout: 20_000,
    telemetry: false,
    ...local,
  });
}
