import type { Transaction } from 'firebase-admin/firestore';
import { isConflicted } from '../../abuse/model/parties.js';
import { isBeingErased } from '../../authority/erasing-user.js';
import type { DropOff } from '../../contract/common.js';
import type { Courier, Offer } from '../../contract/couriers.js';
import { Refusal } from '../../core/outcome.js';
import { toCashTerms, fitsFloat, MAX_ASSIGNED_BY_HAND } from '../../dispatch/model/eligibility.js';
import { getZone } from '../../platform/caches.js';
import type { Context } from '../../platform/context.js';
import { paths } from '../../platform/firestore.js';
import { filterReadable } from '../../platform/isolate.js';
import { unsealDelivery } from '../model/sealed-delivery.js';
import type { Reading } from './read-facts.js';

/** The courier who accepts an offer, or whom an operator assigns. */
export interface AssignedCourier {
  uid: string;
  courier: Courier;
  /** The courier's own open offer for the order; null where an operator assigns another courier. */
  offer: Offer | null;
  dropOff: DropOff;
}

/** What a step reads of couriers. */
export interface CourierReading {
  assignedCourier: AssignedCourier | null;
  /** Other couriers with an open offer for the order, which ends with the step. */
  withdrawn: readonly string[];
}

export const NO_COURIER_READ: CourierReading = { assignedCourier: null, withdrawn: [] };

/** Couriers with an open offer for one order: a wave has at most five. */
const MAX_OFFERS = 20;

/**
 * Reads the courier of an assignment and the offers that end with it. Throws what `readAcceptingCourier` and
 * `readNamedCourier` throw, or QUOTE_NOT_FOUND.
 */
export async function readAssignedCourier(reading: Reading): Promise<CourierReading> {
  const { actor, command } = reading;
  return actor.role === 'operator' && 'courierId' in command && command.courierId !== undefined
    ? readNamedCourier(reading, command.courierId)
    : readAcceptingCourier(reading);
}

/** Reads the couriers with an open offer for the order. */
export async function readOffersToEnd({ ctx, tx, orderId }: Reading): Promise<CourierReading> {
  const asked = await tx.get(paths.couriers(ctx.db).where('offer.orderId', '==', orderId).limit(MAX_OFFERS));
  const read = await filterReadable(ctx, 'dispatchOrder', asked.docs);
  return { assignedCourier: null, withdrawn: read.map(({ id }) => id) };
}

/**
 * Reads the courier and checks that the offer is still open: the first acceptance wins, since all of it is one
 * transaction. Throws OFFER_GONE, also for a courier who was stopped since, PARTY_CONFLICT, COURIER_FULL or
 * FLOAT_EXCEEDED.
 */
async function readAcceptingCourier(reading: Reading): Promise<CourierReading> {
  const { ctx, tx, orderId, order, actor } = reading;
  const uid = actor.uid ?? '';
  const courier = (await tx.get(paths.courier(ctx.db, uid))).data();
  const offer = courier?.offer;
  if (!courier?.approved || !offer || offer.orderId !== orderId || offer.expiresAtMs <= ctx.now())
    throw new Refusal('OFFER_GONE', { orderId });
  const { limits } = await getZone(ctx, order.zoneId);
  await requireRoom(reading, uid, courier, limits.courierCapacity);
  const peers = offer.peers.filter((peer) => peer !== uid);
  const [withdrawn, dropOff] = await Promise.all([readLosers(ctx, tx, orderId, peers), readDropOff(reading)]);
  return { assignedCourier: { uid, courier, offer, dropOff }, withdrawn };
}

/**
 * Reads a courier whom an operator names: approved and staying, also offline, of another zone or beyond the zone's capacity. Throws
 * COURIER_NOT_FOUND, PARTY_CONFLICT, COURIER_FULL at the hard limit, or FLOAT_EXCEEDED.
 */
async function readNamedCourier(reading: Reading, uid: string): Promise<CourierReading> {
  const { ctx, tx, orderId } = reading;
  const courier = (await tx.get(paths.courier(ctx.db, uid))).data();
  if (!courier?.approved || (await isBeingErased(ctx, tx, uid))) throw new Refusal('COURIER_NOT_FOUND');
  await requireRoom(reading, uid, courier, MAX_ASSIGNED_BY_HAND);
  const [{ withdrawn }, dropOff] = await Promise.all([readOffersToEnd(reading), readDropOff(reading)]);
  const offer = courier.offer?.orderId === orderId ? courier.offer : null;
  return { assignedCourier: { uid, courier, offer, dropOff }, withdrawn: withdrawn.filter((one) => one !== uid) };
}

/** Throws PARTY_CONFLICT, COURIER_FULL or FLOAT_EXCEEDED for a courier who cannot carry the order. */
async function requireRoom({ ctx, order }: Reading, uid: string, courier: Courier, max: number): Promise<void> {
  if (isConflicted(order, uid, courier)) throw new Refusal('PARTY_CONFLICT', { role: 'courier' });
  if (Object.keys(courier.active).length >= max) throw new Refusal('COURIER_FULL', { max });
  const cash = toCashTerms(order, await getZone(ctx, order.zoneId));
  if (!cash) return;
  // A courier of another zone may carry another currency, in which there is no float for this order.
  const { currency } = await getZone(ctx, courier.zoneId);
  const terms = currency === order.currency ? cash : { ...cash, floatMinor: 0 };
  if (fitsFloat(courier, terms)) return;
  const { dueMinor, floatMinor } = terms;
  throw new Refusal('FLOAT_EXCEEDED', { cashMinor: courier.cashMinor ?? 0, dueMinor, floatMinor });
}

async function readLosers(ctx: Context, tx: Transaction, orderId: string, peers: readonly string[]): Promise<string[]> {
  const stored = await Promise.all(peers.map((peer) => tx.get(paths.courier(ctx.db, peer))));
  const read = await filterReadable(ctx, 'acceptOffer', stored);
  return read.filter(({ data }) => data.offer?.orderId === orderId).map(({ id }) => id);
}

/** Sealed in the order for its first courier; for a later one, after an unassignment, it is in the quote. */
async function readDropOff({ ctx, tx, orderId, order }: Reading): Promise<DropOff> {
  const sealed = unsealDelivery(ctx, orderId, order);
  const dropOff = sealed ? sealed.dropOff : (await tx.get(paths.quote(ctx.db, orderId))).data()?.dropOff;
  if (!dropOff) throw new Refusal('QUOTE_NOT_FOUND', { orderId });
  return dropOff;
}
