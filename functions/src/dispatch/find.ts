import type { Query, Timestamp } from 'firebase-admin/firestore';
import { geohashForLocation } from 'geofire-common';
import type { Place } from '../contract/common.js';
import type { Courier } from '../contract/couriers.js';
import { pagesOf, readable } from '../platform/isolate.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import type { Candidate } from './model/plan.js';

export interface CourierInReach extends Candidate {
  /** The version of the document that was read. */
  lastUpdate: Timestamp;
}

interface Look {
  zoneId: string;
  place: Place;
  /** Offers and deliveries of whom is looked for: 0 is free. */
  load: number;
  /** So many who fit are enough on either side of the place. */
  perSide: number;
  /** So many documents are read on either side at most. */
  readsPerSide: number;
  /** May this courier be asked? */
  fits: (uid: string, courier: Courier) => boolean;
}

/**
 * Couriers around a place. Geohashes next to each other in order are mostly next to each other on the map, so a few on
 * either side of the place hold near ones, and a search reads the same few documents with ten couriers online as with
 * ten thousand. Those who do not fit are read past, within bounds: they hide none of those behind them.
 */
export async function findCouriers(ctx: Context, look: Look): Promise<CourierInReach[]> {
  const { zoneId, place, load } = look;
  const here = geohashForLocation([place.lat, place.lng], 9);
  const near = paths
    .couriers(ctx.db)
    .where('zoneId', '==', zoneId)
    .where('online', '==', true)
    .where('load', '==', load);
  const [above, below] = await Promise.all([
    firstFitting(ctx, near.where('presence.geohash', '>=', here).orderBy('presence.geohash', 'asc'), look),
    firstFitting(ctx, near.where('presence.geohash', '<', here).orderBy('presence.geohash', 'desc'), look),
  ]);
  return [...above, ...below];
}

/** The first couriers who can be read and fit. A bad document does not count as read: it hides no courier behind it. */
async function firstFitting(ctx: Context, query: Query<Courier>, look: Look): Promise<CourierInReach[]> {
  const { perSide, readsPerSide, fits } = look;
  const found: CourierInReach[] = [];
  let reads = 0;
  for await (const page of pagesOf(query, perSide)) {
    const read = await readable(ctx, 'matchWindow', page);
    for (const { id, data, updateTime } of read)
      if (updateTime && fits(id, data)) found.push({ uid: id, courier: data, carries: [], lastUpdate: updateTime });
    reads += read.length;
    if (found.length >= perSide || reads >= readsPerSide) break;
  }
  return found.slice(0, perSide);
}
