import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { learnEta } from './eta.js';

/** So many of a zone's latest orders teach its table. */
const LESSONS = 500;

/** Every night: each zone's table of rides, from its latest completed orders. */
export async function learnRides(ctx: Context): Promise<void> {
  const zones = await paths.zones(ctx.db).get();
  for (const zone of zones.docs) {
    const done = await paths.orders(ctx.db).where('zoneId', '==', zone.id).where('status', '==', 'completed').orderBy('createdAtMs', 'desc').limit(LESSONS).get(); // prettier-ignore
    if (done.empty) continue;
    const table = learnEta(done.docs.map((order) => order.data()), ctx.now()); // prettier-ignore
    await paths.etaTable(ctx.db, zone.id).set(table);
  }
}
