import type { Transaction } from 'firebase-admin/firestore';
import type { Order } from '../../contract/orders.js';
import { cashRoomMinor } from '../../dispatch/model/eligibility.js';
import { zoneOf } from '../../platform/caches.js';
import type { Context } from '../../platform/context.js';
import { paths } from '../../platform/firestore.js';

/**
 * The most that an edit may make a cash order cost, in minor units: the zone's limit, and what the courier's float has
 * room for. A zone that takes no cash any more lets nothing become dearer.
 */
export async function readCashLimit(
  ctx: Context,
  tx: Transaction,
  orderId: string,
  { zoneId, courierId }: Order,
): Promise<number> {
  const { cash } = await zoneOf(ctx, zoneId);
  if (!cash) return 0;
  const courier = courierId === null ? undefined : (await tx.get(paths.courier(ctx.db, courierId))).data();
  if (!courier) return cash.maxOrderMinor;
  return Math.min(cash.maxOrderMinor, cashRoomMinor(courier, cash.courierFloatMinor, orderId));
}
