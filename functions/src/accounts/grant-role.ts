import { FieldValue } from 'firebase-admin/firestore';
import type { z } from 'zod';
import type { Claims } from '../contract/accounts.js';
import type { GrantRoleInput, GrantRoleOutput } from '../contract/calls/accounts.js';
import type { Courier } from '../contract/couriers.js';
import type { Caller, Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { writeAudit } from '../operations/audit.js';
import { Refusal } from '../platform/outcome.js';
import { update } from '../platform/stored.js';

type Grant = z.infer<typeof GrantRoleInput>;

/**
 * An operator gives a user a role: documents first, the claims last, so that no token ever says more than the
 * documents. The app sees `claimsVersion` rise and fetches a new token.
 */
export async function grantRole(
  ctx: Context,
  { uid: by }: Caller,
  { uid, role }: Grant,
): Promise<z.infer<typeof GrantRoleOutput>> {
  const claims = await ctx.identity.claimsOf(uid);
  const user = (await paths.user(ctx.db, uid).get()).data();
  if (!claims || !user) throw new Refusal('USER_NOT_FOUND', { uid });
  if (role.type === 'courier') await makeCourier(ctx, uid, user.displayName, role);
  if (role.type === 'merchant') await makeMember(ctx, uid, user.displayName, role);
  await ctx.identity.setClaims(uid, claimsWith(claims, role));
  await ctx.db.runTransaction(async (tx) => {
    update(tx, paths.user(ctx.db, uid), { claimsVersion: FieldValue.increment(1) });
    writeAudit(ctx, tx, {
      by,
      action: 'grantRole',
      subject: paths.user(ctx.db, uid).path,
      reason: 'granted',
      before: null,
      after: { ...role },
    });
  });
  return { uid, claimsVersion: user.claimsVersion + 1 };
}

function claimsWith(claims: Claims, role: Grant['role']): Claims {
  if (role.type !== 'merchant') return { ...claims, role: role.type };
  return { ...claims, merchant: { ...claims.merchant, [role.restaurantId]: role.as } };
}

async function makeCourier(
  ctx: Context,
  uid: string,
  displayName: string,
  { zoneId, vehicle }: Extract<Grant['role'], { type: 'courier' }>,
): Promise<void> {
  const zone = await paths.zone(ctx.db, zoneId).get();
  if (!zone.exists) throw new Refusal('ZONE_NOT_FOUND', { zoneId });
  const ref = paths.courier(ctx.db, uid);
  const fresh: Courier = {
    displayName, zoneId, vehicle, approved: true, online: false, presence: null, offer: null, load: 0, active: {},
  }; // prettier-ignore
  await ctx.db.runTransaction(async (tx) => {
    const before = (await tx.get(ref)).data();
    // An update leaves the presence as the phone dated it: a timestamp.
    if (before) update(tx, ref, { displayName, zoneId, vehicle, approved: true });
    else tx.set(ref, fresh);
  });
}

async function makeMember(
  ctx: Context,
  uid: string,
  displayName: string,
  { restaurantId, as }: Extract<Grant['role'], { type: 'merchant' }>,
): Promise<void> {
  const restaurant = await paths.restaurant(ctx.db, restaurantId).get();
  if (!restaurant.exists) throw new Refusal('RESTAURANT_NOT_FOUND', { restaurantId });
  await paths.members(ctx.db, restaurantId).doc(uid).set({ role: as, displayName, addedAtMs: ctx.now() });
}
