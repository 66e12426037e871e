import type { Random } from '../random.js';

export interface Place {
  lat: number;
  lng: number;
}

/** Crossings and the streets between them. A crossing is identified by its index. */
export interface Streets {
  crossings: readonly Place[];
  neighbours: readonly (readonly number[])[];
}

export const CENTRE: Place = { lat: 48.2085, lng: 16.3721 };
const SIDE = 14;
const BLOCK_METERS = 190;
const METERS_PER_DEGREE = 111_195;

/** Draws a city of irregular blocks with some streets missing. Each seed gives another city. */
export function layStreets(random: Random): Streets {
  const at = (row: number, column: number) => row * SIDE + column;
  const crossings = Array.from({ length: SIDE * SIDE }, (_, index) =>
    crossingAt(Math.floor(index / SIDE) - SIDE / 2, (index % SIDE) - SIDE / 2, random),
  );
  const neighbours: number[][] = crossings.map(() => []);
  const join = (a: number, b: number) => {
    neighbours[a]?.push(b);
    neighbours[b]?.push(a);
  };
  for (let row = 0; row < SIDE; row++) {
    for (let column = 0; column < SIDE; column++) {
      if (column + 1 < SIDE) join(at(row, column), at(row, column + 1));
      // Each north-south street is missing with a chance of one in four. The first column keeps the city connected.
      if (row + 1 < SIDE && (column === 0 || !random.chance(0.25))) join(at(row, column), at(row + 1, column));
    }
  }
  return { crossings, neighbours };
}

function crossingAt(row: number, column: number, random: Random): Place {
  const crooked = () => (random.next() - 0.5) * 0.3 * BLOCK_METERS;
  return {
    lat: CENTRE.lat + (row * BLOCK_METERS + crooked()) / METERS_PER_DEGREE,
    lng:
      CENTRE.lng + (column * BLOCK_METERS + crooked()) / (METERS_PER_DEGREE * Math.cos((CENTRE.lat * Math.PI) / 180)),
  };
}

/** Straight-line distance in metres; accurate enough within one city. */
export function metersBetween(a: Place, b: Place): number {
  const north = (b.lat - a.lat) * METERS_PER_DEGREE;
  const east = (b.lng - a.lng) * METERS_PER_DEGREE * Math.cos((a.lat * Math.PI) / 180);
  return Math.hypot(north, east);
}

/**
 * Returns the crossings of the shortest route, both ends included. Dijkstra's algorithm; the city has 196 crossings.
 */
export function findRoute({ crossings, neighbours }: Streets, from: number, to: number): number[] {
  const distance = new Map([[from, 0]]);
  const cameFrom = new Map<number, number>();
  const open = new Set([from]);
  while (open.size > 0) {
    const here = nearest(open, distance);
    if (here === to) break;
    open.delete(here);
    for (const next of neighbours[here] ?? []) {
      const length = (distance.get(here) ?? 0) + metersBetween(place(crossings, here), place(crossings, next));
      if (length >= (distance.get(next) ?? Infinity)) continue;
      distance.set(next, length);
      cameFrom.set(next, here);
      open.add(next);
    }
  }
  return walkBack(cameFrom, from, to);
}

function nearest(open: ReadonlySet<number>, distance: ReadonlyMap<number, number>): number {
  return [...open].reduce((best, one) =>
    (distance.get(one) ?? Infinity) < (distance.get(best) ?? Infinity) ? one : best,
  );
}

function walkBack(cameFrom: ReadonlyMap<number, number>, from: number, to: number): number[] {
  const route = [to];
  for (let here = to; here !== from;) {
    const before = cameFrom.get(here);
    if (before === undefined) throw new Error(`no route from crossing ${from} to crossing ${to}`);
    route.unshift((here = before));
  }
  return route;
}

export function place(crossings: readonly Place[], crossing: number): Place {
  const found = crossings[crossing];
  if (!found) throw new Error(`the city has no crossing ${crossing}`);
  return found;
}

export function findNearestCrossing({ crossings }: Streets, to: Place): number {
  return crossings.reduce(
    (best, one, index) => (metersBetween(one, to) < metersBetween(place(crossings, best), to) ? index : best),
    0,
  );
}
