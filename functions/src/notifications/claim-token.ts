import type { DocumentSnapshot, Transaction } from 'firebase-admin/firestore';
import { digestOf } from '../abuse/counted.js';
import type { Device } from '../contract/accounts.js';
import { unlessUnreadable } from '../operations/isolate.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';

/**
 * Gives an FCM token to the device that registered it last and takes it from every other one: a phone that changed hands, or
 * a token that was copied, is notified for one user only. Runs after each write of a device, in any order and any number
 * of times: it looks at what is stored now.
 */
export async function claimToken(ctx: Context, uid: string, deviceId: string): Promise<void> {
  await unlessUnreadable(ctx, 'onDevice', async () => {
    const loser = await ctx.db.runTransaction((tx) => claim(ctx, tx, uid, deviceId));
    ctx.caches.devices.forget(uid);
    if (loser !== null) ctx.caches.devices.forget(loser);
  });
}

/** Returns the user who lost a device by it. */
async function claim(ctx: Context, tx: Transaction, uid: string, deviceId: string): Promise<string | null> {
  const own = await tx.get(paths.device(ctx.db, uid, deviceId));
  const token = own.data()?.token;
  if (token === undefined) return null;
  const ref = paths.deviceToken(ctx.db, digestOf(token));
  const holder = (await tx.get(ref)).data();
  if (holder?.uid === uid && holder.deviceId === deviceId) return null;
  const other = holder && (await tx.get(paths.device(ctx.db, holder.uid, holder.deviceId)));
  // The holder may be gone, or have another token by now.
  const rival = other?.data()?.token === token ? other : undefined;
  if (rival && isLater(rival, own)) {
    tx.delete(own.ref);
    return uid;
  }
  if (rival) tx.delete(rival.ref);
  tx.set(ref, { uid, deviceId });
  return rival && holder ? holder.uid : null;
}

/** By the time of the write; of two in one commit the one whose path comes later. */
function isLater(one: DocumentSnapshot<Device>, other: DocumentSnapshot<Device>): boolean {
  const [oneMs, otherMs] = [one.updateTime?.toMillis() ?? 0, other.updateTime?.toMillis() ?? 0];
  return oneMs === otherMs ? one.ref.path > other.ref.path : oneMs > otherMs;
}
