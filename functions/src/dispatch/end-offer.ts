import { FieldValue, type Transaction } from 'firebase-admin/firestore';
import type { Offer } from '../contract/couriers.js';
import type { Search } from '../contract/dispatch.js';
import type { Order } from '../contract/orders.js';
import { prepareCourierCount } from '../abuse/pause-courier.js';
import { toAccountId } from '../ledger/model/account-id.js';
import { filterReadable, readOne } from '../platform/isolate.js';
import { computeFlags } from '../orders/model/flags.js';
import { needsCourier } from '../orders/model/search-windows.js';
import { operatorTask, putOperatorTask, toOperatorTaskId } from '../platform/operator-tasks.js';
import { getZone } from '../platform/caches.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { dropTask } from '../platform/tasks.js';
import { joinWindow } from './match-window.js';
import { toOfferTaskName } from './offer.js';
import { merge, update } from '../platform/stored.js';

/** Why an offer ends without a courier: an expired offer must be past its time. */
export type OfferEnd = Omit<Search['asked'][string], 'atMs'>;

/** Whether an offer that ends counts towards the courier's limit of unused offers. */
interface EndOptions {
  /** False where the courier wanted the order. */
  isUnused?: boolean;
}

/**
 * Ends an open offer, and passes the order to its zone's next window once the last concurrent offer has ended. Counts it
 * as unused if its order still needs a courier. False when there is no such offer, so a late or repeated call does
 * nothing.
 */
export async function endOffer(
  ctx: Context,
  courierId: string,
  orderId: string,
  end: OfferEnd,
  { isUnused = true }: EndOptions = {},
): Promise<boolean> {
  const ended = await ctx.db.runTransaction((tx) => takeBack(ctx, tx, { courierId, orderId, end, isUnused }));
  if (!ended) return false;
  if (end.end === 'declined') await dropTask(ctx, toOfferTaskName(ended.offer, courierId));
  if (!ended.othersOpen) await joinWindow(ctx, ended.zoneId, ctx.now());
  return true;
}

async function takeBack(
  ctx: Context,
  tx: Transaction,
  { courierId, orderId, end, isUnused }: { courierId: string; orderId: string; end: OfferEnd; isUnused: boolean },
): Promise<{ zoneId: string; offer: Offer; othersOpen: boolean } | null> {
  const courier = (await tx.get(paths.courier(ctx.db, courierId))).data();
  const offer = courier?.offer;
  if (!courier || !offer || offer.orderId !== orderId) return null;
  if (end.end === 'expired' && offer.expiresAtMs > ctx.now()) return null;
  const others = offer.peers.filter((peer) => peer !== courierId);
  const stored = await Promise.all(others.map((peer) => tx.get(paths.courier(ctx.db, peer))));
  const read = await filterReadable(ctx, 'endOffer', stored);
  const othersOpen = read.some(({ data }) => data.offer?.orderId === orderId);
  const { limits } = await getZone(ctx, courier.zoneId);
  const wanting = await readIfWanting(ctx, tx, orderId);
  const counted = { uid: courierId, orderId, reason: 'unusedOffer' as const };
  const count = isUnused && wanting ? await prepareCourierCount(ctx, tx, counted) : null;
  update(tx, paths.courier(ctx.db, courierId), { offer: null, load: FieldValue.increment(-1) });
  recordEnd(ctx, tx, courierId, offer, end);
  count?.();
  if (wanting && !othersOpen && offer.wave >= limits.offerWaves) giveUp(ctx, tx, offer, wanting);
  return { zoneId: courier.zoneId, offer, othersOpen };
}

/**
 * Reads the order where it still needs a courier; null for one that was cancelled since the offer. One that cannot be read
 * becomes an operator task.
 */
async function readIfWanting(ctx: Context, tx: Transaction, orderId: string): Promise<Order | null> {
  const order = await readOne(ctx, 'endOffer', await tx.get(paths.order(ctx.db, orderId)));
  return order !== null && needsCourier(order.data) ? order.data : null;
}

/** Records the end of an offer in the order's search: merged, so that it needs no read. */
function recordEnd(ctx: Context, tx: Transaction, courierId: string, { orderId, wave }: Offer, end: OfferEnd): void {
  const search: Search = { wave: wave + 1, asked: { [toAccountId(courierId)]: { ...end, atMs: ctx.now() } } };
  merge(tx, paths.search(ctx.db, orderId), search);
}

/** Creates the operator task, and flags the order: this search offers it to no further courier. */
function giveUp(ctx: Context, tx: Transaction, { orderId, wave }: Offer, order: Order): void {
  const nowMs = ctx.now();
  const task = operatorTask({ kind: 'no_courier', orderId, detail: `no courier accepted within ${wave} waves` }, nowMs);
  putOperatorTask(ctx, tx, toOperatorTaskId(task), task);
  const ended = { searchEndedAtMs: nowMs };
  const { flags: _, flaggedSinceMs: __, ...rest } = order;
  tx.set(paths.order(ctx.db, orderId), { ...rest, ...ended, ...computeFlags({ ...order, ...ended }, nowMs) });
}
