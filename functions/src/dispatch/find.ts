import type { Query, Timestamp } from 'firebase-admin/firestore';
import { geohashForLocation } from 'geofire-common';
import type { Place } from '../contract/common.js';
import type { Courier } from '../contract/couriers.js';
import { readPages, filterReadable } from '../platform/isolate.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import type { Candidate } from './model/plan.js';

export interface CourierInReach extends Candidate {
  /** The version of the document that was read. */
  lastUpdate: Timestamp;
}

interface CourierSearch {
  zoneId: string;
  place: Place;
  /** The load of the couriers to find: 0 is free. */
  load: number;
  /** The number of suitable couriers on either side of the place that is enough. */
  perSide: number;
  /** The maximum number of documents that are read on either side. */
  readsPerSide: number;
  /** True where this courier may get an offer. */
  fits: (uid: string, courier: Courier) => boolean;
}

/**
 * Finds couriers around a place. Geohashes that are neighbours in order are mostly neighbours on the map, so a few on
 * either side of the place are near ones, and a search reads the same number of documents with ten couriers online as
 * with ten thousand. Unsuitable couriers are skipped, within limits, so that they do not hide those behind them.
 */
export async function findCouriers(ctx: Context, look: CourierSearch): Promise<CourierInReach[]> {
  const { zoneId, place, load } = look;
  const here = geohashForLocation([place.lat, place.lng], 9);
  const near = paths
    .couriers(ctx.db)
    .where('zoneId', '==', zoneId)
    .where('online', '==', true)
    .where('load', '==', load);
  const [above, below] = await Promise.all([
    readFirstSuitable(ctx, near.where('presence.geohash', '>=', here).orderBy('presence.geohash', 'asc'), look),
    readFirstSuitable(ctx, near.where('presence.geohash', '<', here).orderBy('presence.geohash', 'desc'), look),
  ]);
  return [...above, ...below];
}

/**
 * Reads the first couriers that are readable and suitable. A bad document does not count as read: it hides no courier
 * behind it.
 */
async function readFirstSuitable(ctx: Context, query: Query<Courier>, look: CourierSearch): Promise<CourierInReach[]> {
  const { perSide, readsPerSide, fits } = look;
  const found: CourierInReach[] = [];
  let reads = 0;
  for await (const page of readPages(query, perSide)) {
    const read = await filterReadable(ctx, 'matchWindow', page);
    for (const { id, data, updateTime } of read)
      if (updateTime && fits(id, data)) found.push({ uid: id, courier: data, carries: [], lastUpdate: updateTime });
    reads += read.length;
    if (found.length >= perSide || reads >= readsPerSide) break;
  }
  return found.slice(0, perSide);
}
