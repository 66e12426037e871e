import type { z } from 'zod';
import type { FindZoneOutput } from '../calls/discovery.js';
import type { Place } from '../contract/common.js';
import { ALL_ZONES } from '../platform/caches.js';
import type { Caller, Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { filterReadable } from '../platform/isolate.js';
import { findZoneAt, sortZoneAreas, type ZoneArea } from './model/zone-areas.js';

/** All of them are read into one entry of a cache. Places in further zones, by their ids, are found in none. */
const MAX_ZONES = 500;

/** Returns the zones that have an area from the cache, the smallest first. */
export function getZoneAreas(ctx: Context): Promise<ZoneArea[]> {
  return ctx.caches.zoneAreas.get(ALL_ZONES, async () => {
    const found = await paths.zones(ctx.db).orderBy('__name__').limit(MAX_ZONES).get();
    if (found.size === MAX_ZONES) ctx.log.error('findZone: there may be more zones than are read', { most: MAX_ZONES });
    return sortZoneAreas(await filterReadable(ctx, 'findZone', found.docs));
  });
}

/** Returns the zone that serves a place: of several the one with the smallest area. */
export async function findZone(ctx: Context, _: Caller, place: Place): Promise<z.infer<typeof FindZoneOutput>> {
  const found = findZoneAt(await getZoneAreas(ctx), place);
  if (!found) return { zone: null };
  const { zoneId, name, currency, version } = found;
  return { zone: { zoneId, name, currency, version } };
}
