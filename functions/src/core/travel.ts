import type { Place } from '../contract/common.js';
import type { Vehicle } from '../contract/couriers.js';
import type { Travel } from '../contract/zones.js';
import { distanceMeters } from './geo.js';

/** How the duration of a ride is estimated without a routing service. */
export interface TravelEstimate {
  /** Streets are longer than the straight line by this factor. */
  detourFactor: number;
  metersPerSecond: number;
}

/** Estimates the length of a ride in metres: the great circle times the zone's detour factor. */
export const wayMeters = (from: Place, to: Place, { detourFactor }: Pick<TravelEstimate, 'detourFactor'>): number =>
  distanceMeters(from, to) * detourFactor;

/** Estimates the duration of a ride in seconds, at the speed of the quoted vehicle. */
export const rideSeconds = (from: Place, to: Place, going: TravelEstimate): number =>
  wayMeters(from, to, going) / going.metersPerSecond;

/** Returns the estimate's parameters for the vehicle that the zone's quotes assume. */
export function toQuotedTravel({ detourFactor, quotedVehicle, metersPerSecond }: Travel): TravelEstimate {
  return { detourFactor, metersPerSecond: metersPerSecond[quotedVehicle] };
}

/**
 * Computes how much longer a courier takes than was quoted: 1 with the quoted vehicle, or before a courier is found.
 * The duration of a routing service applies to every vehicle, in proportion.
 */
export function computePace({ quotedVehicle, metersPerSecond }: Travel, vehicle: Vehicle | null): number {
  return vehicle === null ? 1 : metersPerSecond[quotedVehicle] / metersPerSecond[vehicle];
}
