import type { DocumentReference, DocumentSnapshot, Transaction } from 'firebase-admin/firestore';
import { toDigest } from '../core/digest.js';
import { MAX_DEVICES, type Device, type DeviceToken } from '../contract/accounts.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';

/** The number of tokens that one write of a device removes. The next write removes the rest. */
const PAGE = 100;

/**
 * Assigns an FCM token to the device that registered it last and removes it from every other one: a phone that changed
 * owners, or a token that was copied, is notified for one user only. A device holds one token, and none once it is
 * removed. Runs after each write of a device, in any order and any number of times: it works from the stored state.
 */
export async function claimToken(ctx: Context, uid: string, deviceId: string): Promise<void> {
  if (await hasOwnToken(ctx, uid, deviceId)) return ctx.caches.devices.forget(uid);
  const held = await findHeld(ctx, uid, deviceId);
  const { loser, isNew } = await ctx.db.runTransaction((tx) => claim(ctx, tx, uid, deviceId, held));
  if (isNew) await removeOldest(ctx, uid);
  ctx.caches.devices.forget(uid);
  if (loser !== null) ctx.caches.devices.forget(loser);
}

/** Most writes of a device leave its token as it is: they cost two reads. */
async function hasOwnToken(ctx: Context, uid: string, deviceId: string): Promise<boolean> {
  const token = (await paths.device(ctx.db, uid, deviceId).get()).data()?.token;
  if (token === undefined) return false;
  const holder = (await paths.deviceToken(ctx.db, toDigest(token)).get()).data();
  return holder?.uid === uid && holder.deviceId === deviceId;
}

/**
 * Finds the tokens that the device holds, before the transaction: a query within it would lock a range, so that the
 * devices of a whole city would wait for each other. A token assigned in the meantime is handled by the trigger of that
 * write.
 */
async function findHeld(ctx: Context, uid: string, deviceId: string): Promise<DocumentReference<DeviceToken>[]> {
  const held = paths.deviceTokens(ctx.db).where('uid', '==', uid).where('deviceId', '==', deviceId).limit(PAGE);
  return (await held.get()).docs.map(({ ref }) => ref);
}

interface Claimed {
  /** The user who lost a device by the change. */
  loser: string | null;
  /** The device did not hold the token before. */
  isNew: boolean;
}

async function claim(
  ctx: Context,
  tx: Transaction,
  uid: string,
  deviceId: string,
  held: readonly DocumentReference<DeviceToken>[],
): Promise<Claimed> {
  const own = await tx.get(paths.device(ctx.db, uid, deviceId));
  const token = own.data()?.token;
  const before = (await Promise.all(held.map((ref) => tx.get(ref)))).filter((one) => {
    const holder = one.data();
    return holder?.uid === uid && holder.deviceId === deviceId;
  });
  if (token === undefined) {
    for (const old of before) tx.delete(old.ref);
    return { loser: null, isNew: false };
  }
  const ref = paths.deviceToken(ctx.db, toDigest(token));
  const holder = (await tx.get(ref)).data();
  if (holder?.uid === uid && holder.deviceId === deviceId) return { loser: null, isNew: false };
  const other = holder && (await tx.get(paths.device(ctx.db, holder.uid, holder.deviceId)));
  // The holder may have been removed, or have another token by now.
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

/** Each removal is a write of a device, whose trigger removes its token, too. */
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
