import type Stripe from 'stripe';
import { fromStripeAmount } from '../pricing/currencies.js';
import { DisputeId } from '../contract/payments.js';
import type { BalanceMove, Page, Payments, Span, Transfer } from './payments.js';
import { toDisputed } from './stripe-disputes.js';
import { stringField } from './stripe-errors.js';
import { toFollowedHold, WITH_CHARGE } from './stripe-holds.js';
import { toSent } from './stripe-refunds.js';

type ProviderLists = Pick<
  Payments,
  'listHolds' | 'listTransfers' | 'listRefunds' | 'listDisputes' | 'listBalance' | 'inspect' | 'transfersOf'
>;

/** Creates the adaptor of Stripe's lists, for the nightly comparison. */
export function stripeLists(client: () => Promise<Stripe>): ProviderLists {
  return {
    async listHolds(span) {
      const { paymentIntents } = await client();
      return toPage(await paymentIntents.list({ ...listed(span), expand: ['data.latest_charge'] }), toFollowedHold);
    },
    async listTransfers({ accountId, ...span }) {
      const to = accountId === undefined ? {} : { destination: accountId };
      return toPage(await (await client()).transfers.list({ ...listed(span), ...to }), toTransfer);
    },
    async listRefunds(span) {
      return toPage(await (await client()).refunds.list(listed(span)), toSent);
    },
    async listDisputes(span) {
      return toPage(await (await client()).disputes.list(listed(span)), toDisputed);
    },
    async listBalance(span) {
      return toPage(await (await client()).balanceTransactions.list(listed(span)), toBalanceMove);
    },
    async inspect(intentId) {
      try {
        return toFollowedHold(await (await client()).paymentIntents.retrieve(intentId, WITH_CHARGE));
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

/** The maximum page size. Source: Stripe API reference, "Pagination". */
const PAGE = 100;

function listed({ fromMs, untilMs, after }: Span) {
  const created = { gte: Math.ceil(fromMs / 1000), lt: Math.ceil(untilMs / 1000) };
  return { created, limit: PAGE, ...(after !== undefined && { starting_after: after }) };
}

function toPage<T extends { id: string }, U>(list: Stripe.ApiList<T>, map: (one: T) => U): Page<U> {
  return { items: list.data.map(map), next: list.has_more ? (list.data.at(-1)?.id ?? null) : null };
}

function toTransfer(transfer: Stripe.Transfer): Transfer {
  const { id, transfer_group: group, metadata, destination, amount, amount_reversed: reversed, currency } = transfer;
  const payoutId = metadata['payoutId'] ?? null;
  const accountId = typeof destination === 'string' ? destination : (destination?.id ?? '');
  const orderId = payoutId === null ? group : null;
  return { id, orderId, payoutId, accountId, amountMinor: fromStripeAmount(amount - reversed, currency) };
}

const BANK: readonly string[] = ['payout', 'payout_cancel', 'payout_failure', 'topup', 'topup_reversal'];
const FEES: readonly string[] = ['stripe_fee', 'stripe_fx_fee', 'tax_fee'];

/** Source: Stripe docs, "Balance transaction types". A dispute is an adjustment with the dispute as its source. */
function toBalanceMove({ id, type, source, amount, fee, currency }: Stripe.BalanceTransaction): BalanceMove {
  const sourceId = typeof source === 'string' ? source : (source?.id ?? '');
  const kind = BANK.includes(type)
    ? 'bank'
    : FEES.includes(type)
      ? 'fee'
      : DisputeId.safeParse(sourceId).success
        ? 'dispute'
        : 'other';
  const toMinor = (value: number) => Math.sign(value) * fromStripeAmount(Math.abs(value), currency);
  return { id, kind, currency: currency.toUpperCase(), amountMinor: toMinor(amount), feeMinor: toMinor(fee) };
}
