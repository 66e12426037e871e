import type { Place } from '../../contract/common.js';

/** The south-west and north-east corners; never across the antimeridian. */
export interface Box {
  south: number;
  west: number;
  north: number;
  east: number;
}

const METERS_PER_DEGREE = 111_195;
/** A little more than needed: the earth is not a sphere, and degrees are rounded. */
const MARGIN = 1.001;
const radians = (degrees: number) => (degrees * Math.PI) / 180;

/**
 * Computes boxes that contain the circle around a place: one, or two where it crosses the antimeridian. A query by box
 * reads a quarter more than the circle contains, one by ranges of geohashes five times as much.
 */
export function computeBoxes({ lat, lng }: Place, radiusMeters: number): Box[] {
  const reach = (radiusMeters / METERS_PER_DEGREE) * MARGIN;
  const [south, north] = [Math.max(-90, lat - reach), Math.min(90, lat + reach)];
  // The circle is widest towards the pole. Source: "Finding points within a distance of a latitude/longitude"
  // (Matuschek).
  const ratio = Math.sin(radians(reach)) / Math.cos(radians(lat));
  if (north === 90 || south === -90 || ratio >= 1) return [{ south, north, west: -180, east: 180 }];
  const half = (Math.asin(ratio) * 180) / Math.PI;
  const [west, east] = [lng - half, lng + half];
  if (west < -180)
    return [
      { south, north, west: west + 360, east: 180 },
      { south, north, west: -180, east },
    ];
  if (east > 180)
    return [
      { south, north, west, east: 180 },
      { south, north, west: -180, east: east - 360 },
    ];
  return [{ south, north, west, east }];
}
