import type { Place } from '../contract/common.js';
import type { Vehicle } from '../contract/couriers.js';
import type { Travel } from '../contract/zones.js';
import { distanceMeters } from './geo.js';

/** What a way costs where no routing service is asked. */
export interface Going {
  /** Streets are longer than the crow's way. */
  detourFactor: number;
  metersPerSecond: number;
}

export const wayMeters = (from: Place, to: Place, { detourFactor }: Pick<Going, 'detourFactor'>): number =>
  distanceMeters(from, to) * detourFactor;

export const rideSeconds = (from: Place, to: Place, going: Going): number =>
  wayMeters(from, to, going) / going.metersPerSecond;

/** Of the vehicle that the zone's quotes reckon with. */
export function goingIn({ detourFactor, quotedVehicle, metersPerSecond }: Travel): Going {
  return { detourFactor, metersPerSecond: metersPerSecond[quotedVehicle] };
}

/**
 * How much longer a courier takes than was quoted: 1 by the quoted vehicle, or while nobody is found. What a routing
 * service said of the way holds for every vehicle, in proportion.
 */
export function paceOf({ quotedVehicle, metersPerSecond }: Travel, vehicle: Vehicle | null): number {
  return vehicle === null ? 1 : metersPerSecond[quotedVehicle] / metersPerSecond[vehicle];
}
