import type { Place } from '../../contract/common.js';

/** Computes the degrees east of `from`, in the shorter direction: −180 to 180, also across the antimeridian. */
const degreesEast = (from: number, lng: number): number => ((((lng - from + 180) % 360) + 360) % 360) - 180;

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
