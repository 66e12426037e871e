import { ORDER_STATUSES, type OrderStatus } from '../contract/orders.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { merge } from '../platform/stored.js';

/** An order in one of these has not come to nothing, though it still may. */
const COUNTS = ORDER_STATUSES.filter((status) => !['expired', 'rejected', 'cancelled'].includes(status));
/** An order in one of these never comes to nothing. */
const LASTS: readonly OrderStatus[] = ['delivered', 'collected', 'completed', 'returned'];

/**
 * Does the customer have an order that has not come to nothing? An order that lasts is remembered in the standing, so
 * it is looked for once; as long as there is none the whole history is asked, not its latest part.
 */
export async function hasOrdered(ctx: Context, uid: string, isKnown: boolean): Promise<boolean> {
  if (isKnown) return true;
  const own = paths.orders(ctx.db).where('customerId', '==', uid);
  const lasting = await own.where('status', 'in', LASTS).limit(1).get();
  if (lasting.empty) return !(await own.where('status', 'in', COUNTS).limit(1).get()).empty;
  const batch = ctx.db.batch();
  merge(batch, paths.standing(ctx.db, uid), { hasOrdered: true });
  await batch.commit();
  return true;
}
