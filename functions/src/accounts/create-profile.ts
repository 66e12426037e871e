import type { Transaction } from 'firebase-admin/firestore';
import type { z } from 'zod';
import { digestOf, takeCounted, type Count } from '../abuse/counted.js';
import type { CreateProfileInput, CreateProfileOutput } from '../contract/calls/accounts.js';
import type { Caller, Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { Refusal } from '../platform/outcome.js';

/**
 * Makes whoever signed in a customer. Calling it again updates the name and keeps every role. A new one is counted for its
 * device and its address: whoever can sign in without end is no customer without end.
 */
export async function createProfile(
  ctx: Context,
  caller: Caller,
  { displayName, locale, deviceId }: z.infer<typeof CreateProfileInput>,
): Promise<z.infer<typeof CreateProfileOutput>> {
  const claims = await ctx.identity.claimsOf(caller.uid);
  if (!claims) throw new Refusal('USER_NOT_FOUND');
  const ref = paths.user(ctx.db, caller.uid);
  const claimsVersion = await ctx.db.runTransaction(async (tx) => {
    const before = (await tx.get(ref)).data();
    if (!before) await admit(ctx, tx, caller, deviceId);
    const version = before?.claimsVersion ?? 1;
    tx.set(ref, { displayName, locale, claimsVersion: version, createdAtMs: before?.createdAtMs ?? ctx.now() });
    return version;
  });
  await ctx.identity.setName(caller.uid, displayName);
  if (claims.role === undefined) await ctx.identity.setClaims(caller.uid, { ...claims, role: 'customer' });
  return { uid: caller.uid, claimsVersion };
}

async function admit(ctx: Context, tx: Transaction, { uid, address }: Caller, deviceId?: string): Promise<void> {
  const device = deviceId === undefined ? null : digestOf(deviceId);
  if (device !== null && (await tx.get(paths.blockedDevice(ctx.db, device))).exists)
    throw new Refusal('DEVICE_BLOCKED');
  const byAddress: Count[] = address === null ? [] : [{ kind: 'signUpByAddress', whose: address }];
  const byDevice: Count[] = device === null ? [] : [{ kind: 'signUpByDevice', whose: device }];
  await takeCounted(ctx, tx, [...byAddress, ...byDevice]);
  if (device !== null) tx.set(paths.origin(ctx.db, uid), { device });
}
