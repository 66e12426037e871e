import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { update } from '../platform/stored.js';

/** Devices that one transaction removes; a user has at most twenty. */
const PAGE = 100;

/**
 * Ends every session of a user: callables, commands and messages refuse them within half a minute, no token is renewed,
 * and no phone is notified until it signs in and registers again. Repeating it changes nothing more.
 */
export async function endSessions(ctx: Context, uid: string): Promise<void> {
  await ctx.identity.revokeSessions(uid);
  await removeDevices(ctx, uid);
}

/** From then on the rules take no device from a session that began before. */
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
