import type { Timestamp } from 'firebase-admin/firestore';
import { geohashForLocation } from 'geofire-common';
import type { Place } from '../contract/common.js';
import { readable } from '../operations/isolate.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import type { Candidate } from './plan.js';

export interface Found extends Candidate {
  /** The version of the document that was read. */
  lastUpdate: Timestamp;
}

interface Look {
  zoneId: string;
  place: Place;
  /** Offers and deliveries of whom is looked for: 0 is free. */
  load: number;
  /** Bounds the reads: at most twice as many. */
  perSide: number;
}

/**
 * Couriers around a place. Geohashes next to each other in order are mostly next to each other on the map, so a few on
 * either side of the place hold near ones, and a search reads the same few documents with ten couriers online as with
 * ten thousand.
 */
export async function findCouriers(ctx: Context, { zoneId, place, load, perSide }: Look): Promise<Found[]> {
  const here = geohashForLocation([place.lat, place.lng], 9);
  const near = paths.couriers(ctx.db).where('zoneId', '==', zoneId).where('online', '==', true).where('load', '==', load); // prettier-ignore
  const [above, below] = await Promise.all([
    near.where('presence.geohash', '>=', here).orderBy('presence.geohash', 'asc').limit(perSide).get(),
    near.where('presence.geohash', '<', here).orderBy('presence.geohash', 'desc').limit(perSide).get(),
  ]);
  const found = await readable(ctx, 'matchWindow', [...above.docs, ...below.docs]);
  return found.flatMap(({ id, data, updateTime }) =>
    updateTime ? [{ uid: id, courier: data, carries: [], lastUpdate: updateTime }] : [],
  );
}
