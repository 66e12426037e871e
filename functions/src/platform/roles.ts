import type { Role } from '../contract/common.js';
import type { Caller } from './context.js';

/** True where the caller has the role by the claims; a merchant's restaurant is checked later. */
export function hasRole({ claims }: Pick<Caller, 'claims'>, role: Role): boolean {
  if (role !== 'merchant') return claims.role === role;
  return claims.manyRestaurants === true || Object.keys(claims.merchant ?? {}).length > 0;
}
