import type { DocumentSnapshot, Transaction } from 'firebase-admin/firestore';
import type { z } from 'zod';
import { requireOtherCourier, requireOtherStore, requireOtherZone } from '../abuse/other-party.js';
import { User, type Authority, type OperatorRole } from '../contract/accounts.js';
import type { GrantRoleInput, GrantRoleOutput } from '../calls/accounts.js';
import type { Courier, CourierApplication } from '../contract/couriers.js';
import {
  allowCourier,
  followRole,
  readCourier,
  requireMovable,
  stopCourier,
  type CourierDocuments,
} from '../authority/courier-approval.js';
import { requireStayingUser } from '../authority/erasing-user.js';
import { requireMemberLimit } from '../authority/member-limit.js';
import { requireOwnerAfter } from '../authority/owners.js';
import { forgetStaff, hasMoreRights, readRole } from '../authority/staff.js';
import { getZone } from '../platform/caches.js';
import { writeAudit } from '../platform/audit.js';
import { readOne } from '../platform/isolate.js';
import type { Caller, Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { Refusal } from '../core/outcome.js';
import { update } from '../platform/stored.js';
import { changeAuthority, requireOperator, type AuthorityChange } from './authority.js';
import { withMembership } from './model/claims.js';

type Grant = z.infer<typeof GrantRoleInput>;
type Role = Grant['role'];

/** Shown for a member or courier whose user document has no readable name. */
const UNREADABLE_NAME = 'User';

/**
 * Gives a user a role on an operator's request: the documents and the audit entry in one transaction, then the claims.
 * The app sees `claimsVersion` rise and fetches a new token. A courier who gets another role is stopped, and the
 * sessions end with a role that has fewer permissions. Throws OTHER_OPERATOR_REQUIRED for the caller's own role, that of
 * a linked account, one at a restaurant of the caller's own or of a competitor and that of a courier of a zone in which the
 * caller competes, USER_NOT_FOUND, also for a role other
 * than customer where the account is being erased, ZONE_NOT_FOUND, RESTAURANT_NOT_FOUND, LAST_OWNER, LIMIT_REACHED, or
 * what `requireMovable` throws.
 */
export async function grantRole(
  ctx: Context,
  { uid: by }: Caller,
  { uid, role, reason = 'granted' }: Grant,
): Promise<z.infer<typeof GrantRoleOutput>> {
  await requireOtherCourier(ctx, by, uid);
  if (role.type === 'merchant') await requireOtherStore(ctx, by, role.restaurantId);
  if (role.type === 'courier') await requireOtherZone(ctx, by, role.zoneId);
  await requirePlace(ctx, role);
  const userRef = paths.user(ctx.db, uid);
  const restaurantId = await changeAuthority(ctx, uid, async (tx, authority, write) => {
    await requireOperator(ctx, tx, by, 'grantRole');
    const user = await tx.get(userRef);
    if (!authority || !user.exists) throw new Refusal('USER_NOT_FOUND', { uid });
    // Taking a role away remains possible.
    if (role.type !== 'customer') await requireStayingUser(ctx, tx, uid);
    write(await writeRole(ctx, tx, { uid, displayName: await nameIn(ctx, user), authority, by, reason }, role));
    writeAudit(ctx, tx, {
      by,
      action: 'grantRole',
      subject: userRef.path,
      reason,
      before: null,
      after: { ...role },
    });
    return role.type === 'merchant' ? role.restaurantId : null;
  });
  if (restaurantId !== null) forgetStaff(ctx, restaurantId, uid);
  return { uid, claimsVersion: versionIn(await userRef.get()) };
}

/**
 * Reads single fields: a user document that cannot be read becomes an operator task, and the role can still be taken
 * away.
 */
async function nameIn(ctx: Context, user: DocumentSnapshot<User>): Promise<string> {
  await readOne(ctx, 'grantRole', user);
  const name = User.shape.displayName.safeParse(user.get('displayName'));
  return name.success ? name.data : UNREADABLE_NAME;
}

function versionIn(user: DocumentSnapshot<User>): number {
  const version = User.shape.claimsVersion.safeParse(user.get('claimsVersion'));
  return version.success ? version.data : 1;
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
  /** The operator. */
  by: string;
  reason: string;
}

async function writeRole(ctx: Context, tx: Transaction, person: Person, role: Role): Promise<AuthorityChange> {
  const { uid, displayName, authority } = person;
  if (role.type === 'merchant') {
    const { restaurantId, as } = role;
    const ref = paths.member(ctx.db, restaurantId, uid);
    const member = await tx.get(ref);
    const before = readRole(member);
    await requireOwnerAfter(ctx, tx, restaurantId, { uid, before, after: as });
    if (!member.exists) await requireMemberLimit(ctx, tx, restaurantId);
    const blocked = authority.blocked ? { blocked: true as const } : {};
    tx.set(ref, { role: as, displayName, addedAtMs: ctx.now(), ...blocked });
    const isLess = before !== undefined && hasMoreRights(before, as);
    return { merchant: withMembership(authority, restaurantId, as), endSessions: authority.endSessions || isLess };
  }
  const known = await readCourier(ctx, tx, uid);
  const application = await tx.get(paths.courierApplication(ctx.db, uid));
  if (role.type === 'courier') await requireMovable(ctx, known, role.zoneId);
  if (role.type === 'courier') await makeCourier(ctx, tx, person, role, known);
  else await endCourier(ctx, tx, uid, known);
  writeApplication(ctx, tx, person, application, role.type === 'courier');
  // Rules read the token: a former operator or courier must not continue with the old one.
  const operatorRole = role.type === 'operator' ? role.as : null;
  const isLess = isTrusted(authority) && (role.type !== authority.role || isLessOperator(authority, operatorRole));
  return { role: role.type, operatorRole, endSessions: authority.endSessions || isLess };
}

const isTrusted = ({ role }: Authority): boolean => role === 'operator' || role === 'courier';

/** True for an operator who gets another role than before that is not `admin`. */
const isLessOperator = ({ role, operatorRole }: Authority, after: OperatorRole | null): boolean =>
  role === 'operator' && after !== 'admin' && after !== (operatorRole ?? 'admin');

/** Keeps the application equal to the role, with an audit entry of its own. */
function writeApplication(
  ctx: Context,
  tx: Transaction,
  { uid, by, reason }: Person,
  application: DocumentSnapshot<CourierApplication>,
  isCourier: boolean,
): void {
  const changed = followRole(tx, application, isCourier, { by, atMs: ctx.now(), reason });
  const subject = paths.courier(ctx.db, uid).path;
  if (changed) writeAudit(ctx, tx, { by, action: 'reviewCourier', subject, reason, ...changed });
}

/** Stops a courier. A courier's document that cannot be read becomes an operator task and does not prevent it. */
async function endCourier(ctx: Context, tx: Transaction, uid: string, known: CourierDocuments): Promise<void> {
  await readOne(ctx, 'grantRole', known.courier);
  stopCourier(ctx, tx, uid, known);
}

/** Makes a user a courier; a blocked user may not work until the block ends. */
async function makeCourier(
  ctx: Context,
  tx: Transaction,
  { uid, displayName, authority }: Person,
  { zoneId, vehicle }: Extract<Role, { type: 'courier' }>,
  known: CourierDocuments,
): Promise<void> {
  const { limits } = await getZone(ctx, zoneId);
  // Where shifts are required, a courier with an empty list of them cannot go online.
  const shifts = limits.shiftsRequired && !known.courier.data()?.shifts ? { shifts: [] } : {};
  const fresh: Courier = {
    displayName,
    zoneId,
    vehicle,
    approved: !authority.blocked,
    online: false,
    presence: null,
    offer: null,
    load: 0,
    active: {},
    ...shifts,
  };
  if (!known.courier.data()) tx.set(paths.courier(ctx.db, uid), fresh);
  // An update keeps the presence with the phone's timestamp.
  else if (authority.blocked) update(tx, paths.courier(ctx.db, uid), { displayName, zoneId, vehicle, ...shifts });
  else allowCourier(ctx, tx, uid, known, { displayName, zoneId, vehicle, ...shifts });
}
