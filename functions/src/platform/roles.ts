import type { Role } from '../contract/common.js';
import type { Caller } from './context.js';

export function hasRole({ claims }: Pick<Caller, 'claims'>, role: Role): boolean {
  if (role !== 'merchant') return claims.role === role;
  return claims.manyRestaurants === true || Object.keys(claims.merchant ?? {}).length > 0;
}
