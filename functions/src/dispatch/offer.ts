import type { Offer } from '../contract/couriers.js';
import type { Order } from '../contract/orders.js';
import type { Zone } from '../contract/zones.js';
import { pushTo } from '../notifications/send.js';
import { raiseOperatorTask } from '../operations/raise.js';
import { zoneOf } from '../platform/caches.js';
import type { Context } from '../platform/context.js';
import { isPreconditionFailure, paths } from '../platform/firestore.js';
import { courierPayMinor } from '../pricing/courier-pay.js';
import { chooseCouriers, type CashTerms, type Wave } from './choose.js';
import { findFreeCouriers, type Candidate } from './find.js';

const MINUTE_MS = 60_000;
const RETRY_MS = 30_000;
/** The most couriers that a zone may ask at once. */
const MAX_PEERS = 5;

/** When to start asking: ready − travel − the zone's lead. Without a known time, at once. */
export async function startsAtMs(ctx: Context, order: Order): Promise<number> {
  const { limits } = await zoneOf(ctx, order.zoneId);
  return (order.readyAtMs ?? 0) - order.travelSeconds * 1000 - limits.offerLeadMinutes * MINUTE_MS;
}

/** Starts the search anew, unless the order needs no courier any more. Who gave it back is not asked again. */
export async function offerToNearest(ctx: Context, orderId: string, order: Order): Promise<void> {
  const tried = order.events.flatMap((event) =>
    event.action === 'unassign' && event.courierId ? [event.courierId] : [],
  );
  await offerWave(ctx, orderId, order, { wave: 1, tried });
}

/**
 * Starts the search unless one is under way: then its couriers are told again, in case a crash came between the
 * offer and its telling. Same task name, same notification: who knows already sees nothing new.
 */
export async function resumeSearch(ctx: Context, orderId: string, order: Order): Promise<void> {
  if (!wantsCourier(order)) return;
  const asked = await paths.couriers(ctx.db).where('offer.orderId', '==', orderId).limit(MAX_PEERS).get();
  if (asked.empty) return offerToNearest(ctx, orderId, order);
  const offers = asked.docs.map((courier) => ({ uid: courier.id, offer: courier.data().offer }));
  await Promise.all(offers.flatMap(({ uid, offer }) => (offer ? [announce(ctx, uid, offer)] : [])));
}

/** May somebody still be asked to carry it? */
export function wantsCourier(order: Order): boolean {
  const underWay = ['accepted', 'preparing', 'ready'].includes(order.status);
  return order.kind === 'delivery' && order.courierId === null && underWay;
}

/**
 * One wave of offers. After the zone's last wave an operator is asked; when nobody is free, the search is tried
 * again in half a minute, until the order's own deadline ends it.
 */
export async function offerWave(ctx: Context, orderId: string, order: Order, { wave, tried }: Wave): Promise<void> {
  if (!wantsCourier(order)) return;
  const { limits } = await zoneOf(ctx, order.zoneId);
  if (wave > limits.offerWaves) {
    return raiseOperatorTask(ctx, { kind: 'no_courier', orderId, detail: `${tried.length} couriers declined` });
  }
  const chosen = await chooseNear(ctx, order, { wave, tried });
  const peers = chosen.map((candidate) => candidate.uid);
  const expiresAtMs = ctx.now() + limits.offerSeconds * 1000;
  const offer = await offerOf(ctx, orderId, order, { wave, tried: [...tried], peers, expiresAtMs });
  const taken = await Promise.all(chosen.map((candidate) => giveOffer(ctx, candidate, offer)));
  if (!taken.some(Boolean)) {
    // Nobody is free just now; the name holds the half minute, so that searches do not multiply.
    const atMs = ctx.now() + RETRY_MS;
    await ctx.tasks.schedule(`dispatch-${orderId}-${Math.floor(atMs / RETRY_MS)}`, atMs, { type: 'dispatch', orderId });
  }
}

/** How far a search looks on either side when the very nearest will not do. */
const WIDE_PER_SIDE = 5;

/** The couriers to ask now. The first look reads two documents; only when they will not do it reads more. */
async function chooseNear(ctx: Context, order: Order, wave: Wave): Promise<Candidate[]> {
  const zone = await zoneOf(ctx, order.zoneId);
  const { limits } = zone;
  const look = async (perSide: number) => {
    const candidates = await findFreeCouriers(ctx, order.zoneId, order.pickUpAt, perSide);
    return chooseCouriers(candidates, order.pickUpAt, wave, ctx.now(), limits, cashTermsOf(order, zone));
  };
  const wanted = wave.wave > limits.declinesBeforeParallel ? limits.parallelOffers : 1;
  // Those who declined are free again and still near: the look must reach past them.
  const nearest = await look(wanted + wave.tried.length);
  return nearest.length > 0 ? nearest : look(WIDE_PER_SIDE + wave.tried.length);
}

/** Null for an order that is not paid at the door. */
export function cashTermsOf({ payment, totals }: Order, { cash }: Zone): CashTerms | null {
  if (payment.method !== 'cash') return null;
  return { dueMinor: totals.totalMinor, floatMinor: cash?.courierFloatMinor ?? Infinity };
}

async function offerOf(
  ctx: Context,
  orderId: string,
  order: Order,
  part: Pick<Offer, 'wave' | 'tried' | 'peers' | 'expiresAtMs'>,
): Promise<Offer> {
  const { pricing } = await zoneOf(ctx, order.zoneId);
  return {
    orderId,
    restaurantName: order.restaurantName,
    pickUpAt: order.pickUpAt,
    distanceMeters: order.distanceMeters,
    payMinor: courierPayMinor(pricing, order.distanceMeters) + order.totals.tipMinor,
    currency: order.currency,
    ...part,
  };
}

/** False when the courier was taken, or moved, in the meantime. */
async function giveOffer(ctx: Context, { uid, lastUpdate }: Candidate, offer: Offer): Promise<boolean> {
  try {
    // The state that the search read is the condition of the write, so it need not be read again.
    await paths.courier(ctx.db, uid).update({ offer, load: 1 }, { lastUpdateTime: lastUpdate });
  } catch (error) {
    if (isPreconditionFailure(error)) return false;
    throw error;
  }
  await announce(ctx, uid, offer);
  return true;
}

/** The offer's end as a task, and the courier's phone. */
async function announce(ctx: Context, uid: string, offer: Offer): Promise<void> {
  const { orderId, expiresAtMs, restaurantName, wave, payMinor, currency } = offer;
  await Promise.all([
    ctx.tasks.schedule(offerTaskName(offer, uid), expiresAtMs, { type: 'offer', courierId: uid, orderId }),
    pushTo(ctx, { type: 'user', uid }, 'courier_offer', {
      orderId,
      order: { restaurantName },
      values: { amount: { amountMinor: payMinor, currency } },
      id: `${orderId}-offer-${wave}`,
      ttlSeconds: Math.max(0, Math.ceil((expiresAtMs - ctx.now()) / 1000)),
    }),
  ]);
}

/** Without the wave: one search asks nobody twice, and whoever accepts need not know the wave to stop the clock. */
export function offerTaskName({ orderId }: Pick<Offer, 'orderId'>, uid: string): string {
  return `offer-${orderId}-${uid}`.replaceAll(/[^A-Za-z0-9_-]/g, '_');
}
