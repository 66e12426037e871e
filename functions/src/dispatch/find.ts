import type { Query, Timestamp } from 'firebase-admin/firestore';
import { geohashForLocation } from 'geofire-common';
import type { Place } from '../contract/common.js';
import type { Courier } from '../contract/couriers.js';
import { pagesOf, readable } from '../operations/isolate.js';
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
    firstReadable(ctx, near.where('presence.geohash', '>=', here).orderBy('presence.geohash', 'asc'), perSide),
    firstReadable(ctx, near.where('presence.geohash', '<', here).orderBy('presence.geohash', 'desc'), perSide),
  ]);
  return [...above, ...below];
}

/** So many couriers that can be read: bad documents hide none of those behind them. */
async function firstReadable(ctx: Context, query: Query<Courier>, count: number): Promise<Found[]> {
  const found: Found[] = [];
  for await (const page of pagesOf(query, count)) {
    for (const { id, data, updateTime } of await readable(ctx, 'matchWindow', page))
      if (updateTime) found.push({ uid: id, courier: data, carries: [], lastUpdate: updateTime });
    if (found.length >= count) break;
  }
  return found.slice(0, count);
}
