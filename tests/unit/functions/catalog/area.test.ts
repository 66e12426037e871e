import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Area } from '#functions/contract/areas.js';
import type { Place } from '#functions/contract/common.js';
import { computeAreaSize, deliversTo, isInArea } from '#functions/catalog/model/area.js';
import { findAreaProblem } from '#functions/catalog/model/check-area.js';

const normalLng = (lng: number) => ((((lng + 180) % 360) + 360) % 360) - 180;
const rectangle = (south: number, west: number, height: number, width: number): Place[] => [
  { lat: south, lng: normalLng(west) },
  { lat: south, lng: normalLng(west + width) },
  { lat: south + height, lng: normalLng(west + width) },
  { lat: south + height, lng: normalLng(west) },
];
const solid = (...corners: Place[][]): Area => corners.map((ring) => ({ corners: ring, holes: [] }));
const RING: Area = [{ corners: rectangle(10, 20, 4, 4), holes: [{ corners: rectangle(11, 21, 1, 1) }] }];

/** Corners around a centre, seen from which each direction meets the outline once. */
interface Star {
  centre: Place;
  radii: number[];
}
const stars: fc.Arbitrary<Star> = fc.record({
  centre: fc.record({ lat: fc.double({ min: -70, max: 70, noNaN: true }), lng: fc.integer({ min: -180, max: 179 }) }),
  radii: fc.array(fc.double({ min: 0.5, max: 8, noNaN: true }), { minLength: 5, maxLength: 40 }),
});
/** A place of the star: a part of the way from the centre to the outline, between two of its corners. */
function toPlace({ centre, radii }: Star, index: number, between: number, part: number): Place {
  const corner = (at: number) => {
    const [angle, radius] = [(2 * Math.PI * at) / radii.length, radii[at % radii.length] ?? 1];
    return { y: radius * Math.sin(angle), x: radius * Math.cos(angle) };
  };
  const [from, to] = [corner(index), corner(index + 1)];
  const y = (from.y + (to.y - from.y) * between) * part;
  const x = (from.x + (to.x - from.x) * between) * part;
  return { lat: centre.lat + y, lng: normalLng(centre.lng + x) };
}
const toRing = (star: Star, part: number): Place[] => star.radii.map((_, index) => toPlace(star, index, 0, part));
const toArea = (star: Star): Area => [{ corners: toRing(star, 1), holes: [{ corners: toRing(star, 0.5) }] }];

describe('isInArea', () => {
  it('is true between the outline and the hole of any star, at the antimeridian as well', () => {
    const parts = fc.constantFrom(0.001, 0.49, 0.51, 0.75, 0.99, 1.01, 2);
    const betweens = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(stars, fc.nat(1_000), betweens, parts, (star, index, between, part) => {
        const place = toPlace(star, index % star.radii.length, between, part);
        assert.equal(isInArea(toArea(star), place), part > 0.5 && part < 1);
      }),
      { numRuns: 500 },
    );
  });
  it('is true in each of several polygons, and where one covers the hole of another', () => {
    const area = [...RING, ...solid(rectangle(11, 21, 0.5, 0.5), rectangle(-5, 179, 2, 2))];
    const places = [
      [10.5, 20.5],
      [11.2, 21.2],
      [11.7, 21.7],
      [-4, 179.5],
      [-4, -179.5],
      [-4, 0],
    ] as const;
    assert.deepEqual(
      places.map(([lat, lng]) => isInArea(area, { lat, lng })),
      [true, true, false, true, true, false],
    );
  });
});

describe('deliversTo', () => {
  const [inside, inHole] = [
    { lat: 10.5, lng: 20.5 },
    { lat: 11.5, lng: 21.5 },
  ];
  it('needs both the restaurant’s and the zone’s area, and each only where there is one', () => {
    const south = rectangle(10, 20, 1, 4);
    const cases = [
      [null, null, inHole],
      [null, RING, inside],
      [null, RING, inHole],
      [south, null, inside],
      [south, null, inHole],
      [south, RING, inside],
      [rectangle(12, 20, 1, 4), RING, inside],
    ] as const;
    assert.deepEqual(
      cases.map(([deliveryArea, area, place]) =>
        deliversTo({ deliveryArea: deliveryArea && [...deliveryArea] }, { area }, place),
      ),
      [true, true, false, true, false, true, false],
    );
  });
});

describe('computeAreaSize', () => {
  it('is that of a degree at the equator, of half of it at 60° north, and without the hole', () => {
    const squareKilometers = (area: Area) => Math.round(computeAreaSize(area) / 1e6);
    assert.equal(squareKilometers(solid(rectangle(-0.5, 179.5, 1, 1))), 12364);
    assert.equal(squareKilometers(solid(rectangle(59.5, 0, 1, 1).toReversed())), 6182);
    const whole = squareKilometers(solid(rectangle(10, 20, 4, 4)));
    assert.equal(whole - squareKilometers(RING), squareKilometers(solid(rectangle(11, 21, 1, 1))));
  });
});

describe('findAreaProblem', () => {
  it('accepts any star with a hole', () =>
    fc.assert(fc.property(stars, (star) => assert.equal(findAreaProblem(toArea(star)), null))));
  const bowTie = [0, 1, 3, 2].map((index) => rectangle(0, 0, 1, 1)[index] ?? { lat: 0, lng: 0 });
  const square = rectangle(0, 0, 4, 4);
  const first = { lat: 0, lng: 0 };
  const refused: [what: string, area: Area, problem: string][] = [
    ['an outline that crosses itself', solid(bowTie), 'crosses itself'],
    ['an outline that touches itself', solid([...square, { lat: 2, lng: 4 }]), 'crosses itself'],
    ['an outline that leads back along itself', solid([...square.slice(0, 2), { lat: 0, lng: 2 }]), 'crosses itself'],
    ['a closed outline', solid([...square, first]), 'repeated corner'],
    [
      'an outline across half the globe',
      solid(rectangle(0, 0, 1, 179), [...rectangle(0, -100, 1, 100), ...rectangle(1, 90, 1, -90)]),
      'too wide',
    ],
    ['an outline around a pole', solid([-120, 0, 120].map((lng) => ({ lat: 80, lng }))), 'too wide'],
    ['a hole outside', [{ corners: square, holes: [{ corners: rectangle(5, 5, 1, 1) }] }], 'hole outside'],
    ['a hole across the outline', [{ corners: square, holes: [{ corners: rectangle(1, 1, 1, 9) }] }], 'hole outside'],
    [
      'a hole across a bay of the outline',
      [
        {
          corners: [...square.slice(0, 3), { lat: 1, lng: 2 }, ...square.slice(3)],
          holes: [{ corners: rectangle(0.5, 0.2, 0.9, 3.6) }],
        },
      ],
      'hole outside',
    ],
    [
      'a hole that crosses itself',
      [{ corners: rectangle(-1, -1, 4, 4), holes: [{ corners: bowTie }] }],
      'crosses itself',
    ],
  ];
  for (const [what, area, problem] of refused)
    it(`refuses ${what}`, () => assert.equal(findAreaProblem(area), problem));
  it('accepts a thousand corners, and refuses one more', () => {
    const many = (count: number, lat: number) =>
      Array.from({ length: count }, (_, index) => ({
        lat: lat + Math.sin((2 * Math.PI * index) / count),
        lng: Math.cos((2 * Math.PI * index) / count),
      }));
    assert.equal(findAreaProblem(solid(many(500, 0), many(500, 10))), null);
    assert.equal(findAreaProblem(solid(many(500, 0), many(498, 10), many(3, 20))), 'too many corners');
  });
});
