import { FieldValue, type Transaction } from 'firebase-admin/firestore';
import type { Reservation } from '../../contract/orders.js';
import type { Context } from '../../platform/context.js';
import { paths } from '../../platform/firestore.js';
import { readOne } from '../../platform/isolate.js';
import { update } from '../../platform/stored.js';
import type { Transition } from '../model/order-command.js';
import { listLatePortions, selectAvailable } from '../model/reservation-rules.js';

interface LatePortions {
  reserved: Reservation;
  write: () => void;
}

const NOTHING: Reservation = { promotions: [], uses: [], slotMs: null, stock: {}, creditMinor: 0 };

/**
 * Reads what is left of the portions that the step takes, and returns the write and the order's new reservation; null
 * where it takes none. Never refuses: the customer may have ordered weeks ago, so the kitchen decides about an order for
 * which too few are left, as it does about every order.
 */
export async function prepareLatePortions(
  ctx: Context,
  tx: Transaction,
  { order, event }: Transition,
): Promise<LatePortions | null> {
  const portions = listLatePortions(order, event);
  if (!portions) return null;
  const { restaurantId, reserved = NOTHING } = order;
  const ref = paths.stock(ctx.db, restaurantId);
  const [restaurant, counts] = await Promise.all([tx.get(paths.restaurant(ctx.db, restaurantId)), tx.get(ref)]);
  const kitchen = await readOne(ctx, 'reserve', restaurant);
  const counted = await readOne(ctx, 'reserve', counts);
  if (!kitchen?.data.countsStock || !counted) return null;
  const stock = selectAvailable(portions, counted.data);
  const fields = Object.entries(stock).map(([itemId, count]) => [`left.${itemId}`, FieldValue.increment(-count)]);
  if (fields.length === 0) return null;
  return { reserved: { ...reserved, stock }, write: () => update(tx, ref, Object.fromEntries(fields)) };
}
