import { FieldValue, type Transaction } from 'firebase-admin/firestore';
import type { Order } from '../../contract/orders.js';
import type { StoreStrikes } from '../../contract/strikes.js';
import { lookUp } from '../../core/look-up.js';
import { getZone } from '../../platform/caches.js';
import type { Context } from '../../platform/context.js';
import { paths } from '../../platform/firestore.js';
import { readOne } from '../../platform/isolate.js';
import { operatorTask, putOperatorTask } from '../../platform/operator-tasks.js';
import { update } from '../../platform/stored.js';
import type { Transition } from '../model/order-command.js';
import { addStrike, countStrikes, hadStrike, isStrike, toStrike } from '../model/strikes.js';

interface Struck {
  orderId: string;
  order: Order;
  moved: Transition;
}

/**
 * Reads a restaurant's strikes where the step is one, or takes one back, and returns the write; null for any other step.
 * Strikes that cannot be read become an operator task, and do not prevent the step.
 */
export async function prepareStrike(ctx: Context, tx: Transaction, struck: Struck): Promise<(() => void) | null> {
  const { orderId, order, moved } = struck;
  const isNew = isStrike(moved.event);
  if (!isNew && !(moved.event.action === 'restore' && hadStrike(order))) return null;
  const ref = paths.strikes(ctx.db, order.restaurantId);
  const stored = await tx.get(ref);
  const read = await readOne(ctx, 'countStrikes', stored);
  if (stored.exists && !read) return null;
  const { strikes = {} } = read?.data ?? {};
  if (isNew) return prepareNewStrike(ctx, tx, struck, strikes);
  const isKept = lookUp(strikes, orderId) !== undefined;
  return isKept ? () => update(tx, ref, { [`strikes.${orderId}`]: FieldValue.delete() }) : null;
}

/** Writes the strike and, from the zone's number on, an operator task of the restaurant. */
async function prepareNewStrike(
  ctx: Context,
  tx: Transaction,
  { orderId, order, moved: { event } }: Struck,
  before: StoreStrikes['strikes'],
): Promise<() => void> {
  const { restaurantId, zoneId } = order;
  const { limits } = await getZone(ctx, zoneId);
  const after = addStrike(before, orderId, toStrike(order, event), limits);
  const count = countStrikes(after.strikes, event.atMs, limits);
  const detail = `orders cancelled at the cost of the kitchen of ${restaurantId} within ${limits.strikeDays} days: ${count}`;
  const { path } = paths.restaurant(ctx.db, restaurantId);
  const task = operatorTask({ kind: 'store_strikes', orderId: null, zoneId, path, detail }, ctx.now());
  return () => {
    tx.set(paths.strikes(ctx.db, restaurantId), after);
    if (count >= limits.strikesBeforeTask) putOperatorTask(ctx, tx, `store-strikes-${restaurantId}`, task);
  };
}
