import { Timestamp, type DocumentSnapshot } from 'firebase-admin/firestore';
import { Cart } from '../contract/restaurants.js';
import { notifyRecipient } from '../notifications/send.js';
import { attempt } from '../platform/isolate.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { lookUp } from '../core/look-up.js';

/** A cart that was not changed for this long counts as abandoned. */
const OPEN_MS = 2 * 3_600_000;
/** The number of carts that are notified; other customers see it in the restaurant's document, or at the quote. */
const MAX_CARTS = 100;

/**
 * Schedules the notification of carts in a task of its own, so that the caller does not wait; `occasion` names the
 * task, so that a repeated call notifies once.
 */
export async function scheduleCartNotifications(
  ctx: Context,
  occasion: string,
  restaurantId: string,
  ids: readonly string[],
): Promise<void> {
  await ctx.tasks.schedule(`sold-out-${occasion}`, ctx.now(), { type: 'soldOut', restaurantId, ids: [...ids] });
}

/**
 * Notifies customers whose carts currently contain one of these items. A repeated notification is shown once by the
 * phone.
 */
export async function notifyCarts(ctx: Context, restaurantId: string, ids: readonly string[]): Promise<void> {
  const restaurant = (await paths.restaurant(ctx.db, restaurantId).get()).data();
  const gone = ids.filter((id) => (lookUp(restaurant?.soldOut, id) ?? 0) > ctx.now());
  if (!restaurant || gone.length === 0) return;
  // Rules cannot check the lines, which may be as large as a document: only the fields that rules limit are read.
  const carts = await paths
    .carts(ctx.db)
    .select('itemIds')
    .where('restaurantId', '==', restaurantId)
    .where('updatedAt', '>=', Timestamp.fromMillis(ctx.now() - OPEN_MS))
    .orderBy('updatedAt', 'desc')
    .limit(MAX_CARTS)
    .get();
  const holding = carts.docs.filter((cart) => gone.some((id) => readItemIds(cart).includes(id)));
  const about = { restaurantId, order: { restaurantName: restaurant.name }, id: `sold-out-${restaurantId}` };
  await Promise.all(
    holding.map(({ id: uid, ref }) =>
      attempt(ctx, 'tellCarts', ref.path, () => notifyRecipient(ctx, { type: 'user', uid }, 'cart_sold_out', about)),
    ),
  );
}

/**
 * Reads the item ids of a cart. The app writes its cart: invalid ids count as an empty cart and create no operator
 * task.
 */
function readItemIds(cart: DocumentSnapshot): string[] {
  return Cart.shape.itemIds.safeParse(cart.get('itemIds')).data ?? [];
}
