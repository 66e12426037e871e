import { metersBetween, place, type Place, type Streets } from './streets.js';

/** A point on a street that stands for a place, and the distance between the two. */
export interface OnStreet extends Place {
  offMeters: number;
  /** The crossings at the street's ends, with the metres to each. */
  ends: readonly [End, End];
}
interface End {
  crossing: number;
  meters: number;
}

/** A street between two crossings; `east` and `north` are metres from its first crossing to its second. */
interface Street {
  a: number;
  b: number;
  start: Place;
  end: Place;
  east: number;
  north: number;
}

/** Computes the shortest routes along streets, between any two places. Distances and nearest points are cached. */
export class Routes {
  readonly #all: readonly Street[];
  readonly #distances = new Map<number, readonly number[]>();
  readonly #snapped = new WeakMap<Place, OnStreet>();

  constructor(private readonly streets: Streets) {
    const { crossings, neighbours } = streets;
    this.#all = neighbours.flatMap((ends, a) =>
      ends.flatMap((b) => {
        const [start, end] = [place(crossings, a), place(crossings, b)];
        return a < b ? [{ a, b, start, end, ...metersFrom(start, end) }] : [];
      }),
    );
  }

  /** Returns the nearest point on any street. */
  snap(to: Place): OnStreet {
    const known = this.#snapped.get(to);
    if (known) return known;
    let nearest: { street: Street; share: number; offMeters: number } | undefined;
    for (const street of this.#all) {
      const share = computeShare(street, to);
      const offMeters = metersBetween(between(street, share), to);
      if (!nearest || offMeters < nearest.offMeters) nearest = { street, share, offMeters };
    }
    if (!nearest) throw new Error('snap: the city has no streets');
    const { street, share, offMeters } = nearest;
    const length = Math.hypot(street.east, street.north);
    const ends = [
      { crossing: street.a, meters: length * share },
      { crossing: street.b, meters: length * (1 - share) },
    ] as const;
    const snapped = { ...between(street, share), offMeters, ends };
    this.#snapped.set(to, snapped);
    return snapped;
  }

  /** Returns the metres along streets from one point to another; Infinity where no route exists. */
  metersBetween(from: OnStreet, to: OnStreet): number {
    const around = from.ends.flatMap((start) =>
      to.ends.map((end) => start.meters + (this.#from(start.crossing)[end.crossing] ?? Infinity) + end.meters),
    );
    const isSameStreet = from.ends.every(({ crossing }, index) => to.ends[index]?.crossing === crossing);
    const straight = isSameStreet ? Math.abs(from.ends[0].meters - to.ends[0].meters) : Infinity;
    return Math.min(straight, ...around);
  }

  /** Returns the metres from a crossing to every other, by Dijkstra's algorithm. */
  #from(start: number): readonly number[] {
    const known = this.#distances.get(start);
    if (known) return known;
    const { crossings, neighbours } = this.streets;
    const meters = crossings.map((_, crossing) => (crossing === start ? 0 : Infinity));
    const open = new Set(crossings.keys());
    while (open.size > 0) {
      const here = findNearest(open, meters);
      open.delete(here);
      for (const next of neighbours[here] ?? []) {
        const by = (meters[here] ?? Infinity) + metersBetween(place(crossings, here), place(crossings, next));
        meters[next] = Math.min(meters[next] ?? Infinity, by);
      }
    }
    this.#distances.set(start, meters);
    return meters;
  }
}

function findNearest(open: ReadonlySet<number>, meters: readonly number[]): number {
  let best = -1;
  for (const one of open) if (best < 0 || (meters[one] ?? Infinity) < (meters[best] ?? Infinity)) best = one;
  return best;
}

function metersFrom(start: Place, to: Place): { east: number; north: number } {
  const [east, north] = [
    metersBetween(start, { lat: start.lat, lng: to.lng }),
    metersBetween(start, { lat: to.lat, lng: start.lng }),
  ];
  return { east: east * Math.sign(to.lng - start.lng), north: north * Math.sign(to.lat - start.lat) };
}

/** Returns where on a street the nearest point to a place is: 0 at its first crossing, 1 at its last. */
function computeShare({ start, east, north }: Street, to: Place): number {
  const off = metersFrom(start, to);
  return Math.min(1, Math.max(0, (off.east * east + off.north * north) / (east ** 2 + north ** 2)));
}

const between = ({ start, end }: Street, share: number): Place => ({
  lat: start.lat + (end.lat - start.lat) * share,
  lng: start.lng + (end.lng - start.lng) * share,
});
