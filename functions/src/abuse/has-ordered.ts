import { ORDER_STATUSES, type OrderStatus } from '../contract/orders.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { merge } from '../platform/stored.js';

/** Statuses of an order that still counts as a first order, although some of them may yet end without success. */
const COUNTS = ORDER_STATUSES.filter((status) => !['expired', 'rejected', 'cancelled'].includes(status));
/** Final or lasting statuses: an order in one of these counts as a first order forever. */
const LASTS: readonly OrderStatus[] = ['delivered', 'collected', 'completed', 'returned'];

/**
 * Reads whether the customer has an order that did not end without success. An order that was completed is recorded in
 * the customer's balance, so the query runs only while there is none; it covers the whole history, not only the latest
 * orders.
 */
export async function findAndRecordOrder(ctx: Context, uid: string, isKnown: boolean): Promise<boolean> {
  if (isKnown) return true;
  const own = paths.orders(ctx.db).where('customerId', '==', uid);
  const lasting = await own.where('status', 'in', LASTS).limit(1).get();
  if (lasting.empty) return !(await own.where('status', 'in', COUNTS).limit(1).get()).empty;
  const batch = ctx.db.batch();
  merge(batch, paths.standing(ctx.db, uid), { hasOrdered: true });
  await batch.commit();
  return true;
}
