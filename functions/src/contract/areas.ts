import { z } from 'zod';
import { Place } from './common.js';

/** The most corners of one ring, and of all rings of an area together. */
export const MAX_RING_CORNERS = 500;
export const MAX_AREA_CORNERS = 1_000;

/** The corners of an outline in their order, either way round; the last one is joined to the first, not equal to it. */
export const Ring = z.array(Place).min(3).max(MAX_RING_CORNERS);

/** A part of an area: what is inside its outline and in none of its holes. */
export const Polygon = z.strictObject({
  corners: Ring,
  holes: z
    .array(z.strictObject({ corners: Ring }))
    .max(10)
    .default([]),
});
export type Polygon = z.infer<typeof Polygon>;

/** An area of the map: a place in any of its polygons is inside. A polygon may cross the antimeridian, not a pole. */
export const Area = z.array(Polygon).min(1).max(20);
export type Area = z.infer<typeof Area>;
