import type { Courier } from '../contract/couriers.js';
import type { Zone } from '../contract/zones.js';
import { readOne } from '../platform/isolate.js';
import { getZone } from '../platform/caches.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { isAvailable } from './model/eligibility.js';
import { findCouriers, type CourierInReach } from './find.js';
import {
  countConcurrentOffers,
  decideMatches,
  buildMatchFacts,
  isRuledOut,
  listTriedCouriers,
  type Carried,
  type WaitingOrder,
} from './model/plan.js';
import { readDropOffPlaces } from './pool.js';

/** How many couriers a search looks for on either side when the nearest are not suitable. */
const WIDE_PER_SIDE = 5;
/** How many it reads there at most: a shift of couriers with a full float must not hide the one who has room. */
const WIDE_READS_PER_SIDE = 50;

/**
 * Finds couriers for all waiting orders. The first search reads two documents for a single order; only when an order
 * would stay without a courier does it extend further, and to couriers who already carry one order.
 */
export async function findCouriersForAll(ctx: Context, zoneId: string, waiting: readonly WaitingOrder[]) {
  const zone = await getZone(ctx, zoneId);
  const look = async (loads: readonly number[], perSide: number, readsPerSide: number): Promise<CourierInReach[]> => {
    const looks = loads.flatMap((load) =>
      waiting.map((one) => findCouriersForOrder(ctx, zone, one, { load, perSide, readsPerSide })),
    );
    const found = new Map((await Promise.all(looks)).flat().map((one) => [one.uid, one]));
    return [...found.values()].toSorted((a, b) => (a.uid < b.uid ? -1 : 1));
  };
  const nearest = await look([0], 1, 1);
  const facts = buildMatchFacts(waiting, nearest, new Map(), ctx.now(), zone);
  if (decideMatches(facts).outcome.unmatched.length === 0) return { found: nearest, facts };
  const canStack = zone.limits.courierCapacity > 1;
  const wide = await look(canStack ? [0, 1] : [0], WIDE_PER_SIDE, WIDE_READS_PER_SIDE);
  const isStacking = wide.some(({ courier }) => Object.keys(courier.active).length > 0);
  const [found, doors] = isStacking
    ? await Promise.all([Promise.all(wide.map((one) => readCarriedOrders(ctx, one))), readDropOffPlaces(ctx, waiting)])
    : [wide, new Map<string, never>()];
  return { found, facts: buildMatchFacts(waiting, found, doors, ctx.now(), zone) };
}

/** Finds couriers who may get an offer for one order: available, with room for its cash, unrelated to its parties. */
function findCouriersForOrder(
  ctx: Context,
  zone: Zone,
  one: WaitingOrder,
  { load, perSide, readsPerSide }: { load: number; perSide: number; readsPerSide: number },
): Promise<CourierInReach[]> {
  const { zoneId, pickUpAt: place } = one.order;
  // Couriers who declined are free again and still near: the search must extend past them.
  const past = countConcurrentOffers(one, zone.limits) - 1 + listTriedCouriers(one).length;
  const fits = (uid: string, courier: Courier) =>
    isAvailable(courier, ctx.now(), zone.limits) && !isRuledOut(one, uid, courier, zone);
  return findCouriers(ctx, { zoneId, place, load, perSide: perSide + past, readsPerSide: readsPerSide + past, fits });
}

/** Reads a courier's orders under way. */
async function readCarriedOrders(ctx: Context, found: CourierInReach): Promise<CourierInReach> {
  const carries = await Promise.all(
    Object.entries(found.courier.active).map(async ([orderId, { dropOff }]): Promise<Carried[]> => {
      const order = await readOne(ctx, 'matchWindow', await paths.order(ctx.db, orderId).get());
      return order ? [{ orderId, order: order.data, dropOffAt: dropOff }] : [];
    }),
  );
  return { ...found, carries: carries.flat() };
}
