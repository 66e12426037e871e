import type { Timestamp } from 'firebase-admin/firestore';
import { geohashForLocation } from 'geofire-common';
import type { Place } from '../contract/common.js';
import type { Courier } from '../contract/couriers.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';

export interface Candidate {
  uid: string;
  courier: Courier;
  /** The version of the document that was read. */
  lastUpdate: Timestamp;
}

/**
 * Free couriers around a place. Geohashes next to each other in order are mostly next to each other on the map, so
 * a few on either side of the place hold near ones, and a search reads the same few documents with ten couriers
 * online as with ten thousand. `perSide` bounds the reads: at most twice as many.
 */
export async function findFreeCouriers(
  ctx: Context,
  zoneId: string,
  place: Place,
  perSide: number,
): Promise<Candidate[]> {
  const here = geohashForLocation([place.lat, place.lng], 9);
  const free = paths.couriers(ctx.db).where('zoneId', '==', zoneId).where('online', '==', true).where('load', '==', 0);
  const [above, below] = await Promise.all([
    free.where('presence.geohash', '>=', here).orderBy('presence.geohash', 'asc').limit(perSide).get(),
    free.where('presence.geohash', '<', here).orderBy('presence.geohash', 'desc').limit(perSide).get(),
  ]);
  return [...above.docs, ...below.docs].map((found) => ({
    uid: found.id,
    courier: found.data(),
    lastUpdate: found.updateTime,
  }));
}
