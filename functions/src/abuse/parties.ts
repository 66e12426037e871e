import type { Courier } from '../contract/couriers.js';
import type { Order } from '../contract/orders.js';

/** How a customer is tied to the staff of the restaurant: works there, or shares a device, card or address with them. */
export type Conflict = 'staff' | 'linked';

/**
 * Names an account in a courier's document, which the courier reads, without its uid. FNV-1a with 64 bits.
 * Source: draft-eastlake-fnv, section 2.
 */
export function partyDigest(uid: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const letter of uid) hash = ((hash ^ BigInt(letter.codePointAt(0) ?? 0)) * 0x100000001b3n) & 0xffffffffffffffffn;
  return hash.toString(16).padStart(16, '0');
}

/**
 * May this courier not carry this order? Its customer may not, nor the restaurant's staff, nor an account that shares a
 * device, card or address with the customer.
 */
export function isConflicted(
  { customerId, restaurantId }: Pick<Order, 'customerId' | 'restaurantId'>,
  uid: string,
  { staffOf = [], linked = [] }: Pick<Courier, 'staffOf' | 'linked'>,
): boolean {
  return uid === customerId || staffOf.includes(restaurantId) || linked.includes(partyDigest(customerId));
}
