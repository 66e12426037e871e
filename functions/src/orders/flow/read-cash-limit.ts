import type { Transaction } from 'firebase-admin/firestore';
import type { Order } from '../../contract/orders.js';
import { computeCashRoomMinor } from '../../dispatch/model/eligibility.js';
import { getZone } from '../../platform/caches.js';
import type { Context } from '../../platform/context.js';
import { paths } from '../../platform/firestore.js';

/**
 * Computes the highest total that an edit may give a cash order, in minor units: the zone's limit, and the remaining
 * float of the courier. In a zone that no longer accepts cash an edit cannot raise the total.
 */
export async function readCashLimit(
  ctx: Context,
  tx: Transaction,
  orderId: string,
  { zoneId, courierId }: Order,
): Promise<number> {
  const { cash } = await getZone(ctx, zoneId);
  if (!cash) return 0;
  const courier = courierId === null ? undefined : (await tx.get(paths.courier(ctx.db, courierId))).data();
  if (!courier) return cash.maxOrderMinor;
  return Math.min(cash.maxOrderMinor, computeCashRoomMinor(courier, cash.courierFloatMinor, orderId));
}
