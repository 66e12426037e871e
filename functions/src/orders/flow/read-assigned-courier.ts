import type { Transaction } from 'firebase-admin/firestore';
import { isConflicted } from '../../abuse/model/parties.js';
import type { DropOff } from '../../contract/common.js';
import type { Courier, Offer } from '../../contract/couriers.js';
import type { Order } from '../../contract/orders.js';
import { Refusal } from '../../core/outcome.js';
import { toCashTerms, fitsFloat } from '../../dispatch/model/eligibility.js';
import { getZone } from '../../platform/caches.js';
import type { Context } from '../../platform/context.js';
import { paths } from '../../platform/firestore.js';
import { filterReadable } from '../../platform/isolate.js';
import { unsealDelivery } from '../model/sealed-delivery.js';
import type { Reading } from './read-facts.js';

/** The courier who accepts an offer, with the concurrent offers. */
export interface AssignedCourier {
  uid: string;
  courier: Courier;
  /** The open offer that the courier accepts. */
  offer: Offer;
  /** Other couriers with an open offer for this order. */
  losers: readonly string[];
  dropOff: DropOff;
}

/**
 * Reads the courier and checks that the offer is still open: the first acceptance wins, since all of it is one
 * transaction. Throws OFFER_GONE, also for a courier who was stopped since, PARTY_CONFLICT, COURIER_FULL,
 * FLOAT_EXCEEDED or QUOTE_NOT_FOUND.
 */
export async function readAssignedCourier({ ctx, tx, orderId, order, actor }: Reading): Promise<AssignedCourier> {
  const uid = actor.uid ?? '';
  const courier = (await tx.get(paths.courier(ctx.db, uid))).data();
  const offer = courier?.offer;
  if (!courier?.approved || !offer || offer.orderId !== orderId || offer.expiresAtMs <= ctx.now())
    throw new Refusal('OFFER_GONE', { orderId });
  if (isConflicted(order, uid, courier)) throw new Refusal('PARTY_CONFLICT', { role: 'courier' });
  const zone = await getZone(ctx, order.zoneId);
  if (Object.keys(courier.active).length >= zone.limits.courierCapacity) throw new Refusal('COURIER_FULL');
  const cash = toCashTerms(order, zone);
  if (cash && !fitsFloat(courier, cash))
    throw new Refusal('FLOAT_EXCEEDED', {
      cashMinor: courier.cashMinor ?? 0,
      dueMinor: cash.dueMinor,
      floatMinor: cash.floatMinor,
    });
  const [losers, dropOff] = await Promise.all([
    readLosers(
      ctx,
      tx,
      orderId,
      offer.peers.filter((peer) => peer !== uid),
    ),
    readDropOff(ctx, tx, orderId, order),
  ]);
  return { uid, courier, offer, losers, dropOff };
}

async function readLosers(ctx: Context, tx: Transaction, orderId: string, peers: readonly string[]): Promise<string[]> {
  const stored = await Promise.all(peers.map((peer) => tx.get(paths.courier(ctx.db, peer))));
  const read = await filterReadable(ctx, 'acceptOffer', stored);
  return read.filter(({ data }) => data.offer?.orderId === orderId).map(({ id }) => id);
}

/** Sealed in the order for its first courier; for a later one, after an unassignment, it is in the quote. */
async function readDropOff(ctx: Context, tx: Transaction, orderId: string, order: Order): Promise<DropOff> {
  const sealed = unsealDelivery(ctx, orderId, order);
  const dropOff = sealed ? sealed.dropOff : (await tx.get(paths.quote(ctx.db, orderId))).data()?.dropOff;
  if (!dropOff) throw new Refusal('QUOTE_NOT_FOUND', { orderId });
  return dropOff;
}
