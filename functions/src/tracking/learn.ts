import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { paceOf } from '../platform/travel.js';
import { learnEta } from './eta.js';

/** So many of a zone's latest orders teach its table. */
const LESSONS = 500;

/** Every night: each zone's table of rides, from its latest completed orders. */
export async function learnRides(ctx: Context): Promise<void> {
  const zones = await paths.zones(ctx.db).get();
  for (const zone of zones.docs) {
    const done = await paths.orders(ctx.db).where('zoneId', '==', zone.id).where('status', '==', 'completed').orderBy('createdAtMs', 'desc').limit(LESSONS).get(); // prettier-ignore
    if (done.empty) continue;
    const { travel } = zone.data();
    const lessons = done.docs.map((order) => order.data()).map((order) => ({ ...order, pace: paceOf(travel, order.courierVehicle) })); // prettier-ignore
    const table = learnEta(lessons, ctx.now());
    await paths.etaTable(ctx.db, zone.id).set(table);
  }
}
