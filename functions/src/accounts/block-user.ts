import { FieldValue } from 'firebase-admin/firestore';
import type { z } from 'zod';
import type { BlockUserInput, BlockUserOutput } from '../contract/calls/accounts.js';
import { writeAudit } from '../operations/audit.js';
import type { Caller, Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { Refusal } from '../platform/outcome.js';
import { update } from '../platform/stored.js';

type Wish = z.infer<typeof BlockUserInput>;
type Answer = z.infer<typeof BlockUserOutput>;

/**
 * Keeps somebody out: no sign-in, no new token, and callables and commands refuse the old one within half a minute. A
 * courier gets no offers and cannot go online; the device the account was made on makes no other. What they could read they may read until the token ends, an hour at most.
 */
export async function blockUser(ctx: Context, caller: Caller, wish: Wish): Promise<Answer> {
  await proveUser(ctx, wish.uid);
  // First: a call that dies half way has blocked.
  await ctx.identity.setDisabled(wish.uid, true);
  return note(ctx, caller, 'blockUser', wish, { approved: false, online: false });
}

/** Lets somebody in again; a courier is as approved as before. */
export async function unblockUser(ctx: Context, caller: Caller, wish: Wish): Promise<Answer> {
  await proveUser(ctx, wish.uid);
  const answer = await note(ctx, caller, 'unblockUser', wish, { approved: true });
  await ctx.identity.setDisabled(wish.uid, false);
  return answer;
}

async function proveUser(ctx: Context, uid: string): Promise<void> {
  const account = await ctx.identity.accountOf(uid);
  const isLeaving = (await paths.erasure(ctx.db, uid).get()).exists;
  if (!account || isLeaving) throw new Refusal('USER_NOT_FOUND', { uid });
}

/** The app sees `claimsVersion` rise, asks for a new token, and learns what became of it. */
function note(
  ctx: Context,
  { uid: by }: Caller,
  action: 'blockUser' | 'unblockUser',
  { uid, reason }: Wish,
  asCourier: { approved: boolean; online?: false },
): Promise<Answer> {
  const [userRef, courierRef, originRef] = [
    paths.user(ctx.db, uid),
    paths.courier(ctx.db, uid),
    paths.origin(ctx.db, uid),
  ];
  const blocked = action === 'blockUser';
  return ctx.db.runTransaction(async (tx) => {
    const [user, courier, origin] = await Promise.all([tx.get(userRef), tx.get(courierRef), tx.get(originRef)]);
    const device = origin.data()?.device;
    if (user.exists) update(tx, userRef, { claimsVersion: FieldValue.increment(1) });
    if (courier.exists) update(tx, courierRef, asCourier);
    if (device !== undefined && blocked) tx.set(paths.blockedDevice(ctx.db, device), { by, uid, atMs: ctx.now() });
    if (device !== undefined && !blocked) tx.delete(paths.blockedDevice(ctx.db, device));
    writeAudit(ctx, tx, {
      by,
      action,
      subject: userRef.path,
      reason,
      before: { blocked: !blocked },
      after: { blocked },
    });
    return { blocked };
  });
}

/** Ends the caller's own sessions, on every phone. */
export async function signOutEverywhere(ctx: Context, { uid }: Caller): Promise<Record<string, never>> {
  await ctx.identity.revokeSessions(uid);
  return {};
}
