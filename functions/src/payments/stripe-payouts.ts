import type Stripe from 'stripe';
import { lookUp } from '../core/look-up.js';
import { fromStripeAmount, toStripeAmount } from '../pricing/currencies.js';
import { PayoutRefused, type BankPayout, type Payments } from './payments.js';
import { createOnce, createOnceAccepted, hasType, stringField } from './stripe-errors.js';

type Payouts = Pick<Payments, 'transferToCourier' | 'payOut' | 'retrieveBankPayout' | 'reverseTransfer'>;

/**
 * Creates the adaptor of couriers' payouts: a transfer to the courier's account, and a payout from its balance to its
 * bank. Both are found again by the payout's id. Source: Stripe docs, "Using manual payouts".
 */
export function stripePayouts(client: () => Promise<Stripe>): Payouts {
  return {
    async transferToCourier({ payoutId, accountId, amountMinor, currency }) {
      const { transfers } = await client();
      const request = {
        amount: toStripeAmount(amountMinor, currency),
        currency: currency.toLowerCase(),
        destination: accountId,
        transfer_group: payoutId,
        metadata: { payoutId },
      };
      await createOnceAccepted(`${payoutId}-transfer`, {
        find: () => findTransfer(transfers, payoutId),
        create: (idempotencyKey) => transfers.create(request, { idempotencyKey }),
      });
    },
    async payOut({ payoutId, accountId: stripeAccount, amountMinor, currency, instant }) {
      const { payouts } = await client();
      const request = {
        amount: toStripeAmount(amountMinor, currency),
        currency: currency.toLowerCase(),
        method: instant ? ('instant' as const) : ('standard' as const),
        metadata: { payoutId },
      };
      try {
        const payout = await createOnce(`${payoutId}-payout`, {
          // A retry comes before a hundred later payouts of the same courier.
          find: async () =>
            (await payouts.list({ limit: 100 }, { stripeAccount })).data.find(
              ({ metadata }) => metadata?.['payoutId'] === payoutId,
            ),
          create: (idempotencyKey) => payouts.create(request, { idempotencyKey, stripeAccount }),
        });
        return toBankPayout(payout);
      } catch (error) {
        const code = toRefusal(error);
        throw code === null ? error : new PayoutRefused(code, error);
      }
    },
    async retrieveBankPayout({ accountId, bankPayoutId }) {
      const { payouts } = await client();
      return toBankPayout(await payouts.retrieve(bankPayoutId, {}, { stripeAccount: accountId }));
    },
    async reverseTransfer({ payoutId, amountMinor, currency }) {
      const { transfers } = await client();
      const transfer = await findTransfer(transfers, payoutId);
      if (!transfer) throw new Error('no transfer to take back from');
      const request = { amount: toStripeAmount(amountMinor, currency), metadata: { payoutId } };
      await createOnceAccepted(`${payoutId}-reversal`, {
        find: async () => (await transfers.listReversals(transfer.id, { limit: 1 })).data[0],
        create: (idempotencyKey) => transfers.createReversal(transfer.id, request, { idempotencyKey }),
      });
    },
  };
}

async function findTransfer(transfers: Stripe['transfers'], payoutId: string): Promise<Stripe.Transfer | undefined> {
  return (await transfers.list({ transfer_group: payoutId, limit: 1 })).data[0];
}

/** Source: Stripe docs, "Error codes". Other codes of a refused request are `other`. */
const REFUSALS: Readonly<Record<string, PayoutRefused['code']>> = {
  balance_insufficient: 'balance',
  insufficient_funds: 'balance',
  account_invalid: 'account',
  payouts_not_allowed: 'account',
  bank_account_unusable: 'account',
  instant_payouts_unsupported: 'instant',
  instant_payouts_limit_exceeded: 'instant',
  instant_payouts_config_disabled: 'instant',
  instant_payouts_currency_disabled: 'instant',
};

/** Returns why Stripe refused a payout; null for an outage, a conflict or a key without the permission. */
function toRefusal(error: unknown): PayoutRefused['code'] | null {
  const code = lookUp(REFUSALS, stringField(error, 'code') ?? '');
  if (hasType(error, 'StripeInvalidRequestError')) return code ?? 'other';
  return hasType(error, 'StripePermissionError') ? (code ?? null) : null;
}

/** Source: Stripe API reference, "The Payout object". A payout in transit has not arrived yet. */
const STATUS: Readonly<Record<string, BankPayout['status']>> = {
  paid: 'paid',
  failed: 'failed',
  canceled: 'canceled',
};

function toBankPayout(payout: Stripe.Payout): BankPayout {
  const { id, metadata, status, amount, currency, failure_code: failureCode, arrival_date: arrival } = payout;
  return {
    bankPayoutId: id,
    payoutId: metadata?.['payoutId'] ?? null,
    status: lookUp(STATUS, status) ?? 'pending',
    amountMinor: fromStripeAmount(amount, currency),
    currency: currency.toUpperCase(),
    failureCode,
    arrivesAtMs: arrival * 1000,
  };
}
