import type Stripe from 'stripe';
import { fromStripeAmount, toStripeAmount } from '../pricing/currencies.js';
import {
  ORDER_PURPOSE,
  PaymentDeclined,
  type FollowedHold,
  type Hold,
  type Page,
  type PaymentEvent,
  type Payments,
  type Span,
  type Transfer,
} from './payments.js';

/** The version this code was written for: an upgrade of the SDK is a compile error here. */
const API_VERSION = '2026-10-28.endive';

export interface StripeOptions {
  /** Asked for on first use: not every function is given every secret. */
  secretKey: () => string;
  webhookSecret: () => string;
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
    async open({ orderId, purpose, amountMinor, currency, customerId }) {
      const intent = await (
        await intents()
      ).create(
        {
          amount: toStripeAmount(amountMinor, currency),
          currency: currency.toLowerCase(),
          capture_method: 'manual',
          automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
          metadata: { orderId, purpose },
          ...(customerId !== null && { customer: customerId }),
        },
        { idempotencyKey: `${orderId}-open-${purpose}` },
      );
      return toHold(intent);
    },
    async confirm({ intentId, paymentMethodId, offSession = false }) {
      const card = { payment_method: paymentMethodId, ...(offSession && { off_session: true }) };
      try {
        return toHold(await (await intents()).confirm(intentId, { ...card, ...WITH_CHARGE }));
      } catch (error) {
        if (hasType(error, 'StripeCardError')) throw declined(error);
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
      await (await client()).transfers.create(transfer, { idempotencyKey: `${orderId}-transfer` });
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
    async verifyEvent(rawBody, signature) {
      const { webhooks } = await client();
      try {
        return toEvent(webhooks.constructEvent(rawBody, signature, options.webhookSecret()));
      } catch (error) {
        // Not Stripe's signature, or a body that is not JSON although it was signed.
        if (hasType(error, SIGNATURE_ERROR) || error instanceof SyntaxError) return null;
        throw error;
      }
    },

    async listHolds(span) {
      const list = await (await intents()).list({ ...listed(span), expand: ['data.latest_charge'] });
      return toPage(list, toFollowedHold);
    },
    async listTransfers({ accountId, ...span }) {
      const to = accountId === undefined ? {} : { destination: accountId };
      return toPage(await (await client()).transfers.list({ ...listed(span), ...to }), toTransfer);
    },
    async listRefunds(span) {
      const list = await (await client()).refunds.list(listed(span));
      return toPage(list, ({ id, payment_intent: intent }) => ({ id, intentId: idOf(intent) }));
    },
    async listDisputes(span) {
      const list = await (await client()).disputes.list(listed(span));
      return toPage(list, ({ id, payment_intent: intent, amount, currency }) => ({
        id,
        intentId: idOf(intent),
        amountMinor: fromStripeAmount(amount, currency),
      }));
    },
    async inspect(intentId) {
      try {
        return toFollowedHold(await (await intents()).retrieve(intentId, WITH_CHARGE));
      } catch (error) {
        if (stringField(error, 'code') === 'resource_missing') return null;
        throw error;
      }
    },
    async transfersOf(orderId) {
      const list = await (await client()).transfers.list({ transfer_group: orderId, limit: PAGE });
      return list.data.map(toTransfer);
    },
  };
}

/** The most that Stripe lists at once. Source: Stripe API reference, "Pagination". */
const PAGE = 100;

function listed({ fromMs, untilMs, after }: Span) {
  const created = { gte: Math.ceil(fromMs / 1000), lt: Math.ceil(untilMs / 1000) };
  return { created, limit: PAGE, ...(after !== undefined && { starting_after: after }) };
}

function toPage<T extends { id: string }, U>(list: Stripe.ApiList<T>, map: (one: T) => U): Page<U> {
  return { items: list.data.map(map), next: list.has_more ? (list.data.at(-1)?.id ?? null) : null };
}

function toFollowedHold(intent: Stripe.PaymentIntent): FollowedHold {
  const charge = intent.latest_charge;
  const refunded = charge === null || typeof charge === 'string' ? 0 : charge.amount_refunded;
  // Stripe counts as refunded what a partial capture released, too: all of it, where nothing was captured.
  const released = intent.amount_received === 0 ? refunded : intent.amount - intent.amount_received;
  return { ...toHold(intent), refundedMinor: fromStripeAmount(Math.max(0, refunded - released), intent.currency) };
}

function toTransfer(transfer: Stripe.Transfer): Transfer {
  const { id, transfer_group: orderId, destination, amount, amount_reversed: reversed, currency } = transfer;
  return {
    id,
    orderId,
    accountId: idOf(destination) ?? '',
    amountMinor: fromStripeAmount(amount - reversed, currency),
  };
}

function idOf(reference: string | { id: string } | null): string | null {
  return typeof reference === 'object' ? (reference?.id ?? null) : reference;
}

const WITH_CHARGE = { expand: ['latest_charge'] };

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

function toHold(intent: Stripe.PaymentIntent): Hold {
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
  };
}

/** Source: Stripe documentation, "Place a hold": each card network has its own time. */
function captureBeforeMs(charge: Stripe.PaymentIntent['latest_charge']): number | null {
  const seconds = typeof charge === 'string' ? undefined : charge?.payment_method_details?.card?.capture_before;
  return seconds === undefined || seconds === null ? null : seconds * 1000;
}

/** Source: Stripe documentation, "How intents work". Whatever waits for the customer is unpaid. */
const HOLD_STATUS: Partial<Record<Stripe.PaymentIntent.Status, Hold['status']>> = {
  requires_capture: 'authorized',
  succeeded: 'captured',
  canceled: 'voided',
};

function toEvent(event: Stripe.Event): PaymentEvent {
  const { object } = event.data;
  const isIntent = 'object' in object && object.object === 'payment_intent';
  return { id: event.id, type: event.type, intentId: isIntent ? object.id : null };
}

function declined(error: unknown): PaymentDeclined {
  return new PaymentDeclined(stringField(error, 'decline_code') ?? stringField(error, 'code') ?? 'declined');
}

/**
 * A capture or cancel of an intent in another state: done before (an answer was lost), or done otherwise. What it is
 * now decides, not what was tried.
 */
async function settledOr(intents: Stripe['paymentIntents'], intentId: string, error: unknown): Promise<Hold> {
  if (stringField(error, 'code') !== 'payment_intent_unexpected_state') throw error;
  return toHold(await intents.retrieve(intentId, WITH_CHARGE));
}

/**
 * The charge that a transfer of this amount can be paid from. Captured money is days on its way into the balance; tied
 * to its charge, the transfer waits for it instead of failing. Source: Stripe, "Separate charges and transfers".
 */
async function chargeOf(intents: Stripe['paymentIntents'], intentId: string, amount: number): Promise<string | null> {
  const { latest_charge: charge, amount_received: received } = await intents.retrieve(intentId);
  if (charge === null || amount > received) return null;
  return typeof charge === 'string' ? charge : charge.id;
}

function hasType(error: unknown, type: string): boolean {
  return stringField(error, 'type') === type;
}

function stringField(error: unknown, field: string): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const value: unknown = Reflect.get(error, field);
  return typeof value === 'string' ? value : undefined;
}
