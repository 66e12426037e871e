import type { DocumentSnapshot, Transaction } from 'firebase-admin/firestore';
import { digestOf } from '../abuse/counted.js';
import { MAX_DEVICES, type Device } from '../contract/accounts.js';
import { unlessUnreadable } from '../operations/isolate.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';

/** What one write of a device removes at most. The next write removes the rest. */
const PAGE = 100;

/**
 * Gives an FCM token to the device that registered it last and takes it from every other one: a phone that changed hands, or
 * a token that was copied, is notified for one user only. A device holds one token, and none once it is removed. Runs after
 * each write of a device, in any order and any number of times: it looks at what is stored now.
 */
export async function claimToken(ctx: Context, uid: string, deviceId: string): Promise<void> {
  await unlessUnreadable(ctx, 'onDevice', async () => {
    const { loser, isNew } = await ctx.db.runTransaction((tx) => claim(ctx, tx, uid, deviceId));
    if (isNew) await removeOldest(ctx, uid);
    ctx.caches.devices.forget(uid);
    if (loser !== null) ctx.caches.devices.forget(loser);
  });
}

interface Claimed {
  /** The user who lost a device by it. */
  loser: string | null;
  /** The device did not hold the token before. */
  isNew: boolean;
}

async function claim(ctx: Context, tx: Transaction, uid: string, deviceId: string): Promise<Claimed> {
  const own = await tx.get(paths.device(ctx.db, uid, deviceId));
  const token = own.data()?.token;
  const held = paths.deviceTokens(ctx.db).where('uid', '==', uid).where('deviceId', '==', deviceId).limit(PAGE);
  if (token === undefined) {
    for (const { ref } of (await tx.get(held)).docs) tx.delete(ref);
    return { loser: null, isNew: false };
  }
  const ref = paths.deviceToken(ctx.db, digestOf(token));
  const holder = (await tx.get(ref)).data();
  if (holder?.uid === uid && holder.deviceId === deviceId) return { loser: null, isNew: false };
  const other = holder && (await tx.get(paths.device(ctx.db, holder.uid, holder.deviceId)));
  const before = (await tx.get(held)).docs;
  // The holder may be gone, or have another token by now.
  const rival = other?.data()?.token === token ? other : undefined;
  for (const old of before) tx.delete(old.ref);
  if (rival && isLater(rival, own)) {
    tx.delete(own.ref);
    return { loser: uid, isNew: false };
  }
  if (rival) tx.delete(rival.ref);
  tx.set(ref, { uid, deviceId });
  return { loser: rival && holder ? holder.uid : null, isNew: true };
}

/** Each removal is a write of a device, after which its token goes, too. */
async function removeOldest(ctx: Context, uid: string): Promise<void> {
  const devices = paths.devices(ctx.db, uid);
  if ((await devices.count().get()).data().count <= MAX_DEVICES) return;
  const { docs } = await devices.limit(PAGE).get();
  const oldest = docs.toSorted((one, other) => one.updateTime.toMillis() - other.updateTime.toMillis());
  await Promise.all(oldest.slice(0, -MAX_DEVICES).map(({ ref }) => ref.delete()));
}

/** By the time of the write; of two in one commit the one whose path comes later. */
function isLater(one: DocumentSnapshot<Device>, other: DocumentSnapshot<Device>): boolean {
  const [oneMs, otherMs] = [one.updateTime?.toMillis() ?? 0, other.updateTime?.toMillis() ?? 0];
  return oneMs === otherMs ? one.ref.path > other.ref.path : oneMs > otherMs;
}
