import type { z } from 'zod';
import { isOpen } from '../catalog/model/availability.js';
import type { ReorderInput, ReorderOutput } from '../calls/discovery.js';
import { readMenu, selectServedMenu } from '../catalog/current-menu.js';
import { readRestaurant } from '../catalog/read-restaurant.js';
import type { Caller, Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { Refusal } from '../core/outcome.js';
import { reviewLines } from './model/review-lines.js';

/** Converts an earlier order of the caller to a cart on the current menu. */
export async function reorder(
  ctx: Context,
  { uid }: Caller,
  { orderId }: z.infer<typeof ReorderInput>,
): Promise<z.infer<typeof ReorderOutput>> {
  // The order's quote contains its lines with every choice and price.
  const quote = (await paths.quote(ctx.db, orderId).get()).data();
  if (quote?.customerId !== uid) throw new Refusal('ORDER_NOT_FOUND', { orderId });
  const { restaurantId } = quote;
  const restaurant = await readRestaurant(ctx, restaurantId);
  const menu = selectServedMenu(await readMenu(ctx, restaurantId, restaurant.menuVersion), restaurant, ctx.now());
  const reviewed = reviewLines(quote.pricing.lines, {
    menu,
    kind: quote.kind,
    soldOut: restaurant.soldOut,
    nowMs: ctx.now(),
  });
  return { restaurantId, isOpen: isOpen(restaurant, quote.kind, ctx.now()), ...reviewed };
}
