import assert from 'node:assert/strict';
import fc from 'fast-check';
import { computeBoxes, type Box } from '#functions/discovery/model/nearby.js';
import type { Place } from '#functions/contract/common.js';
import { distanceMeters } from '#functions/core/geo.js';

const holds =
  ({ lat, lng }: Place) =>
  ({ south, north, west, east }: Box): boolean =>
    south <= lat && lat <= north && west <= lng && lng <= east;
/** The point so far away in a direction. Source: spherical direct problem. */
function towards({ lat, lng }: Place, meters: number, bearing: number): Place {
  const [phi, angle] = [(lat * Math.PI) / 180, meters / 6_371_008.8];
  const to = Math.asin(Math.sin(phi) * Math.cos(angle) + Math.cos(phi) * Math.sin(angle) * Math.cos(bearing));
  const across = Math.atan2(
    Math.sin(bearing) * Math.sin(angle) * Math.cos(phi),
    Math.cos(angle) - Math.sin(phi) * Math.sin(to),
  );
  const east = lng + (across * 180) / Math.PI;
  return { lat: (to * 180) / Math.PI, lng: ((((east + 180) % 360) + 360) % 360) - 180 };
}

describe('computeBoxes', () => {
  it('contain every point of the circle, anywhere on the globe', () =>
    fc.assert(
      fc.property(
        fc.record({
          lat: fc.double({ min: -90, max: 90, noNaN: true }),
          lng: fc.double({ min: -180, max: 180, noNaN: true }),
        }),
        fc.integer({ min: 100, max: 20_000 }),
        fc.double({ min: 0, max: 2 * Math.PI, noNaN: true }),
        (place, radius, bearing) => {
          const point = towards(place, radius * 0.9999, bearing);
          assert.ok(computeBoxes(place, radius).some(holds(point)), JSON.stringify(point));
        },
      ),
    ));

  it('are two across the antimeridian, neither of which crosses it', () => {
    for (const lng of [179.99, -179.99]) {
      const boxes = computeBoxes({ lat: -17, lng }, 5000);
      assert.equal(boxes.length, 2);
      assert.ok(boxes.every(({ west, east }) => -180 <= west && west < east && east <= 180));
    }
  });

  for (const lat of [0, 48, 70, -33]) {
    it(`reads at most 1.3 documents for each one within the radius, at latitude ${lat}`, () => {
      const [place, radius] = [{ lat, lng: 16 }, 5000];
      const [box] = computeBoxes(place, radius);
      assert.ok(box);
      // Restaurants on a grid over the box and beyond: what a query by box reads, and what lies in the circle.
      const steps = Array.from({ length: 200 }, (_, index) => (index - 100) / 80);
      const [high, wide] = [box.north - lat, box.east - 16];
      const grid = steps.flatMap((y) => steps.map((x) => ({ lat: lat + y * high, lng: 16 + x * wide })));
      const read = grid.filter((one) => holds(one)(box)).length;
      const within = grid.filter((one) => distanceMeters(one, place) <= radius).length;
      assert.ok(within > 10_000 && read / within < 1.3, `${read} / ${within}`);
    });
  }
});
