import { distanceBetween } from 'geofire-common';
import type { Place } from '../contract/common.js';

/** Computes the great-circle distance in metres. */
export function distanceMeters(from: Place, to: Place): number {
  return distanceBetween([from.lat, from.lng], [to.lat, to.lng]) * 1000;
}

/** Nine characters name a cell of five metres; clients round coordinates differently. */
const GEOHASH_TOLERANCE_METERS = 50;

/** True where a geohash that a client computed names its place. */
export function isGeohashOf(geohash: string, place: Place): boolean {
  return distanceMeters(toCellCentre(geohash), place) <= GEOHASH_TOLERANCE_METERS;
}

const DIGITS = '0123456789bcdefghjkmnpqrstuvwxyz';

/**
 * Computes the centre of a geohash's cell: each bit halves the range of the longitude or of the latitude, in turn, five
 * bits a character. Source: Wikipedia, "Geohash".
 */
function toCellCentre(geohash: string): Place {
  const [lng, lat] = [
    { min: -180, max: 180 },
    { min: -90, max: 90 },
  ];
  for (let bit = 0; bit < geohash.length * 5; bit += 1) {
    const digit = DIGITS.indexOf(geohash.charAt(Math.floor(bit / 5)));
    const range = bit % 2 === 0 ? lng : lat;
    const middle = (range.min + range.max) / 2;
    if ((digit >> (4 - (bit % 5))) & 1) range.min = middle;
    else range.max = middle;
  }
  return { lat: (lat.min + lat.max) / 2, lng: (lng.min + lng.max) / 2 };
}
