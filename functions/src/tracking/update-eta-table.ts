import type { Zone } from '../contract/zones.js';
import { handleEach, readPages, filterReadable } from '../platform/isolate.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { computePace } from '../core/travel.js';
import { computeEtaTable } from './model/eta.js';

/** The number of a zone's latest orders from which its table is computed. */
const LESSONS = 500;

/** Updates each zone's table of rides from its latest completed orders, every night. */
export async function updateEtaTables(ctx: Context): Promise<void> {
  for await (const page of readPages(paths.zones(ctx.db).orderBy('__name__'))) {
    await handleEach(ctx, 'learnRides', page, ({ id, data }) => updateZoneTable(ctx, id, data));
  }
}

async function updateZoneTable(ctx: Context, zoneId: string, { travel }: Zone): Promise<void> {
  const done = await paths
    .orders(ctx.db)
    .where('zoneId', '==', zoneId)
    .where('status', '==', 'completed')
    .orderBy('createdAtMs', 'desc')
    .limit(LESSONS)
    .get();
  const orders = await filterReadable(ctx, 'learnRides', done.docs);
  if (orders.length === 0) return;
  const lessons = orders.map(({ data }) => ({ ...data, pace: computePace(travel, data.courierVehicle) }));
  await paths.etaTable(ctx.db, zoneId).set(computeEtaTable(lessons, ctx.now()));
}
