import type { Place } from '../../contract/common.js';
import type { Travel } from '../../contract/zones.js';
import { toQuotedTravel, wayMeters } from '../../core/travel.js';
import type { Route } from './providers.js';

/** Estimates a route by great circle × factor, without a provider. The default, and the fallback of every provider. */
export function greatCircleRoute(from: Place, to: Place, travel: Travel): Route {
  const meters = Math.ceil(wayMeters(from, to, travel));
  return { distanceMeters: meters, travelSeconds: Math.ceil(meters / toQuotedTravel(travel).metersPerSecond) };
}
