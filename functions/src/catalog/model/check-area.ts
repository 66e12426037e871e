import { MAX_AREA_CORNERS, type Area, type Polygon } from '../../contract/areas.js';
import type { Place } from '../../contract/common.js';
import { degreesEast, isInside } from './area.js';

/** Degrees east of a common meridian, and of latitude. */
interface Point {
  x: number;
  y: number;
}
type Edge = readonly [from: Point, to: Point];

/**
 * Names what makes an area ambiguous: too many corners, an outline across half the globe, one that touches or crosses
 * itself, or a hole that is not inside its polygon. Null: nothing.
 */
export function findAreaProblem(area: Area): string | null {
  const count = area.reduce((sum, { corners, holes }) => sum + countCorners([{ corners }, ...holes]), 0);
  if (count > MAX_AREA_CORNERS) return 'too many corners';
  return area.map(findPolygonProblem).find((problem) => problem !== null) ?? null;
}

const countCorners = (rings: readonly { corners: readonly Place[] }[]): number =>
  rings.reduce((sum, { corners }) => sum + corners.length, 0);

function findPolygonProblem({ corners, holes }: Polygon): string | null {
  const originLng = corners[0]?.lng ?? 0;
  const outline = toEdges(corners, originLng);
  const problem = findRingProblem(outline);
  if (problem !== null) return problem;
  for (const hole of holes) {
    const edges = toEdges(hole.corners, originLng);
    const holeProblem = findRingProblem(edges);
    if (holeProblem !== null) return holeProblem;
    if (!hole.corners.every((corner) => isInside(corners, corner))) return 'hole outside';
    if (edges.some((edge) => outline.some((other) => doTouch(edge, other)))) return 'hole outside';
  }
  return null;
}

function findRingProblem(edges: readonly Edge[]): string | null {
  const xs = edges.map(([{ x }]) => x);
  if (Math.max(...xs) - Math.min(...xs) >= 180) return 'too wide';
  if (edges.some(([from, to]) => from.x === to.x && from.y === to.y)) return 'repeated corner';
  return edges.some((edge, index) => crossesLater(edges, edge, index)) ? 'crosses itself' : null;
}

/** True where an edge touches a later one other than at the corner that neighbours share. */
function crossesLater(edges: readonly Edge[], edge: Edge, index: number): boolean {
  const last = edges.length - 1;
  return edges.slice(index + 1).some((other, offset) => {
    if (offset === 0) return foldsBack(edge, other);
    return index === 0 && index + 1 + offset === last ? foldsBack(other, edge) : doTouch(edge, other);
  });
}

function toEdges(corners: readonly Place[], originLng: number): Edge[] {
  const points = corners.map(({ lat, lng }) => ({ x: degreesEast(originLng, lng), y: lat }));
  return points.map((point, index) => [point, points[(index + 1) % points.length] ?? point]);
}

/** Above 0 where `c` is to the left of the line from `a` to `b`, 0 where it is on it. */
const turn = (a: Point, b: Point, c: Point): number => Math.sign((b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x));

/** True where the second of two neighbours leads back along the first. */
function foldsBack([a, b]: Edge, [, c]: Edge): boolean {
  return turn(a, b, c) === 0 && (b.x - a.x) * (c.x - b.x) + (b.y - a.y) * (c.y - b.y) < 0;
}

/** True where two edges have a point in common. */
function doTouch([a, b]: Edge, [c, d]: Edge): boolean {
  const [ofC, ofD, ofA, ofB] = [turn(a, b, c), turn(a, b, d), turn(c, d, a), turn(c, d, b)];
  if (ofC !== ofD && ofA !== ofB) return true;
  return (
    (ofC === 0 && isBetween(a, b, c)) ||
    (ofD === 0 && isBetween(a, b, d)) ||
    (ofA === 0 && isBetween(c, d, a)) ||
    (ofB === 0 && isBetween(c, d, b))
  );
}

/** True where a point of the line through `a` and `b` is between them. */
const isBetween = (a: Point, b: Point, { x, y }: Point): boolean =>
  Math.min(a.x, b.x) <= x && x <= Math.max(a.x, b.x) && Math.min(a.y, b.y) <= y && y <= Math.max(a.y, b.y);
