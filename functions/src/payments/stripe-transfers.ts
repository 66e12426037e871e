import type Stripe from 'stripe';
import { toStripeAmount } from '../pricing/currencies.js';
import type { Payments } from './payments.js';
import { createOnce } from './stripe-errors.js';
import { WITH_CHARGE } from './stripe-holds.js';

/** Creates the adaptor of transfers to connected accounts. */
export function stripeTransfers(client: () => Promise<Stripe>): Pick<Payments, 'transfer'> {
  return {
    async transfer({ orderId, accountId, amountMinor, currency, intentId }) {
      const amount = toStripeAmount(amountMinor, currency);
      const { transfers, paymentIntents } = await client();
      const source = intentId === null ? null : await findCharge(paymentIntents, intentId, amount);
      const transfer = {
        amount,
        currency: currency.toLowerCase(),
        destination: accountId,
        transfer_group: orderId,
        ...(source !== null && { source_transaction: source }),
      };
      await createOnce(`${orderId}-transfer`, {
        find: async () => (await transfers.list({ transfer_group: orderId, limit: 1 })).data[0],
        create: (idempotencyKey) => transfers.create(transfer, { idempotencyKey }),
      });
    },
  };
}

/**
 * Finds the charge from which a transfer of this amount can be paid. Captured money takes days to arrive in the
 * balance; tied to its charge, the transfer waits for it instead of failing. A charge with too small an amount, or too
 * large a refund, is no source. Source: Stripe, "Separate charges and transfers".
 */
async function findCharge(intents: Stripe['paymentIntents'], intentId: string, amount: number): Promise<string | null> {
  const { latest_charge: charge } = await intents.retrieve(intentId, WITH_CHARGE);
  if (charge === null || typeof charge === 'string' || charge.disputed) return null;
  return amount > charge.amount_captured - charge.amount_refunded ? null : charge.id;
}
