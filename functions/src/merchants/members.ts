import type { Transaction } from 'firebase-admin/firestore';
import type { z } from 'zod';
import type {
  AcceptInvitationInput,
  AcceptInvitationOutput,
  InviteMemberInput,
  InviteMemberOutput,
  SetMemberRoleInput,
  SetMemberRoleOutput,
} from '../calls/merchants.js';
import { prepareFormerStaff, readDismissal } from '../abuse/links.js';
import { changeAuthority } from '../accounts/authority.js';
import { withMembership } from '../accounts/model/claims.js';
import { INVITATION_DAYS, type Invitation } from '../contract/merchants.js';
import type { Caller, Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { Refusal } from '../core/outcome.js';
import {
  forgetStaff,
  MANAGERS,
  hasMoreRights,
  mayGrant,
  requireStaff,
  readRole,
  type StaffRole,
} from '../authority/staff.js';
import { update } from '../platform/stored.js';
import { lookUp } from '../core/look-up.js';
import { isBeingErased } from '../authority/erasing-user.js';
import { requireMemberLimit } from '../authority/member-limit.js';
import { requireOwnerAfter } from '../authority/owners.js';

const DAY_MS = 24 * 3_600_000;

/**
 * Invites a user by e-mail address, which is stored in lower case, or by user id. The link's id is random and expires
 * after a week. Throws RESTAURANT_NOT_FOUND or ROLE_NOT_ALLOWED.
 */
export async function inviteMember(
  ctx: Context,
  caller: Caller,
  { restaurantId, to, role }: z.infer<typeof InviteMemberInput>,
): Promise<z.infer<typeof InviteMemberOutput>> {
  checkGrant(await requireStaff(ctx, caller, restaurantId, MANAGERS), role);
  const invitationId = ctx.newId();
  const expiresAtMs = ctx.now() + INVITATION_DAYS * DAY_MS;
  const ref = paths.invitation(ctx.db, restaurantId, invitationId);
  const invited = to.type === 'email' ? { ...to, email: to.email.toLowerCase() } : to;
  // The id is new. A `create` whose answer is lost would be repeated by the SDK, and find its own document.
  await ref.set({ to: invited, role, invitedBy: caller.uid, expiresAtMs, expireAt: expiresAtMs });
  return { invitationId, expiresAtMs };
}

/**
 * Accepts an invitation, as the user that it names or a user with the verified e-mail address that it names. It grants
 * the role only if its sender may still grant it. Throws INVITATION_GONE for an invitation that is missing, expired,
 * for another user, or older than the user's dismissal, and LIMIT_REACHED.
 */
export async function acceptInvitation(
  ctx: Context,
  caller: Caller,
  { restaurantId, invitationId }: z.infer<typeof AcceptInvitationInput>,
): Promise<z.infer<typeof AcceptInvitationOutput>> {
  const member = paths.member(ctx.db, restaurantId, caller.uid);
  const ref = paths.invitation(ctx.db, restaurantId, invitationId);
  const role = await changeAuthority(ctx, caller.uid, async (tx, authority, write) => {
    const [invitation, known] = [(await tx.get(ref)).data(), (await tx.get(member)).data()];
    const dismissedAtMs = known ? 0 : await readDismissal(ctx, tx, caller.uid, restaurantId);
    if (!authority || !invitation || !isOpen(invitation, ctx.now(), dismissedAtMs) || !isFor(invitation, caller))
      throw new Refusal('INVITATION_GONE');
    // Another instance may know the session of a user who was blocked, or deleted the account, just now.
    if (authority.blocked || (await isBeingErased(ctx, tx, caller.uid))) throw new Refusal('SESSION_REVOKED');
    await requireGrantor(ctx, tx, restaurantId, invitation);
    if (!known) await requireMemberLimit(ctx, tx, restaurantId);
    // An invitation never replaces a role that the member has; a repeated call finds its own.
    const given = known?.role ?? invitation.role;
    if (!known) tx.set(member, { role: given, displayName: caller.name, addedAtMs: ctx.now() });
    write({ merchant: withMembership(authority, restaurantId, given) });
    return given;
  });
  forgetStaff(ctx, restaurantId, caller.uid);
  // Last: if the call crashes before, a repeated call finds the invitation and finishes.
  await ref.delete();
  return { role };
}

/** The sender of the invitation must still be allowed to give the role. */
async function requireGrantor(
  ctx: Context,
  tx: Transaction,
  restaurantId: string,
  { invitedBy, role }: Invitation,
): Promise<void> {
  const inviter = (await tx.get(paths.member(ctx.db, restaurantId, invitedBy))).data();
  if (!inviter || inviter.blocked || !mayGrant(inviter.role, role)) throw new Refusal('INVITATION_GONE');
}

/** A dismissal ends the invitations that were made before it. */
function isOpen({ expiresAtMs }: Invitation, nowMs: number, dismissedAtMs: number): boolean {
  return expiresAtMs > nowMs && expiresAtMs - INVITATION_DAYS * DAY_MS >= dismissedAtMs;
}

function isFor({ to }: Invitation, { uid, email }: Caller): boolean {
  return to.type === 'user' ? to.uid === uid : email !== null && to.email.toLowerCase() === email.toLowerCase();
}

/**
 * Changes a member's role, or ends the membership. If the new role has fewer permissions, every session of the member
 * ends: callables refuse it within half a minute, and no new token contains the old role.
 */
export async function setMemberRole(
  ctx: Context,
  caller: Caller,
  { restaurantId, uid, role }: z.infer<typeof SetMemberRoleInput>,
): Promise<z.infer<typeof SetMemberRoleOutput>> {
  const cached = await requireStaff(ctx, caller, restaurantId, MANAGERS);
  const ref = paths.member(ctx.db, restaurantId, uid);
  await changeAuthority(ctx, uid, async (tx, authority, write) => {
    const before = readRole(await tx.get(ref));
    const gains = before !== undefined && role !== null && hasMoreRights(role, before);
    // A repeated attempt finds the caller's own step down.
    const own = uid === caller.uid && !gains ? cached : await readOwnRole(ctx, tx, caller, restaurantId);
    if (before) checkGrant(own, before);
    if (role !== null) checkGrant(own, role);
    if (!before && role !== null) throw new Refusal('USER_NOT_FOUND', { uid });
    await requireOwnerAfter(ctx, tx, restaurantId, { uid, before, after: role });
    // Managers sign out only members. A deleted account has neither claims nor sessions.
    const isMember = before !== undefined || lookUp(authority?.merchant, restaurantId) !== undefined;
    if (!isMember) return;
    const noteFormer = before && role === null ? await prepareFormerStaff(ctx, tx, uid, restaurantId) : null;
    noteFormer?.();
    if (role === null) tx.delete(ref);
    else update(tx, ref, { role });
    if (!authority) return;
    const keeps = before !== undefined && role === before;
    const merchant = withMembership(authority, restaurantId, role);
    write({ merchant, endSessions: authority.endSessions || (!gains && !keeps) });
  });
  forgetStaff(ctx, restaurantId, uid);
  return { role };
}

/**
 * Reads the caller's role in the transaction: this instance may have cached the membership from before a dismissal, and
 * a successor whom a former owner appoints would stay. Throws RESTAURANT_NOT_FOUND.
 */
async function readOwnRole(ctx: Context, tx: Transaction, caller: Caller, restaurantId: string): Promise<StaffRole> {
  const member = await tx.get(paths.member(ctx.db, restaurantId, caller.uid));
  const role = readRole(member);
  if (role === undefined || member.get('blocked') === true) throw new Refusal('RESTAURANT_NOT_FOUND', { restaurantId });
  return role;
}

function checkGrant(own: StaffRole, role: StaffRole): void {
  if (!mayGrant(own, role)) throw new Refusal('ROLE_NOT_ALLOWED', { role: own });
}
