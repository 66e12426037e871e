import type { Member } from '../contract/restaurants.js';
import type { Caller, Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { Refusal } from '../platform/outcome.js';

export type StaffRole = Member['role'];
export const STAFF: readonly StaffRole[] = ['owner', 'manager', 'kitchen'];
export const MANAGERS: readonly StaffRole[] = ['owner', 'manager'];
export const OWNERS: readonly StaffRole[] = ['owner'];

/**
 * The caller's role in a restaurant, by the membership document: a token may be an hour old, and whoever left a minute
 * ago must not publish a menu. A stranger is told that there is no such restaurant.
 */
export async function proveStaff(
  ctx: Context,
  { uid }: Pick<Caller, 'uid'>,
  restaurantId: string,
  roles: readonly StaffRole[],
): Promise<StaffRole> {
  const role = (await paths.members(ctx.db, restaurantId).doc(uid).get()).data()?.role;
  if (role === undefined) throw new Refusal('RESTAURANT_NOT_FOUND', { restaurantId });
  if (!roles.includes(role)) throw new Refusal('ROLE_NOT_ALLOWED', { role });
  return role;
}

/** An owner may give and take every role; a manager hires for the kitchen. */
export const mayGrant = (own: StaffRole, role: StaffRole): boolean =>
  own === 'owner' || (own === 'manager' && role === 'kitchen');

/** From the least to the most. */
const RANKS: readonly StaffRole[] = ['kitchen', 'manager', 'owner'];
export const mayDoMore = (one: StaffRole, other: StaffRole): boolean => RANKS.indexOf(one) > RANKS.indexOf(other);
