import type { Area } from '../../contract/areas.js';
import type { Place } from '../../contract/common.js';
import type { Restaurant } from '../../contract/restaurants.js';
import type { Zone } from '../../contract/zones.js';

/** Computes the degrees east of `from`, in the shorter direction: −180 to 180, also across the antimeridian. */
export const degreesEast = (from: number, lng: number): number => ((((lng - from + 180) % 360) + 360) % 360) - 180;

/**
 * True where a place is inside a polygon. Its edges are straight on the map; it spans less than half the globe. Source:
 * even-odd rule, ray casting.
 */
export function isInside(corners: readonly Place[], place: Place): boolean {
  // Relative to one of its corners, so that an area across the antimeridian is in one piece.
  const originLng = corners[0]?.lng ?? 0;
  const east = (lng: number) => degreesEast(originLng, lng);
  return corners.reduce((inside, corner, index) => {
    const next = corners[(index + 1) % corners.length] ?? corner;
    if (corner.lat > place.lat === next.lat > place.lat) return inside;
    const part = (place.lat - corner.lat) / (next.lat - corner.lat);
    const crossesAt = east(corner.lng) + part * (east(next.lng) - east(corner.lng));
    return crossesAt > east(place.lng) ? !inside : inside;
  }, false);
}

/** True where a place is in one of the polygons of an area and in none of that polygon's holes. */
export const isInArea = (area: Area, place: Place): boolean =>
  area.some(({ corners, holes }) => isInside(corners, place) && !holes.some((hole) => isInside(hole.corners, place)));

/** True where a restaurant delivers to a place: by its own delivery area and by the area of its zone. */
export function deliversTo(
  { deliveryArea }: Pick<Restaurant, 'deliveryArea'>,
  { area }: Pick<Zone, 'area'>,
  place: Place,
): boolean {
  return (deliveryArea === null || isInside(deliveryArea, place)) && (area === null || isInArea(area, place));
}

const EARTH_METERS = 6_371_008.8;
const radians = (degrees: number) => (degrees * Math.PI) / 180;

/** Computes the size of an area in square metres; what two of its polygons share counts twice. */
export const computeAreaSize = (area: Area): number =>
  area.reduce(
    (total, { corners, holes }) =>
      total + computeRingSize(corners) - holes.reduce((sum, hole) => sum + computeRingSize(hole.corners), 0),
    0,
  );

/** Source: "Some Algorithms for Polygons on a Sphere" (Chamberlain and Duquette, 2007). */
function computeRingSize(corners: readonly Place[]): number {
  const doubled = corners.reduce((sum, corner, index) => {
    const next = corners[(index + 1) % corners.length] ?? corner;
    const width = radians(degreesEast(corner.lng, next.lng));
    return sum + width * (Math.sin(radians(corner.lat)) + Math.sin(radians(next.lat)));
  }, 0);
  return (Math.abs(doubled) / 2) * EARTH_METERS ** 2;
}
