import { Timestamp, type DocumentReference } from 'firebase-admin/firestore';
import type { Courier } from '../contract/couriers.js';
import type { Order } from '../contract/orders.js';
import { toAccountId } from '../ledger/model/account-id.js';
import { attempt, handleEach, readPages } from '../platform/isolate.js';
import { SYSTEM } from '../orders/model/actors.js';
import type { Actor } from '../orders/model/order-command.js';
import { isAtCounter } from '../orders/model/delivery-promise.js';
import { transition } from '../orders/flow/transition.js';
import type { Context } from '../platform/context.js';
import { isPreconditionFailure, paths } from '../platform/firestore.js';
import { Refusal } from '../core/outcome.js';
import { updateOne } from '../platform/stored.js';

/** Twice the age that dispatch treats as stale: a courier who is silent for this long has no network, or no battery. */
const SILENT_MS = 180_000;
/** The interval in milliseconds: the query costs a read even when it finds no courier. */
const EVERY_MS = 180_000;
const MINUTE_MS = 60_000;

/** Takes couriers offline whose heartbeats stopped; the next heartbeat brings them back. Returns how many. */
export async function markSilentOffline(ctx: Context): Promise<number> {
  if (ctx.now() % EVERY_MS >= MINUTE_MS) return 0;
  const before = Timestamp.fromMillis(ctx.now() - SILENT_MS);
  const silent = paths
    .couriers(ctx.db)
    .where('online', '==', true)
    .where('presence.at', '<', before)
    .orderBy('presence.at');
  let gone = 0;
  for await (const page of readPages(silent)) {
    const faded = await handleEach(ctx, 'fadeSilent', page, async ({ id, ref, data, updateTime }) => {
      if (!(await takeOffline(ref, updateTime))) return false;
      for (const orderId of Object.keys(data.active))
        await attempt(ctx, 'fadeSilent', paths.order(ctx.db, orderId).path, () =>
          unassignSilentCourier(ctx, orderId, id),
        );
      return true;
    });
    gone += faded.filter(Boolean).length;
  }
  return gone;
}

/** False when a heartbeat came in between: the heartbeat wins. */
async function takeOffline(ref: DocumentReference<Courier>, lastUpdateTime: Timestamp | undefined): Promise<boolean> {
  try {
    await updateOne(ref, { online: false }, lastUpdateTime === undefined ? {} : { lastUpdateTime });
    return true;
  } catch (error) {
    if (isPreconditionFailure(error)) return false;
    throw error;
  }
}

/** Unassigns an order from a silent courier before the pick-up, so that food that is ready does not wait. */
async function unassignSilentCourier(ctx: Context, orderId: string, uid: string): Promise<void> {
  const actor = (order: Order): Actor => {
    const waits = order.status === 'ready' && order.courierId === uid && !isAtCounter(order);
    if (!waits) throw new Refusal('MOVE_NOT_ALLOWED', { status: order.status });
    return SYSTEM;
  };
  try {
    const command = { action: 'unassign' as const, reason: 'courier_silent' };
    await transition(ctx, { orderId, command, causeId: `silent:${toAccountId(uid)}:${ctx.now()}`, actor });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
  }
}
