import type { Zone } from '../contract/zones.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { readOne } from '../platform/isolate.js';
import { isSurgeAutomatic, selectSurgePpm } from '../pricing/present-surge.js';

/**
 * Returns the present factor of a zone's delivery fees. Only an automatic surge is read, at most every ten seconds for
 * each instance; one that cannot be read counts as none and becomes an operator task.
 */
export async function readSurgePpm(ctx: Context, zoneId: string, zone: Zone): Promise<number> {
  const surge = isSurgeAutomatic(zone)
    ? await ctx.caches.surges.get(zoneId, async () => {
        const stored = await paths.surge(ctx.db, zoneId).get();
        return (await readOne(ctx, 'readSurge', stored))?.data ?? null;
      })
    : null;
  return selectSurgePpm(zone, surge, ctx.now());
}
