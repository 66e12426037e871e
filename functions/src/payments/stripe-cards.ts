import type Stripe from 'stripe';
import type { Payments, SavedCard } from './payments.js';
import { API_VERSION } from './stripe-version.js';
import { stringField } from './stripe-errors.js';

/** Creates the adaptor of customers and their saved cards. */
export function stripeCards(
  client: () => Promise<Stripe>,
): Pick<Payments, 'setUp' | 'listCards' | 'fingerprintOf' | 'removeCard' | 'removeCustomer'> {
  return {
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
