import type Stripe from 'stripe';
import { toStripeAmount } from '../pricing/currencies.js';
import { PaymentDeclined, type PaymentIntentState, type PaymentEvent, type Payments } from './payments.js';
import { stripeBooks } from './stripe-books.js';
import { stripeCards } from './stripe-cards.js';
import { stripeDisputes } from './stripe-disputes.js';
import { createOnce, hasType, stringField } from './stripe-errors.js';
import { toHold, WITH_CHARGE } from './stripe-holds.js';
import { openIntent } from './stripe-intents.js';
import { stripeRefunds } from './stripe-refunds.js';

/** The version this code was written for: an upgrade of the SDK is a compile error here. */
const API_VERSION = '2026-10-28.endive';

export interface StripeOptions {
  /** Asked for on first use: not every function is given every secret. */
  secretKey: () => string;
  /** One, or several with commas between. */
  webhookSecret: () => string;
  /** Where the provider's form leads back to. */
  merchantUrl: () => string;
  /** Absent in production; a host like `127.0.0.1:12111` answers instead of api.stripe.com. */
  host?: string;
}

/**
 * Stripe behind the port. The SDK is loaded on first use: most functions never pay.
 * What opens something is made idempotent by a key. What moves an intent on is so by the intent's own state, and a key
 * would harm: Stripe keeps even a 500 under it for a day, so that no retry could ever capture.
 * Source: Stripe API reference, "Idempotent requests".
 */
export function stripePayments(options: StripeOptions): Payments {
  let loading: Promise<Stripe> | undefined;
  const client = () => (loading ??= connect(options));
  const intents = async () => (await client()).paymentIntents;

  return {
    ...stripeRefunds(client),
    ...stripeDisputes(client),
    ...stripeCards(client),
    ...stripeBooks(client),
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
    async transfer({ orderId, accountId, amountMinor, currency, intentId }) {
      const amount = toStripeAmount(amountMinor, currency);
      const source = intentId === null ? null : await chargeOf(await intents(), intentId, amount);
      const transfer = {
        amount, currency: currency.toLowerCase(), destination: accountId, transfer_group: orderId,
        ...(source !== null && { source_transaction: source }),
      }; // prettier-ignore
      const { transfers } = await client();
      await createOnce(`${orderId}-transfer`, {
        find: async () => (await transfers.list({ transfer_group: orderId, limit: 1 })).data[0],
        create: (idempotencyKey) => transfers.create(transfer, { idempotencyKey }),
      });
    },
    async setUp({ uid, customerId }) {
      const stripe = await client();
      const customer =
        customerId ?? (await stripe.customers.create({ metadata: { uid } }, { idempotencyKey: `customer-${uid}` })).id;
      const [intent, key] = await Promise.all([
        stripe.setupIntents.create({ customer, usage: 'off_session' }),
        stripe.ephemeralKeys.create({ customer }, { apiVersion: API_VERSION }),
      ]);
      return {
        customerId: customer,
        setupIntentClientSecret: intent.client_secret ?? '',
        ephemeralKeySecret: key.secret ?? '',
      };
    },
    // Connect
    async openAccount({ restaurantId, country, legalName }) {
      const account = await (
        await client()
      ).accounts.create(
        {
          type: 'express',
          country,
          capabilities: { transfers: { requested: true } },
          business_profile: { name: legalName },
          metadata: { restaurantId },
        },
        { idempotencyKey: `account-${restaurantId}` },
      );
      return account.id;
    },
    async accountLink(accountId) {
      const url = options.merchantUrl();
      const link = { account: accountId, type: 'account_onboarding' as const };
      return (await (await client()).accountLinks.create({ ...link, return_url: url, refresh_url: url })).url;
    },
    async retrieveAccount(accountId) {
      const account = await (await client()).accounts.retrieve(accountId);
      const restaurantId = account.metadata?.['restaurantId'] ?? null;
      return { restaurantId, payoutsEnabled: account.payouts_enabled === true };
    },
    async verifyEvent(rawBody, signature) {
      if (isFromTheFuture(signature, Date.now())) return null;
      const { webhooks } = await client();
      // Stripe signs events of connected accounts with a secret of their own.
      for (const secret of options.webhookSecret().split(',')) {
        try {
          return toEvent(webhooks.constructEvent(rawBody, signature, secret));
        } catch (error) {
          // Not this secret's signature, or a body that is not JSON although it was signed.
          if (!hasType(error, SIGNATURE_ERROR) && !(error instanceof SyntaxError)) throw error;
        }
      }
      return null;
    },
  };
}

const SIGNATURE_ERROR = 'StripeSignatureVerificationError';

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
  };
}

function declined(error: unknown): PaymentDeclined {
  return new PaymentDeclined(stringField(error, 'decline_code') ?? stringField(error, 'code') ?? 'declined');
}

/**
 * A capture or cancel of an intent in another state: done before (an answer was lost), or done otherwise. What it is
 * now decides, not what was tried.
 */
async function settledOr(
  intents: Stripe['paymentIntents'],
  intentId: string,
  error: unknown,
): Promise<PaymentIntentState> {
  if (stringField(error, 'code') !== 'payment_intent_unexpected_state') throw error;
  return toHold(await intents.retrieve(intentId, WITH_CHARGE));
}

/**
 * The charge that a transfer of this amount can be paid from. Captured money is days on its way into the balance; tied
 * to its charge, the transfer waits for it instead of failing. A charge that took less, or gave too much of it back, is no
 * source. Source: Stripe, "Separate charges and transfers".
 */
async function chargeOf(intents: Stripe['paymentIntents'], intentId: string, amount: number): Promise<string | null> {
  const { latest_charge: charge } = await intents.retrieve(intentId, WITH_CHARGE);
  if (charge === null || typeof charge === 'string' || charge.disputed) return null;
  return amount > charge.amount_captured - charge.amount_refunded ? null : charge.id;
}

/** How far a signature's time may be from the clock. Source: Stripe docs, "Webhook signatures", the libraries' default. */
const TOLERANCE_SECONDS = 300;

/** The SDK refuses what was signed too long ago, but takes any time to come: such a body could be replayed for ever. */
function isFromTheFuture(signature: string, nowMs: number): boolean {
  const latestSeconds = Math.floor(nowMs / 1000) + TOLERANCE_SECONDS;
  // Read as the SDK reads it: any blanks or sign before the number.
  const times = signature.split(',').filter((part) => part.startsWith('t=')).map((part) => parseInt(part.slice(2), 10)); // prettier-ignore
  return times.some((seconds) => seconds > latestSeconds);
}
