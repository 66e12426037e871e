import type Stripe from 'stripe';
import type { AccountOwner, Payments } from './payments.js';

type ReturnUrls = Readonly<Record<AccountOwner['type'], () => string>>;
type Accounts = Pick<Payments, 'openAccount' | 'accountLink' | 'retrieveAccount'>;

/** Creates the adaptor of connected accounts. `returnUrls`: where Stripe's form redirects each owner to. */
export function stripeAccounts(client: () => Promise<Stripe>, returnUrls: ReturnUrls): Accounts {
  return {
    async openAccount({ owner, country, legalName }) {
      const { accounts } = await client();
      const business = {
        type: 'express' as const,
        country,
        capabilities: { transfers: { requested: true } },
        business_profile: { name: legalName },
      };
      const { id } =
        owner.type === 'restaurant'
          ? await accounts.create(
              { ...business, metadata: { restaurantId: owner.restaurantId } },
              { idempotencyKey: `account-${owner.restaurantId}` },
            )
          : await accounts.create(
              { ...business, ...INDIVIDUAL, metadata: { courierId: owner.uid } },
              { idempotencyKey: `account-courier-${owner.uid}` },
            );
      return id;
    },
    async accountLink(accountId, owner = 'restaurant') {
      const url = returnUrls[owner]();
      const link = { account: accountId, type: 'account_onboarding' as const };
      return (await (await client()).accountLinks.create({ ...link, return_url: url, refresh_url: url })).url;
    },
    async retrieveAccount(accountId) {
      const account = await (await client()).accounts.retrieve(accountId);
      return { owner: toOwner(account.metadata ?? {}), payoutsEnabled: account.payouts_enabled === true };
    },
  };
}

/**
 * A courier's account. Its balance waits for the backend's payouts, since Stripe would pay it out by itself otherwise.
 * Source: Stripe docs, "Using manual payouts".
 */
const INDIVIDUAL = {
  business_type: 'individual' as const,
  settings: { payouts: { schedule: { interval: 'manual' as const } } },
};

function toOwner({ restaurantId, courierId }: Stripe.Metadata): AccountOwner | null {
  if (restaurantId !== undefined) return { type: 'restaurant', restaurantId };
  return courierId === undefined ? null : { type: 'courier', uid: courierId };
}
