import { Timestamp, type DocumentSnapshot } from 'firebase-admin/firestore';
import { Cart } from '../contract/restaurants.js';
import { pushTo } from '../notifications/send.js';
import { attempt } from '../platform/isolate.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { lookUp } from '../core/look-up.js';

/** A cart that was not touched for so long is not open. */
const OPEN_MS = 2 * 3_600_000;
/** So many are told; the others see it in the restaurant's document, or at the quote. */
const MAX_CARTS = 100;

/** By a task of its own, which nobody waits for; `occasion` names it, so that one that is repeated is told once. */
export async function tellCartsLater(
  ctx: Context,
  occasion: string,
  restaurantId: string,
  ids: readonly string[],
): Promise<void> {
  await ctx.tasks.schedule(`sold-out-${occasion}`, ctx.now(), { type: 'soldOut', restaurantId, ids: [...ids] });
}

/** Tells customers who have one of these in their cart right now. Told again, the phone shows it once. */
export async function tellCarts(ctx: Context, restaurantId: string, ids: readonly string[]): Promise<void> {
  const restaurant = (await paths.restaurant(ctx.db, restaurantId).get()).data();
  const gone = ids.filter((id) => (lookUp(restaurant?.soldOut, id) ?? 0) > ctx.now());
  if (!restaurant || gone.length === 0) return;
  // Rules cannot look into the lines, which may be as large as a document: only what they bound is read.
  const carts = await paths
    .carts(ctx.db)
    .select('itemIds')
    .where('restaurantId', '==', restaurantId)
    .where('updatedAt', '>=', Timestamp.fromMillis(ctx.now() - OPEN_MS))
    .orderBy('updatedAt', 'desc')
    .limit(MAX_CARTS)
    .get();
  const holding = carts.docs.filter((cart) => gone.some((id) => namesIn(cart).includes(id)));
  const about = { restaurantId, order: { restaurantName: restaurant.name }, id: `sold-out-${restaurantId}` };
  await Promise.all(
    holding.map(({ id: uid, ref }) =>
      attempt(ctx, 'tellCarts', ref.path, () => pushTo(ctx, { type: 'user', uid }, 'cart_sold_out', about)),
    ),
  );
}

/** An app writes its cart: one with other ids than it may have holds nothing, and is no operator's concern. */
function namesIn(cart: DocumentSnapshot): string[] {
  return Cart.shape.itemIds.safeParse(cart.get('itemIds')).data ?? [];
}
