import { FieldValue, type Transaction } from 'firebase-admin/firestore';
import { findSharers } from '../../abuse/links.js';
import type { Order, Reservation } from '../../contract/orders.js';
import { lookUp } from '../../core/look-up.js';
import { getZone } from '../../platform/caches.js';
import type { Context } from '../../platform/context.js';
import { paths } from '../../platform/firestore.js';
import { filterReadable, readOne } from '../../platform/isolate.js';
import { update } from '../../platform/stored.js';
import { toAllowance } from '../model/allowance.js';
import type { Transition } from '../model/order-command.js';
import { listLatePortions, selectAvailable } from '../model/reservation-rules.js';
import { countCompleted, queryWaiting } from './past-and-waiting.js';

interface LatePortions {
  reserved: Reservation;
  write: () => void;
}

const NOTHING: Reservation = { promotions: [], uses: [], slotMs: null, stock: {}, creditMinor: 0 };

/**
 * Reads what is left of the portions that the step takes, and returns the write and the order's new reservation; null
 * where it takes none. Never refuses: the customer may have ordered weeks ago, so the kitchen decides about an order for
 * which too few are left, or more than the account may reserve, as it does about every order.
 */
export async function prepareLatePortions(
  ctx: Context,
  tx: Transaction,
  orderId: string,
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
  const permitted = await readPermitted(ctx, tx, orderId, order);
  const stock = selectAvailable(portions, counted.data, permitted);
  const fields = Object.entries(stock).map(([itemId, count]) => [`left.${itemId}`, FieldValue.increment(-count)]);
  if (fields.length === 0) return null;
  return { reserved: { ...reserved, stock }, write: () => update(tx, ref, Object.fromEntries(fields)) };
}

/** More orders of one account that no kitchen has accepted than any allowance permits. */
const MAX_WAITING = 60;

/**
 * Reads how many more units of an item the customer may have reserved before a kitchen accepts them: the allowance of an
 * order for a near slot, less what other orders of the customer and of the accounts that share a device or card reserve
 * there. The transaction reads these orders, so that of several orders each counts those that took portions before it.
 */
async function readPermitted(
  ctx: Context,
  tx: Transaction,
  orderId: string,
  { customerId, restaurantId, zoneId }: Order,
): Promise<(itemId: string) => number> {
  const { trust } = (await getZone(ctx, zoneId)).limits;
  const allowance = toAllowance(trust.reservedUnits, await countCompleted(ctx, customerId), trust);
  const accounts = [customerId, ...(await findSharers(ctx, customerId))];
  const found = await Promise.all(accounts.map((uid) => tx.get(queryWaiting(ctx, uid).limit(MAX_WAITING))));
  const docs = found.flatMap((snapshot) => snapshot.docs).filter(({ id }) => id !== orderId);
  const waiting = (await filterReadable(ctx, 'reserve', docs)).filter(({ data }) => data.restaurantId === restaurantId);
  const reservedOf = (itemId: string) =>
    waiting.reduce((sum, { data }) => sum + (lookUp(data.reserved?.stock, itemId) ?? 0), 0);
  return (itemId) => Math.max(0, allowance - reservedOf(itemId));
}
