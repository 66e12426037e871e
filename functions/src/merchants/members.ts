import { FieldValue } from 'firebase-admin/firestore';
import type { z } from 'zod';
import type {
  AcceptInvitationInput,
  AcceptInvitationOutput,
  InviteMemberInput,
  InviteMemberOutput,
  SetMemberRoleInput,
  SetMemberRoleOutput,
} from '../contract/calls/merchants.js';
import { INVITATION_DAYS, type Invitation } from '../contract/merchants.js';
import type { Caller, Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { Refusal } from '../platform/outcome.js';
import { MANAGERS, mayDoMore, mayGrant, proveStaff, type StaffRole } from './staff.js';
import { update, updateOne } from '../platform/stored.js';

const DAY_MS = 24 * 3_600_000;

/** Invites somebody by e-mail address or user id. The link's id is random, and lives for a week. */
export async function inviteMember(
  ctx: Context,
  caller: Caller,
  { restaurantId, to, role }: z.infer<typeof InviteMemberInput>,
): Promise<z.infer<typeof InviteMemberOutput>> {
  checkGrant(await proveStaff(ctx, caller, restaurantId, MANAGERS), role);
  const invitationId = ctx.newId();
  const expiresAtMs = ctx.now() + INVITATION_DAYS * DAY_MS;
  const ref = paths.invitation(ctx.db, restaurantId, invitationId);
  await ref.create({ to, role, invitedBy: caller.uid, expiresAtMs, expireAt: expiresAtMs });
  return { invitationId, expiresAtMs };
}

/**
 * Takes an invitation up: by the user it names, or whoever has proven to own its e-mail address. It is worth what
 * whoever sent it may still grant. Gone, lapsed and somebody else's look the same.
 */
export async function acceptInvitation(
  ctx: Context,
  caller: Caller,
  { restaurantId, invitationId }: z.infer<typeof AcceptInvitationInput>,
): Promise<z.infer<typeof AcceptInvitationOutput>> {
  const members = paths.members(ctx.db, restaurantId);
  const ref = paths.invitation(ctx.db, restaurantId, invitationId);
  const role = await ctx.db.runTransaction(async (tx) => {
    const [invitation, member] = [(await tx.get(ref)).data(), (await tx.get(members.doc(caller.uid))).data()];
    if (!invitation || invitation.expiresAtMs <= ctx.now() || !isFor(invitation, caller))
      throw new Refusal('INVITATION_GONE');
    const inviter = (await tx.get(members.doc(invitation.invitedBy))).data();
    if (!inviter || !mayGrant(inviter.role, invitation.role)) throw new Refusal('INVITATION_GONE');
    // Nobody loses a role by a link; a repeated call finds it given.
    if (member) return member.role;
    tx.set(members.doc(caller.uid), { role: invitation.role, displayName: caller.name, addedAtMs: ctx.now() });
    return invitation.role;
  });
  await setClaim(ctx, caller.uid, restaurantId, role);
  ctx.caches.staff.forget(restaurantId);
  // Last: a call that died before finds the invitation, and ends what it began.
  await ref.delete();
  return { role };
}

function isFor({ to }: Invitation, { uid, email }: Caller): boolean {
  return to.type === 'user' ? to.uid === uid : email !== null && to.email.toLowerCase() === email.toLowerCase();
}

/**
 * Changes a member's role, or ends the membership. With less than before every session of theirs ends: callables refuse
 * it within half a minute, and no new token says what the old one did.
 */
export async function setMemberRole(
  ctx: Context,
  caller: Caller,
  { restaurantId, uid, role }: z.infer<typeof SetMemberRoleInput>,
): Promise<z.infer<typeof SetMemberRoleOutput>> {
  const own = await proveStaff(ctx, caller, restaurantId, MANAGERS);
  const members = paths.members(ctx.db, restaurantId);
  const gained = await ctx.db.runTransaction(async (tx) => {
    const before = (await tx.get(members.doc(uid))).data();
    if (before) checkGrant(own, before.role);
    if (role !== null) checkGrant(own, role);
    if (!before && role !== null) throw new Refusal('USER_NOT_FOUND', { uid });
    if (before?.role === 'owner' && role !== 'owner') {
      const owners = await tx.get(paths.members(ctx.db, restaurantId).where('role', '==', 'owner').limit(2));
      if (owners.size < 2) throw new Refusal('LAST_OWNER');
    }
    if (role === null) tx.delete(members.doc(uid));
    else update(tx, members.doc(uid), { role });
    return before !== undefined && role !== null && mayDoMore(role, before.role);
  });
  // Whoever cannot be shown to have gained has lost, perhaps by a call that died before it came to this.
  await setClaim(ctx, uid, restaurantId, role, { endSessions: !gained });
  ctx.caches.staff.forget(restaurantId);
  return { role };
}

function checkGrant(own: StaffRole, role: StaffRole): void {
  if (!mayGrant(own, role)) throw new Refusal('ROLE_NOT_ALLOWED', { role: own });
}

/** Brings a user's claims up to a membership. The app sees `claimsVersion` rise and fetches a new token. */
export async function setClaim(
  ctx: Context,
  uid: string,
  restaurantId: string,
  role: StaffRole | null,
  { endSessions = false } = {},
): Promise<void> {
  const claims = await ctx.identity.claimsOf(uid);
  // A deleted account has neither claims nor sessions.
  if (!claims) return;
  const { [restaurantId]: before, ...others } = claims.merchant ?? {};
  // Nobody signs out whoever does not work there.
  if (role === null && before === undefined) return;
  const merchant = role === null ? others : { ...others, [restaurantId]: role };
  // Before, so that a call that dies is repeated while the claim still shows it; after, for who signed in meanwhile.
  if (endSessions) await ctx.identity.revokeSessions(uid);
  await ctx.identity.setClaims(uid, { ...claims, merchant });
  if (endSessions) await ctx.identity.revokeSessions(uid);
  await updateOne(paths.user(ctx.db, uid), { claimsVersion: FieldValue.increment(1) });
}
