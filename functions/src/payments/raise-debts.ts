import type { RestaurantTerms } from '../contract/restaurants.js';
import { getZone } from '../platform/caches.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { handlePages, type Readable } from '../platform/isolate.js';
import { raiseOperatorTask } from '../platform/operator-tasks.js';
import { updateOne } from '../platform/stored.js';

const DAY_MS = 24 * 3_600_000;

/**
 * Creates an operator task for each merchant whose debt no payout has deducted within the zone's days, every night. Each
 * is handled separately.
 */
export async function raiseMerchantDebts(ctx: Context): Promise<void> {
  const owing = paths.allTerms(ctx.db).where('debt.owedMinor', '>', 0).orderBy('debt.owedMinor');
  await handlePages(
    ctx,
    'raiseMerchantDebts',
    () => true,
    owing,
    (terms) => raiseIfOld(ctx, terms),
  );
}

async function raiseIfOld(ctx: Context, { ref, data: { debt } }: Readable<RestaurantTerms>): Promise<void> {
  const restaurantId = ref.parent.parent?.id ?? '';
  const zoneId = (await paths.restaurant(ctx.db, restaurantId).get()).data()?.zoneId;
  if (!debt || zoneId === undefined) return;
  if (debt.sinceMs === undefined) return void (await updateOne(ref, { 'debt.sinceMs': ctx.now() }));
  const { limits, currency } = await getZone(ctx, zoneId);
  if (ctx.now() - debt.sinceMs < limits.merchantDebtDays * DAY_MS) return;
  const detail = `restaurant ${restaurantId} owes ${debt.owedMinor} ${currency}, which no payout deducted`;
  const path = paths.restaurant(ctx.db, restaurantId).path;
  await raiseOperatorTask(ctx, { kind: 'merchant_owes', orderId: null, path, detail }, `merchant-owes-${restaurantId}`);
}
