import type { Role } from '../../contract/common.js';
import type { Order } from '../../contract/orders.js';
import type { Caller } from '../../platform/context.js';
import { Refusal } from '../../core/outcome.js';
import type { Actor, OrderCommand } from './order-command.js';
import { listSteps } from './actions/actions.js';

export const SYSTEM: Actor = { role: 'system', uid: null };

/**
 * Lists every role that the caller has in this order: by the order's own fields and the user's claims. `isStaff`: the
 * caller works for the restaurant.
 */
export function listRoles(order: Order, { uid, claims }: Pick<Caller, 'uid' | 'claims'>, isStaff: boolean): Role[] {
  const roles: Role[] = [];
  if (order.customerId === uid) roles.push('customer');
  if (isStaff) roles.push('merchant');
  if (claims.role === 'courier' && order.courierId === uid) roles.push('courier');
  if (claims.role === 'operator') roles.push('operator');
  return roles;
}

/**
 * Selects the role in which the caller acts. For a user who is not a party the order does not exist; a party without
 * the right keeps its first role, so that the refusal names it. The restaurant's staff take no step on an order of
 * their own, or on one that they deliver themselves: throws PARTY_CONFLICT.
 */
export function selectActor(
  order: Order,
  caller: Pick<Caller, 'uid' | 'claims'>,
  isStaff: boolean,
  action: OrderCommand['action'],
): Actor {
  const roles = listRoles(order, caller, isStaff);
  const rows = listSteps(order.status, action, order.kind);
  const own = isOwnParty(order, caller.uid) ? roles.filter((role) => role !== 'merchant') : roles;
  const allowed = (role: Role) => rows.some((row) => row.by.includes(role));
  const role = own.find(allowed) ?? (roles.some(allowed) ? undefined : own[0]);
  if (role) return { role, uid: caller.uid };
  throw roles.length > 0 ? new Refusal('PARTY_CONFLICT', { role: 'merchant' }) : new Refusal('ORDER_NOT_FOUND');
}

/** True where the user is the customer or the courier of the order, who cannot act for its restaurant too. */
export function isOwnParty({ customerId, courierId }: Pick<Order, 'customerId' | 'courierId'>, uid: string): boolean {
  return uid === customerId || uid === courierId;
}
