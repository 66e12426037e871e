import type { z } from 'zod';
import type { CreateProfileInput, CreateProfileOutput } from '../contract/calls/accounts.js';
import type { Caller, Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { Refusal } from '../platform/outcome.js';

/** Makes whoever signed in a customer. Calling it again updates the name and keeps every role. */
export async function createProfile(
  ctx: Context,
  caller: Caller,
  { displayName, locale }: z.infer<typeof CreateProfileInput>,
): Promise<z.infer<typeof CreateProfileOutput>> {
  const claims = await ctx.identity.claimsOf(caller.uid);
  if (!claims) throw new Refusal('USER_NOT_FOUND');
  const ref = paths.user(ctx.db, caller.uid);
  const claimsVersion = await ctx.db.runTransaction(async (tx) => {
    const before = (await tx.get(ref)).data();
    const version = before?.claimsVersion ?? 1;
    tx.set(ref, { displayName, locale, claimsVersion: version, createdAtMs: before?.createdAtMs ?? ctx.now() });
    return version;
  });
  await ctx.identity.setName(caller.uid, displayName);
  if (claims.role === undefined) await ctx.identity.setClaims(caller.uid, { ...claims, role: 'customer' });
  return { uid: caller.uid, claimsVersion };
}
