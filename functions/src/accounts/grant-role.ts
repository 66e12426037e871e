import type { Transaction } from 'firebase-admin/firestore';
import type { z } from 'zod';
import type { Authority } from '../contract/accounts.js';
import type { GrantRoleInput, GrantRoleOutput } from '../contract/calls/accounts.js';
import type { Courier } from '../contract/couriers.js';
import { allowCourier, readCourier, stopCourier, type CourierDocuments } from '../couriers/approval.js';
import { forgetStaff } from '../merchants/staff.js';
import { writeAudit } from '../operations/audit.js';
import type { Caller, Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { Refusal } from '../platform/outcome.js';
import { update } from '../platform/stored.js';
import { changeAuthority, type AuthorityChange } from './authority.js';
import { withMembership } from './claims.js';

type Grant = z.infer<typeof GrantRoleInput>;
type Role = Grant['role'];

/**
 * An operator gives a user a role: the documents and the audit in one transaction, then the claims. The app sees
 * `claimsVersion` rise and fetches a new token. A courier who is given another role rides no more.
 */
export async function grantRole(
  ctx: Context,
  { uid: by }: Caller,
  { uid, role }: Grant,
): Promise<z.infer<typeof GrantRoleOutput>> {
  await requirePlace(ctx, role);
  const userRef = paths.user(ctx.db, uid);
  const restaurantId = await changeAuthority(ctx, uid, async (tx, authority, write) => {
    const user = (await tx.get(userRef)).data();
    if (!authority || !user) throw new Refusal('USER_NOT_FOUND', { uid });
    write(await writeRole(ctx, tx, { uid, displayName: user.displayName, authority }, role));
    writeAudit(ctx, tx, {
      by, action: 'grantRole', subject: userRef.path, reason: 'granted', before: null, after: { ...role },
    }); // prettier-ignore
    return role.type === 'merchant' ? role.restaurantId : null;
  });
  if (restaurantId !== null) forgetStaff(ctx, restaurantId, uid);
  return { uid, claimsVersion: (await userRef.get()).data()?.claimsVersion ?? 1 };
}

async function requirePlace(ctx: Context, role: Role): Promise<void> {
  if (role.type === 'courier' && !(await paths.zone(ctx.db, role.zoneId).get()).exists)
    throw new Refusal('ZONE_NOT_FOUND', { zoneId: role.zoneId });
  if (role.type === 'merchant' && !(await paths.restaurant(ctx.db, role.restaurantId).get()).exists)
    throw new Refusal('RESTAURANT_NOT_FOUND', { restaurantId: role.restaurantId });
}

interface Person {
  uid: string;
  displayName: string;
  authority: Authority;
}

async function writeRole(ctx: Context, tx: Transaction, person: Person, role: Role): Promise<AuthorityChange> {
  const { uid, displayName, authority } = person;
  if (role.type === 'merchant') {
    const { restaurantId, as } = role;
    const blocked = authority.blocked ? { blocked: true as const } : {};
    tx.set(paths.member(ctx.db, restaurantId, uid), { role: as, displayName, addedAtMs: ctx.now(), ...blocked });
    return { merchant: withMembership(authority, restaurantId, as) };
  }
  const known = await readCourier(ctx, tx, uid);
  if (role.type === 'courier') makeCourier(ctx, tx, person, role, known);
  else stopCourier(ctx, tx, uid, known);
  // Rules go by the token: who was an operator or a courier must not go on with the old one.
  const isLess = role.type !== authority.role && (authority.role === 'operator' || authority.role === 'courier');
  return { role: role.type, endSessions: authority.endSessions || isLess };
}

/** A blocked user becomes a courier who may not ride until the block ends. */
function makeCourier(
  ctx: Context,
  tx: Transaction,
  { uid, displayName, authority }: Person,
  { zoneId, vehicle }: Extract<Role, { type: 'courier' }>,
  known: CourierDocuments,
): void {
  const fresh: Courier = {
    displayName, zoneId, vehicle, approved: !authority.blocked, online: false, presence: null, offer: null, load: 0, active: {},
  }; // prettier-ignore
  if (!known.courier) tx.set(paths.courier(ctx.db, uid), fresh);
  // An update leaves the presence as the phone dated it: a timestamp.
  else if (authority.blocked) update(tx, paths.courier(ctx.db, uid), { displayName, zoneId, vehicle });
  else allowCourier(ctx, tx, uid, known, { displayName, zoneId, vehicle });
}
