import type { Query } from 'firebase-admin/firestore';
import type { Order } from '../../contract/orders.js';
import type { Context } from '../../platform/context.js';
import { paths } from '../../platform/firestore.js';

/**
 * Queries the orders of an account that no kitchen has accepted: paid or not, they can be cancelled free of charge.
 */
export const queryWaiting = (ctx: Context, uid: string): Query<Order> =>
  paths.orders(ctx.db).where('customerId', '==', uid).where('status', 'in', ['scheduled', 'placed']);

/** Reads whether the account has completed an order. One read. */
export async function hasCompleted(ctx: Context, uid: string): Promise<boolean> {
  const found = await paths
    .orders(ctx.db)
    .where('customerId', '==', uid)
    .where('status', '==', 'completed')
    .limit(1)
    .get();
  return !found.empty;
}

/** Counts completed orders without a dispute: two aggregated reads. */
export async function countCompleted(ctx: Context, uid: string): Promise<number> {
  const completed = paths.orders(ctx.db).where('customerId', '==', uid).where('status', '==', 'completed');
  const [all, disputed] = await Promise.all([
    completed.count().get(),
    completed.where('payment.disputed', '==', true).count().get(),
  ]);
  return all.data().count - disputed.data().count;
}
