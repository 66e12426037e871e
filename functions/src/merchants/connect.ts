import type { z } from 'zod';
import type { ConnectAccountInput, ConnectAccountOutput } from '../calls/merchants.js';
import type { Caller, Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { Refusal } from '../core/outcome.js';
import type { AccountOwner } from '../payments/payments.js';
import { OWNERS, requireStaff } from '../authority/staff.js';
import { update, updateOne } from '../platform/stored.js';

/**
 * Creates the restaurant's account at the payment provider, once, and returns the link to the provider's form for its
 * owner on each call. When the owner comes back from the form the app calls this again: the result may be available
 * before the webhook.
 */
export async function connectAccount(
  ctx: Context,
  caller: Caller,
  { restaurantId }: z.infer<typeof ConnectAccountInput>,
): Promise<z.infer<typeof ConnectAccountOutput>> {
  await requireStaff(ctx, caller, restaurantId, OWNERS);
  const ref = paths.terms(ctx.db, restaurantId);
  const known = (await ref.get()).data()?.stripeAccountId ?? null;
  const accountId = known ?? (await openAccount(ctx, restaurantId));
  if (await syncAccount(ctx, accountId)) return { payoutsEnabled: true, url: null };
  return { payoutsEnabled: false, url: await ctx.payments.accountLink(accountId) };
}

async function openAccount(ctx: Context, restaurantId: string): Promise<string> {
  const application = (await paths.merchantApplication(ctx.db, restaurantId).get()).data();
  if (application?.status !== 'approved') throw new Refusal('APPLICATION_NOT_FOUND', { applicationId: restaurantId });
  const { country, legalName } = application.venture;
  const accountId = await ctx.payments.openAccount({ owner: { type: 'restaurant', restaurantId }, country, legalName });
  await updateOne(paths.terms(ctx.db, restaurantId), { stripeAccountId: accountId });
  ctx.caches.terms.forget(restaurantId);
  return accountId;
}

/**
 * Updates a restaurant to the current state of its account at the provider: the account is fetched, never taken from a
 * message, so that webhooks may come late, twice and in any order. Only a restaurant that can be paid may go online.
 */
const syncAccount = async (ctx: Context, accountId: string): Promise<boolean> =>
  applyAccount(ctx, accountId, await ctx.payments.retrieveAccount(accountId));

/** Updates a restaurant to the state of its account that was fetched; does nothing for another party's account. */
export async function applyAccount(
  ctx: Context,
  accountId: string,
  { owner, payoutsEnabled }: { owner: AccountOwner | null; payoutsEnabled: boolean },
): Promise<boolean> {
  if (owner?.type !== 'restaurant') return payoutsEnabled;
  const { restaurantId } = owner;
  const [terms, restaurant] = [paths.terms(ctx.db, restaurantId), paths.restaurant(ctx.db, restaurantId)];
  await ctx.db.runTransaction(async (tx) => {
    const before = (await tx.get(terms)).data();
    // An event of another account, or a repeated one.
    if (before?.stripeAccountId !== accountId || before.payoutsEnabled === payoutsEnabled) return;
    update(tx, terms, { payoutsEnabled });
    update(tx, restaurant, { canGoOnline: payoutsEnabled });
  });
  ctx.caches.terms.forget(restaurantId);
  return payoutsEnabled;
}
