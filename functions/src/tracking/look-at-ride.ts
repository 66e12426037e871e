import type { Place } from '../contract/common.js';
import type { Order } from '../contract/orders.js';
import type { EtaTable } from '../contract/tracking.js';
import type { Context } from '../platform/context.js';
import { getZone } from '../platform/caches.js';
import { paths } from '../platform/firestore.js';
import { readOne } from '../platform/isolate.js';
import { computePace } from '../core/travel.js';
import { computeEta, type Eta } from './model/eta.js';

/**
 * Computes where an order is and when it arrives: during the ride from the courier's position and the door, before it
 * from the kitchen's time. Reads two documents during the ride; zone and table are cached. Throws ZONE_NOT_FOUND.
 */
export async function lookAtRide(
  ctx: Context,
  orderId: string,
  order: Order,
): Promise<{ position: Place | null; eta: Eta | null }> {
  const { status, zoneId, courierVehicle } = order;
  const [position, door, table, { travel }] = await Promise.all([
    readPosition(ctx, orderId, order),
    status === 'picked_up' ? readDoor(ctx, orderId) : null,
    ctx.caches.etaTables.get(zoneId, () => readEtaTable(ctx, zoneId)),
    getZone(ctx, zoneId),
  ]);
  const eta = computeEta({ order, position, door, pace: computePace(travel, courierVehicle) }, table, ctx.now());
  return { position, eta };
}

/**
 * Reads the zone's table. Null before the first one is computed, and for one that cannot be read: times are then those
 * of the route.
 */
async function readEtaTable(ctx: Context, zoneId: string): Promise<EtaTable | null> {
  return (await readOne(ctx, 'track', await paths.etaTable(ctx.db, zoneId).get()))?.data ?? null;
}

/** Reads the last fix, while the courier has this order's food. */
async function readPosition(ctx: Context, orderId: string, { status, courierId }: Order): Promise<Place | null> {
  if (status !== 'picked_up' || courierId === null) return null;
  const live = (await paths.position(ctx.db, courierId, orderId).get()).data();
  const last = live?.fixes?.at(-1);
  return last ? { lat: last.lat, lng: last.lng } : null;
}

async function readDoor(ctx: Context, orderId: string): Promise<Place | null> {
  return (await paths.quote(ctx.db, orderId).get()).data()?.dropOff ?? null;
}
