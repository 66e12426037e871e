import { toDigest } from '../core/digest.js';
import type { Erasure } from '../contract/privacy.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { update } from '../platform/stored.js';

/**
 * Reads the identifier of a person besides the uid: the verified e-mail address, in lower case, and its digest. An
 * unverified address may be another person's. Device ids, tokens and names are chosen by the client, so they do not
 * identify a person: documents with them are found by the uid. The first run of an erasure stores the digest with the
 * erasure, since it deletes the account; only that run knows `email`.
 */
export async function readIdentifiers(
  ctx: Context,
  uid: string,
  erasure: Erasure,
): Promise<{ digests: ReadonlySet<string>; email: string | null }> {
  const account = await ctx.identity.accountOf(uid);
  const email = account?.emailVerified === true ? (account.email?.toLowerCase() ?? null) : null;
  if (erasure.digests) return { digests: new Set(erasure.digests), email };
  const digests = email === null ? [] : [toDigest(email)];
  const batch = ctx.db.batch();
  update(batch, paths.erasure(ctx.db, uid), { digests });
  await batch.commit();
  return { digests: new Set(digests), email };
}
