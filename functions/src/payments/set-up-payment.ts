import type { z } from 'zod';
import type { SetUpPaymentOutput } from '../calls/payments.js';
import type { Caller, Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';

/** Returns the secrets for the app's payment sheet to save a card for later orders. */
export async function setUpPayment(ctx: Context, { uid }: Caller): Promise<z.infer<typeof SetUpPaymentOutput>> {
  const ref = paths.billing(ctx.db, uid);
  const known = (await ref.get()).data()?.stripeCustomerId ?? null;
  const setUp = await ctx.payments.setUp({ uid, customerId: known });
  if (known === null) await ref.set({ stripeCustomerId: setUp.customerId });
  ctx.caches.billing.forget(uid);
  return setUp;
}
