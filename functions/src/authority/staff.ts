import type { DocumentSnapshot } from 'firebase-admin/firestore';
import { Member } from '../contract/restaurants.js';
import type { Caller, Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { Refusal } from '../core/outcome.js';
import { lookUp } from '../core/look-up.js';

export type StaffRole = Member['role'];
export const STAFF: readonly StaffRole[] = ['owner', 'manager', 'kitchen'];
export const MANAGERS: readonly StaffRole[] = ['owner', 'manager'];
export const OWNERS: readonly StaffRole[] = ['owner'];

/**
 * Reads a user's role in a restaurant from the membership document, at most 20 seconds old: a token may be an hour old.
 * Null for a user who does not work there, or who is blocked.
 */
export async function readStaffRole(ctx: Context, restaurantId: string, uid: string): Promise<StaffRole | null> {
  try {
    return await ctx.caches.memberships.get(toCacheKey(restaurantId, uid), async () => {
      const member = (await paths.member(ctx.db, restaurantId, uid).get()).data();
      // Thrown, so that the cache does not keep it: a new member can work at once.
      if (!member || member.blocked) throw new Refusal('RESTAURANT_NOT_FOUND', { restaurantId });
      return member.role;
    });
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}

/**
 * Reads the role in a membership document, by the field alone: a document whose other fields cannot be read must not
 * prevent its member from being blocked or dismissed. Undefined where there is no document. Throws a DocumentError for
 * an unknown role.
 */
export function readRole(member: DocumentSnapshot<Member>): StaffRole | undefined {
  const role = Member.shape.role.safeParse(member.get('role'));
  return role.success ? role.data : member.data()?.role;
}

/**
 * Returns the caller's role in a restaurant. Throws RESTAURANT_NOT_FOUND for a caller who does not work there, so that
 * the answer does not reveal whether the restaurant exists.
 */
export async function requireStaff(
  ctx: Context,
  { uid }: Pick<Caller, 'uid'>,
  restaurantId: string,
  roles: readonly StaffRole[],
): Promise<StaffRole> {
  const role = await readStaffRole(ctx, restaurantId, uid);
  if (role === null) throw new Refusal('RESTAURANT_NOT_FOUND', { restaurantId });
  if (!roles.includes(role)) throw new Refusal('ROLE_NOT_ALLOWED', { role });
  return role;
}

/**
 * Reads whether the caller works for a restaurant: from the claims where they name it, without a read; from the
 * membership document where the caller works for more restaurants than the claims name.
 */
export async function worksFor(
  ctx: Context,
  { uid, claims }: Pick<Caller, 'uid' | 'claims'>,
  restaurantId: string,
): Promise<boolean> {
  if (lookUp(claims.merchant, restaurantId) !== undefined) return true;
  return claims.manyRestaurants === true && (await readStaffRole(ctx, restaurantId, uid)) !== null;
}

/** Removes a membership from this instance's cache. Callers run it after each change of the membership. */
export function forgetStaff({ caches }: Context, restaurantId: string, uid: string): void {
  caches.memberships.forget(toCacheKey(restaurantId, uid));
  caches.staff.forget(restaurantId);
}

const toCacheKey = (restaurantId: string, uid: string): string => `${restaurantId}/${uid}`;

/** True where a member may grant a role: an owner grants every role, a manager only that of the kitchen. */
export const mayGrant = (own: StaffRole, role: StaffRole): boolean =>
  own === 'owner' || (own === 'manager' && role === 'kitchen');

/** From the least to the most. */
const RANKS: readonly StaffRole[] = ['kitchen', 'manager', 'owner'];
/** True where the first role has more rights than the other. */
export const hasMoreRights = (one: StaffRole, other: StaffRole): boolean => RANKS.indexOf(one) > RANKS.indexOf(other);
