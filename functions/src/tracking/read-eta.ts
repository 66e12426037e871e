import type { z } from 'zod';
import { readStaffRole } from '../authority/staff.js';
import type { ReadEtaInput, ReadEtaOutput } from '../calls/tracking.js';
import { Refusal } from '../core/outcome.js';
import type { Caller, Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { hasRole } from '../platform/roles.js';
import { lookAtRide } from './look-at-ride.js';
import type { SeenRide } from './model/eta.js';

/**
 * Returns when an order arrives, for its parties and operators. All phones that ask within ten seconds share the reads
 * of an instance. Throws ORDER_NOT_FOUND, also for others, or ZONE_NOT_FOUND.
 */
export async function readEta(
  ctx: Context,
  caller: Caller,
  { orderId }: z.infer<typeof ReadEtaInput>,
): Promise<z.infer<typeof ReadEtaOutput>> {
  const ride = await ctx.caches.etas.get(orderId, () => look(ctx, orderId));
  if (!(await isParty(ctx, caller, ride))) throw new Refusal('ORDER_NOT_FOUND', { orderId });
  const { status, eta, asOfMs } = ride;
  return { orderId, status, eta, asOfMs };
}

async function look(ctx: Context, orderId: string): Promise<SeenRide> {
  const order = (await paths.order(ctx.db, orderId).get()).data();
  // Thrown, so that the cache does not keep it: the order may be placed in the next moment.
  if (!order) throw new Refusal('ORDER_NOT_FOUND', { orderId });
  const { customerId, courierId, restaurantId, status, kind } = order;
  const eta = kind === 'delivery' ? (await lookAtRide(ctx, orderId, order)).eta : null;
  return { customerId, courierId, restaurantId, status, eta, asOfMs: ctx.now() };
}

async function isParty(
  ctx: Context,
  caller: Caller,
  { customerId, courierId, restaurantId }: SeenRide,
): Promise<boolean> {
  if (caller.uid === customerId || caller.uid === courierId || hasRole(caller, 'operator')) return true;
  return (await readStaffRole(ctx, restaurantId, caller.uid)) !== null;
}
