import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';

/** Reads the payment provider's id of a customer; null before the first card was saved. */
export async function readStripeCustomerId(ctx: Context, uid: string): Promise<string | null> {
  const read = async () => (await paths.billing(ctx.db, uid).get()).data() ?? null;
  return (await ctx.caches.billing.get(uid, read))?.stripeCustomerId ?? null;
}
