import { CLAIMED_RESTAURANTS, type Authority, type Claims } from '../../contract/accounts.js';
import { lookUp } from '../../core/look-up.js';

type Roles = Authority['merchant'];

/**
 * Derives the claims from a user's role and memberships. The first restaurants by id are named; where there are more,
 * the flag says that the membership document decides. A blocked user has no role; membership documents say themselves
 * that they have no effect.
 */
export function deriveClaims({
  role,
  operatorRole,
  merchant,
  blocked,
}: Pick<Authority, 'role' | 'operatorRole' | 'merchant' | 'blocked'>): Claims {
  const memberships = Object.entries(merchant).toSorted(byId);
  const named = memberships.slice(0, CLAIMED_RESTAURANTS);
  return {
    ...(role !== null && !blocked && { role }),
    ...(role === 'operator' && !blocked && operatorRole && operatorRole !== 'admin' && { desk: operatorRole }),
    ...(named.length > 0 && { merchant: Object.fromEntries(named) }),
    ...(memberships.length > named.length && { manyRestaurants: true as const }),
  };
}

/** Compares two sets of claims; absent memberships and an empty map of them are the same. */
export function areSameClaims(one: Claims, other: Claims): boolean {
  return (
    one.role === other.role &&
    one.desk === other.desk &&
    one.manyRestaurants === other.manyRestaurants &&
    haveSameEntries(one.merchant ?? {}, other.merchant ?? {})
  );
}

/** Compares two maps of memberships by their restaurants and roles. */
export function haveSameEntries(one: Roles, other: Roles): boolean {
  const ids = Object.keys(one);
  return ids.length === Object.keys(other).length && ids.every((id) => lookUp(one, id) === lookUp(other, id));
}

/** Returns the memberships after one of them was added, changed or, with null, ended. */
export function withMembership(
  { merchant }: Pick<Authority, 'merchant'>,
  restaurantId: string,
  role: Roles[string] | null,
): Roles {
  const { [restaurantId]: _, ...others } = merchant;
  return role === null ? others : { ...others, [restaurantId]: role };
}

const byId = ([one]: [string, unknown], [other]: [string, unknown]): number => (one < other ? -1 : 1);
