import type { OrderStatus } from '../../contract/orders.js';

/**
 * The statuses that an order never leaves; of these `cancelled` may wait to be settled, and both it and `returned` to
 * be paid out.
 */
export const FINAL_STATUSES: readonly OrderStatus[] = ['completed', 'expired', 'rejected', 'returned', 'cancelled'];

/** True for a status that an order never leaves. */
export function isFinal(status: OrderStatus): boolean {
  return FINAL_STATUSES.includes(status);
}
