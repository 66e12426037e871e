import type { Area } from '../../../functions/src/contract/areas.js';
import { CENTRE, type Place } from './streets.js';

const METERS_PER_DEGREE = 111_195;

const around = (north: number, east: number, radiusMeters: number, corners: number): Place[] =>
  Array.from({ length: corners }, (_, index) => {
    const angle = (2 * Math.PI * index) / corners;
    const [y, x] = [north + radiusMeters * Math.sin(angle), east + radiusMeters * Math.cos(angle)];
    return {
      lat: CENTRE.lat + y / METERS_PER_DEGREE,
      lng: CENTRE.lng + x / (METERS_PER_DEGREE * Math.cos((CENTRE.lat * Math.PI) / 180)),
    };
  });

/** Where the demo zone delivers: all of the city's streets, and the fields around them except a lake in the north. */
export const DEMO_AREA: Area = [{ corners: around(0, 0, 3_500, 12), holes: [{ corners: around(2_300, 0, 400, 8) }] }];
