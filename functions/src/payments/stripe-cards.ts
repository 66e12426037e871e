import type Stripe from 'stripe';
import type { Payments, SavedCard } from './payments.js';
import { stringField } from './stripe-errors.js';

export function stripeCards(
  client: () => Promise<Stripe>,
): Pick<Payments, 'listCards' | 'fingerprintOf' | 'removeCard' | 'removeCustomer'> {
  return {
    async listCards(customerId) {
      const found = await (await client()).customers.listPaymentMethods(customerId, { type: 'card', limit: 20 });
      return found.data.flatMap(toCard);
    },
    async fingerprintOf(paymentMethodId) {
      try {
        return (await (await client()).paymentMethods.retrieve(paymentMethodId)).card?.fingerprint ?? null;
      } catch (error) {
        if (stringField(error, 'code') !== 'resource_missing') throw error;
        return null;
      }
    },
    async removeCard({ customerId, paymentMethodId }) {
      const { paymentMethods } = await client();
      const own = await (await client()).customers.listPaymentMethods(customerId, { type: 'card', limit: 100 });
      if (!own.data.some(({ id }) => id === paymentMethodId)) return false;
      await paymentMethods.detach(paymentMethodId);
      return true;
    },
    async removeCustomer(customerId) {
      try {
        await (await client()).customers.del(customerId);
      } catch (error) {
        if (stringField(error, 'code') !== 'resource_missing') throw error;
      }
    },
  };
}

function toCard({ id, card }: Stripe.PaymentMethod): SavedCard[] {
  if (!card) return [];
  const { brand, last4, exp_month: expMonth, exp_year: expYear } = card;
  return [{ paymentMethodId: id, brand, last4, expMonth, expYear }];
}
