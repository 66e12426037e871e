import { FieldValue, type Transaction } from 'firebase-admin/firestore';
import type { ActiveDelivery, Courier } from '../../contract/couriers.js';
import type { Order, Quote } from '../../contract/orders.js';
import { isConflicted } from '../../abuse/model/parties.js';
import { cashTermsOf, fitsFloat } from '../../dispatch/model/eligibility.js';
import { openDelivery } from '../model/sealed-delivery.js';
import { readable } from '../../platform/isolate.js';
import { zoneOf } from '../../platform/caches.js';
import type { Context } from '../../platform/context.js';
import { paths } from '../../platform/firestore.js';
import { Refusal } from '../../core/outcome.js';
import type { Actor, Transition, OrderCommand } from '../model/order-command.js';
import { update } from '../../platform/stored.js';

const DAY_MS = 24 * 3_600_000;

/** The courier who answers an offer, with those asked at the same time. */
export interface AssignedCourier {
  uid: string;
  courier: Courier;
  /** Other couriers whose open offer is for this very order. */
  rivals: readonly string[];
}

/**
 * Reads the courier and checks that the offer stands: first accept wins, since all of it is one transaction. Throws
 * OFFER_GONE, also for a courier who was stopped meanwhile, PARTY_CONFLICT, COURIER_FULL or FLOAT_EXCEEDED.
 */
export async function readCarrier(
  ctx: Context,
  tx: Transaction,
  orderId: string,
  order: Order,
  actor: Actor,
): Promise<AssignedCourier> {
  const uid = actor.uid ?? '';
  const courier = (await tx.get(paths.courier(ctx.db, uid))).data();
  const offer = courier?.offer;
  if (!courier?.approved || !offer || offer.orderId !== orderId || offer.expiresAtMs <= ctx.now())
    throw new Refusal('OFFER_GONE', { orderId });
  if (isConflicted(order, uid, courier)) throw new Refusal('PARTY_CONFLICT', { role: 'courier' });
  const zone = await zoneOf(ctx, order.zoneId);
  if (Object.keys(courier.active).length >= zone.limits.courierCapacity) throw new Refusal('COURIER_FULL');
  const cash = cashTermsOf(order, zone);
  if (cash && !fitsFloat(courier, cash))
    throw new Refusal('FLOAT_EXCEEDED', { cashMinor: courier.cashMinor ?? 0, ...cash });
  const peers = offer.peers.filter((peer) => peer !== uid);
  const stored = await Promise.all(peers.map((peer) => tx.get(paths.courier(ctx.db, peer))));
  const read = await readable(ctx, 'acceptOffer', stored);
  const rivals = read.filter(({ data }) => data.offer?.orderId === orderId).map(({ id }) => id);
  return { uid, courier, rivals };
}

interface Around {
  orderId: string;
  before: Order;
  moved: Transition;
  command: OrderCommand;
  quote: Quote | null;
  carrier: AssignedCourier | null;
}

/** The small documents beside the order that a step changes in the same commit. */
export function writeRelatedDocuments(ctx: Context, tx: Transaction, around: Around): void {
  const { command, before, moved } = around;
  if (around.carrier) assignCarrier(ctx, tx, around, around.carrier);
  if (before.courierId && leavesCourier(before, moved.order)) releaseCarrier(ctx, tx, around, before.courierId);
  else if (before.courierId && before.totals.totalMinor !== moved.order.totals.totalMinor) reserveCash(ctx, tx, around);
  if (command.action === 'pickUp') openPosition(ctx, tx, around.orderId, moved.order);
  if (command.action === 'reject' && 'itemIds' in command && command.itemIds)
    markSoldOut(ctx, tx, before, command.itemIds);
}

function assignCarrier(
  ctx: Context,
  tx: Transaction,
  { orderId, before, quote }: Around,
  carrier: AssignedCourier,
): void {
  const dropOff = (quote ?? openDelivery(ctx, orderId, before))?.dropOff;
  if (!dropOff) throw new Refusal('QUOTE_NOT_FOUND', { orderId });
  const delivery: ActiveDelivery = {
    code: before.code,
    restaurantName: before.restaurantName,
    pickUpAt: before.pickUpAt,
    dropOff,
    ...(before.payment.method === 'cash' && { floatMinor: before.totals.totalMinor }),
  };
  // The open offer counted as load: the delivery takes its place. Its timer finds nothing to do.
  update(tx, paths.courier(ctx.db, carrier.uid), { offer: null, [`active.${orderId}`]: delivery });
  for (const rival of carrier.rivals) {
    update(tx, paths.courier(ctx.db, rival), { offer: null, load: FieldValue.increment(-1) });
  }
}

/** An edit of a cash order changes what the courier will carry. */
function reserveCash(ctx: Context, tx: Transaction, { orderId, moved: { order } }: Around): void {
  if (order.payment.method !== 'cash' || order.courierId === null) return;
  update(tx, paths.courier(ctx.db, order.courierId), { [`active.${orderId}.floatMinor`]: order.totals.totalMinor });
}

/** The courier has nothing more to do with the order: it ended, or another courier was assigned. */
function leavesCourier(before: Order, after: Order): boolean {
  // A cancellation let the courier go already; the order keeps the name for its settlement, a restored one drops it.
  if (before.status === 'cancelled') return false;
  const ended = ['delivered', 'returned', 'cancelled'].includes(after.status) && before.status !== after.status;
  return ended || after.courierId !== before.courierId;
}

/** The address leaves the courier's document, cash from the door enters it, and the courier's position is no longer this order's to see. */
function releaseCarrier(ctx: Context, tx: Transaction, { orderId, before: order, moved }: Around, uid: string): void {
  const { method, capturedMinor } = moved.order.payment;
  const takenMinor = method === 'cash' ? capturedMinor - order.payment.capturedMinor : 0;
  update(tx, paths.courier(ctx.db, uid), {
    [`active.${orderId}`]: FieldValue.delete(),
    load: FieldValue.increment(-1),
    idleSinceMs: ctx.now(),
    ...(takenMinor > 0 && { cashMinor: FieldValue.increment(takenMinor) }),
  });
  if (order.status !== 'picked_up' && order.status !== 'undeliverable') return;
  tx.delete(paths.position(ctx.db, uid, orderId));
}

/** From pick-up on, the order's parties may see where the courier is. */
function openPosition(ctx: Context, tx: Transaction, orderId: string, order: Order): void {
  const { customerId, restaurantId, courierId, staffKeys } = order;
  if (courierId !== null) tx.set(paths.position(ctx.db, courierId, orderId), { customerId, restaurantId, staffKeys });
}

/** Sold out for a day: the merchant's menu tools shorten or lengthen it. */
function markSoldOut(ctx: Context, tx: Transaction, order: Order, itemIds: readonly string[]): void {
  const ordered = itemIds.filter((id) => order.lines.some((line) => line.itemId === id));
  const fields = Object.fromEntries(ordered.map((id) => [`soldOut.${id}`, ctx.now() + DAY_MS]));
  if (ordered.length > 0) update(tx, paths.restaurant(ctx.db, order.restaurantId), fields);
}
