import { solveAssignment, IMPOSSIBLE } from './assignment.js';
import {
  listInsertions,
  keepsDetours,
  toRide,
  computeSchedule,
  type Delivery,
  type Limits,
  type Ride,
  type RouteTotals,
  type Schedule,
  type Service,
  type Start,
  type Stop,
  type TravelSeconds,
} from './route.js';

/**
 * A courier as the matcher sees one: the place and time of departure, and the remaining stops of earlier deliveries.
 */
export interface Rider {
  id: string;
  start: Start;
  stops: readonly Stop[];
  /** Deliveries that must not be offered to this courier. */
  refuses: readonly string[];
  /** The courier has had no order since then. */
  idleSinceMs: number;
  /** The factor by which each ride is longer than `travel` says: 1 for the vehicle that it assumes. */
  pace: number;
}

/** The cost of a second of each; the matching minimises the sum. */
export interface Weights extends RouteTotals {
  /** Deducted for each second that the courier has had no order. */
  fairness: number;
  /**
   * Deducted for each second that the customer has waited. The same for every courier, so it only decides which order
   * stays unmatched when couriers are scarce: otherwise the cheapest orders would be carried, and the oldest, most
   * expensive ones never.
   */
  waited: number;
}

export interface MatchInput {
  nowMs: number;
  deliveries: readonly Delivery[];
  riders: readonly Rider[];
  weights: Weights;
  limits: Limits;
  service: Service;
  /** The maximum number of additional deliveries per courier; absent: as many as fit. */
  rounds?: number;
}

export interface Match {
  deliveryId: string;
  riderId: string;
  /** The rider's stops with it, in order. */
  stops: readonly Stop[];
  score: number;
}

/** A pair that was considered. */
interface Option {
  deliveryId: string;
  riderId: string;
  score: number;
}

export interface MatchResult {
  matches: Match[];
  unmatched: string[];
  /** In the order of the deliveries and riders: the pairs from which the matching was chosen. */
  options: Option[];
}

/** Source: tuned on generated days, see `npm run dispatch:replay`. */
export const WEIGHTS: Weights = {
  clickToDoor: 1,
  late: 2,
  travel: 0.4,
  foodWaits: 0.2,
  courierWaits: 0.1,
  fairness: 0.02,
  waited: 2,
};

/**
 * Matches deliveries to couriers: the matching with the lowest total cost, one new delivery per courier at a time,
 * repeated for the remaining deliveries while couriers have room for a second. Pure: the same input gives the same
 * result.
 */
export function matchDeliveries(input: MatchInput, travel: TravelSeconds): MatchResult {
  const result: MatchResult = { matches: [], unmatched: [], options: [] };
  let left = [...input.deliveries];
  let riders = [...input.riders];
  for (let rounds = input.rounds ?? Infinity; rounds > 0; rounds -= 1) {
    const round = matchOnce({ ...input, deliveries: left, riders }, travel);
    result.options.push(...round.options);
    result.matches.push(...round.matches);
    const taken = new Map(round.matches.map((one) => [one.riderId, one.stops]));
    const done = new Set(round.matches.map((one) => one.deliveryId));
    left = left.filter(({ id }) => !done.has(id));
    riders = riders.map((rider) => ({ ...rider, stops: taken.get(rider.id) ?? rider.stops }));
    if (done.size === 0 || left.length === 0) break;
  }
  return { ...result, unmatched: left.map(({ id }) => id) };
}

interface BestInsertion {
  stops: readonly Stop[];
  score: number;
}

/** A rider, and the cost without any further delivery. */
interface RiderPlan {
  rider: Rider;
  ride: Ride;
  before: Schedule;
}

function matchOnce(input: MatchInput, travel: TravelSeconds): Pick<MatchResult, 'matches' | 'options'> {
  const { deliveries, riders } = input;
  const seats = riders.map((rider): RiderPlan => {
    const ride = toRide(travel, rider.pace);
    return { rider, ride, before: computeSchedule(rider.start, rider.stops, ride, input.service) };
  });
  const ways = deliveries.map((delivery) => seats.map((seat) => findBestInsertion(input, delivery, seat)));
  const columns = solveAssignment(ways.map((row) => row.map((way) => way?.score ?? IMPOSSIBLE)));
  const matches = deliveries.flatMap((delivery, row): Match[] => {
    const column = columns[row] ?? -1;
    const [rider, way] = [riders[column], ways[row]?.[column]];
    return rider && way ? [{ deliveryId: delivery.id, riderId: rider.id, ...way }] : [];
  });
  const options = deliveries.flatMap((delivery, row) =>
    riders.flatMap((rider, column): Option[] => {
      const way = ways[row]?.[column];
      return way ? [{ deliveryId: delivery.id, riderId: rider.id, score: way.score }] : [];
    }),
  );
  return { matches, options };
}

/** Finds the cheapest position in a rider's route for one more delivery; null where there is none. */
function findBestInsertion(
  { nowMs, weights, limits, service }: MatchInput,
  delivery: Delivery,
  { rider: { start, stops, refuses, idleSinceMs }, ride, before }: RiderPlan,
): BestInsertion | null {
  const carried = new Set(stops.map((stop) => stop.delivery.id)).size;
  if (carried >= limits.capacity || refuses.includes(delivery.id)) return null;
  const idleSeconds = carried === 0 ? Math.max(0, nowMs - idleSinceMs) / 1000 : 0;
  const waitedSeconds = Math.max(0, nowMs - delivery.sinceMs) / 1000;
  const credit = weights.fairness * idleSeconds + weights.waited * waitedSeconds;
  let best: BestInsertion | null = null;
  for (const route of listInsertions(stops, delivery)) {
    const after = computeSchedule(start, route, ride, service);
    if (!keepsDetours(after, ride, service, limits)) continue;
    const cost = computeCost(after.totals, weights) - computeCost(before.totals, weights) - credit;
    // Whole seconds: floating-point errors must not decide.
    const score = Math.round(cost);
    if (best === null || score < best.score) best = { stops: route, score };
  }
  return best;
}

function computeCost(totals: RouteTotals, weights: Weights): number {
  return (
    totals.clickToDoor * weights.clickToDoor +
    totals.late * weights.late +
    totals.travel * weights.travel +
    totals.foodWaits * weights.foodWaits +
    totals.courierWaits * weights.courierWaits
  );
}
