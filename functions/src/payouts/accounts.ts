import type { z } from 'zod';
import type { ConnectCourierAccountInput, ConnectCourierAccountOutput } from '../calls/courier-payouts.js';
import type { AccountOwner } from '../payments/payments.js';
import type { Caller, Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { Refusal } from '../core/outcome.js';
import { update } from '../platform/stored.js';
import { NO_ACCOUNT } from './read-pay.js';

/**
 * Creates the courier's account at the payment provider, once, and returns the link to the provider's form on each call.
 * When the courier comes back from the form the app calls this again: the result may be available before the webhook.
 */
export async function connectCourierAccount(
  ctx: Context,
  { uid }: Caller,
  { country }: z.infer<typeof ConnectCourierAccountInput>,
): Promise<z.infer<typeof ConnectCourierAccountOutput>> {
  const known = (await paths.courierAccount(ctx.db, uid).get()).data()?.stripeAccountId ?? null;
  const accountId = known ?? (await openAccount(ctx, uid, country));
  const { owner, payoutsEnabled } = await ctx.payments.retrieveAccount(accountId);
  await applyCourierAccount(ctx, accountId, { owner, payoutsEnabled });
  return payoutsEnabled
    ? { payoutsEnabled, url: null }
    : { payoutsEnabled, url: await ctx.payments.accountLink(accountId, 'courier') };
}

/** Repeated calls of one courier get the same account from the provider. */
async function openAccount(ctx: Context, uid: string, country: string): Promise<string> {
  const courier = (await paths.courier(ctx.db, uid).get()).data();
  if (!courier?.approved) throw new Refusal('PAYOUT_HELD');
  const legalName = courier.displayName;
  const stripeAccountId = await ctx.payments.openAccount({ owner: { type: 'courier', uid }, country, legalName });
  const ref = paths.courierAccount(ctx.db, uid);
  await ctx.db.runTransaction(async (tx) => {
    const account = (await tx.get(ref)).data() ?? NO_ACCOUNT;
    tx.set(ref, { ...account, stripeAccountId });
  });
  return stripeAccountId;
}

/**
 * Updates a courier to the state of the connected account at the provider, which was fetched, so that webhooks may come
 * late, twice and in any order. Does nothing for another party's account.
 */
export async function applyCourierAccount(
  ctx: Context,
  accountId: string,
  { owner, payoutsEnabled }: { owner: AccountOwner | null; payoutsEnabled: boolean },
): Promise<void> {
  if (owner?.type !== 'courier') return;
  const ref = paths.courierAccount(ctx.db, owner.uid);
  await ctx.db.runTransaction(async (tx) => {
    const before = (await tx.get(ref)).data();
    if (before?.stripeAccountId !== accountId || before.payoutsEnabled === payoutsEnabled) return;
    update(tx, ref, { payoutsEnabled });
  });
}
