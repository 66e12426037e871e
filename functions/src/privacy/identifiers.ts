import { digestOf } from '../core/digest.js';
import type { Erasure } from '../contract/privacy.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { update } from '../platform/stored.js';

/** A shorter one may be a word that means something else. */
const SHORTEST = 8;
const MAX_DEVICES = 40;

/**
 * The digests of a person's identifiers besides the uid. The first run of an erasure reads them and keeps them with the
 * erasure, since it deletes what they are read from. `email` is known to that run only.
 */
export async function readDigests(
  ctx: Context,
  uid: string,
  erasure: Erasure,
): Promise<{ digests: ReadonlySet<string>; email: string | null }> {
  const account = await ctx.identity.accountOf(uid);
  const email = account?.email ?? null;
  if (erasure.digests) return { digests: new Set(erasure.digests), email };
  const devices = await paths.devices(ctx.db, uid).limit(MAX_DEVICES).get();
  const customer: unknown = (await paths.billing(ctx.db, uid).get()).get('stripeCustomerId');
  const known: unknown[] = [email, account?.phone, customer, ...devices.docs.flatMap((one) => [one.id, one.get('token')])]; // prettier-ignore
  const digests = known.filter((one) => typeof one === 'string' && one.length >= SHORTEST).map((one) => digestOf(String(one))); // prettier-ignore
  const batch = ctx.db.batch();
  update(batch, paths.erasure(ctx.db, uid), { digests });
  await batch.commit();
  return { digests: new Set(digests), email };
}
