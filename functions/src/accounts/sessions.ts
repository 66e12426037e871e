import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { update } from '../platform/stored.js';

/** Devices that one transaction removes; a user has at most twenty. */
const PAGE = 100;

/**
 * Ends every session of a user: callables, commands and messages are refused within half a minute, no token is renewed,
 * and the user's phones are not notified until they sign in and register again. Idempotent.
 */
export async function endSessions(ctx: Context, uid: string): Promise<void> {
  await ctx.identity.revokeSessions(uid);
  await removeDevices(ctx, uid);
}

/** Removes the user's devices; from then on the rules accept no device of a session that began before. */
async function removeDevices(ctx: Context, uid: string): Promise<void> {
  const userRef = paths.user(ctx.db, uid);
  const signedInAfter = Math.floor(ctx.now() / 1000);
  for (;;) {
    const removed = await ctx.db.runTransaction(async (tx) => {
      const [user, devices] = [await tx.get(userRef), await tx.get(paths.devices(ctx.db, uid).limit(PAGE))];
      if (user.exists) update(tx, userRef, { signedInAfter });
      devices.docs.forEach((device) => tx.delete(device.ref));
      return devices.size;
    });
    ctx.caches.devices.forget(uid);
    if (removed < PAGE) return;
  }
}
