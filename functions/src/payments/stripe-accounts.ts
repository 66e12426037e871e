import type Stripe from 'stripe';
import type { Payments } from './payments.js';

type Accounts = Pick<Payments, 'openAccount' | 'accountLink' | 'retrieveAccount'>;

/** Creates the adaptor of the restaurants' connected accounts. `returnUrl`: where Stripe's form redirects to. */
export function stripeAccounts(client: () => Promise<Stripe>, returnUrl: () => string): Accounts {
  return {
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
      const url = returnUrl();
      const link = { account: accountId, type: 'account_onboarding' as const };
      return (await (await client()).accountLinks.create({ ...link, return_url: url, refresh_url: url })).url;
    },
    async retrieveAccount(accountId) {
      const account = await (await client()).accounts.retrieve(accountId);
      const restaurantId = account.metadata?.['restaurantId'] ?? null;
      return { restaurantId, payoutsEnabled: account.payouts_enabled === true };
    },
  };
}
