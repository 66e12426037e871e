import type Stripe from 'stripe';
import { toStripeAmount } from '../pricing/currencies.js';
import type { Payments, SentRefund } from './payments.js';
import { createOnce, hasType } from './stripe-errors.js';

/**
 * Creates the adaptor of refunds to cards and reversals from connected accounts. Both are found again by their
 * metadata.
 */
export function stripeRefunds(client: () => Promise<Stripe>): Pick<Payments, 'refund' | 'retrieveRefund' | 'reverse'> {
  return {
    async refund({ orderId, refundId, intentId, amountMinor, currency }) {
      const { refunds } = await client();
      const metadata = { orderId, refundId };
      const request = { payment_intent: intentId, amount: toStripeAmount(amountMinor, currency), metadata };
      const find = async () => named((await refunds.list({ payment_intent: intentId, limit: 100 })).data, refundId);
      const create = (idempotencyKey: string) => refunds.create(request, { idempotencyKey });
      try {
        return toSent(await createOnce(`${orderId}-refund-${refundId}-${intentId}`, { find, create }));
      } catch (error) {
        // Refused permanently: a disputed charge, or one that was refunded elsewhere. A retry would be refused again.
        if (!hasType(error, 'StripeInvalidRequestError')) throw error;
        return { orderId, refundId, intentId, status: 'failed' };
      }
    },
    async retrieveRefund(id) {
      return toSent(await (await client()).refunds.retrieve(id));
    },
    async reverse({ orderId, refundId, amountMinor, currency }) {
      const { transfers } = await client();
      const transfer = (await transfers.list({ transfer_group: orderId, limit: 1 })).data[0];
      if (!transfer) throw new Error('no transfer to take back from');
      const request = { amount: toStripeAmount(amountMinor, currency), metadata: { orderId, refundId } };
      await createOnce(`${orderId}-reversal-${refundId}`, {
        find: async () => named((await transfers.listReversals(transfer.id, { limit: 100 })).data, refundId),
        create: (idempotencyKey) => transfers.createReversal(transfer.id, request, { idempotencyKey }),
      });
    },
  };
}

function named<T extends { metadata?: Stripe.Metadata | null }>(made: readonly T[], refundId: string): T | undefined {
  return made.find(({ metadata }) => metadata?.['refundId'] === refundId);
}

/**
 * Source: Stripe API reference, "The Refund object": a pending refund is being processed, a cancelled one was returned.
 */
export function toSent({ metadata, payment_intent: intent, status }: Stripe.Refund): SentRefund {
  return {
    orderId: metadata?.['orderId'] ?? null,
    refundId: metadata?.['refundId'] ?? null,
    intentId: (typeof intent === 'string' ? intent : intent?.id) ?? '',
    status: status === 'failed' || status === 'canceled' ? 'failed' : 'sent',
  };
}
