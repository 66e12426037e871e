import type { Order } from '../contract/orders.js';
import { Refusal } from '../core/outcome.js';

/**
 * Refuses a client's key that contains the uid of another party. The key becomes a document's id; the erasure of that
 * party could not rename the document, since it belongs to another user. Throws INPUT_INVALID.
 */
export function requireNeutralKey(
  key: string,
  { customerId, courierId, pastCourierIds = [] }: Order,
  uid: string,
): void {
  const others = [customerId, courierId, ...pastCourierIds].filter((one) => one !== null && one !== uid);
  if (others.some((one) => one !== null && key.includes(one)))
    throw new Refusal('INPUT_INVALID', { path: 'idempotencyKey', problem: 'contains the id of another user' });
}
