import { distanceBetween } from 'geofire-common';
import type { Place } from '../contract/common.js';

/** Computes the great-circle distance in metres. */
export function distanceMeters(from: Place, to: Place): number {
  return distanceBetween([from.lat, from.lng], [to.lat, to.lng]) * 1000;
}
