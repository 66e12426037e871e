import type { Place } from '../../contract/common.js';

/** Seconds of the ride from one place to another, at pace 1. */
export type TravelSeconds = (from: Place, to: Place) => number;

/** A delivery to match. */
export interface Delivery {
  id: string;
  pickUpAt: Place;
  dropOffAt: Place;
  /** When the kitchen will have it ready. */
  readyAtMs: number;
  /** When the customer's waiting time began. */
  sinceMs: number;
  /** The time promised to the customer. */
  promisedAtMs: number;
  /** From `dropOffAt` to the door, at pace 1, where the door is not known; absent: the door is there. */
  onwardSeconds?: number | undefined;
}

export interface Stop {
  type: 'pickUp' | 'dropOff';
  delivery: Delivery;
}

export interface Start {
  at: Place;
  /** From then on the courier can ride. */
  fromMs: number;
}

/** Seconds that one courier takes to a stop. */
export type Ride = (from: Place, stop: Stop) => number;

/** Returns the ride times of a courier: at a pace of 2 every ride takes twice as long. */
export function toRide(travel: TravelSeconds, pace: number): Ride {
  return (from, stop) => {
    const onwardSeconds = stop.type === 'dropOff' ? (stop.delivery.onwardSeconds ?? 0) : 0;
    return (travel(from, getStopPlace(stop)) + onwardSeconds) * pace;
  };
}

/** Returns the place of a stop: the counter of a pick-up, the drop-off of a delivery. */
export const getStopPlace = ({ type, delivery }: Stop): Place =>
  type === 'pickUp' ? delivery.pickUpAt : delivery.dropOffAt;

/** How long a courier stands at a door or a counter. */
export interface Service {
  pickUpSeconds: number;
  dropOffSeconds: number;
}

/** The costs of a route, in seconds summed over its deliveries. */
export interface RouteTotals {
  clickToDoor: number;
  late: number;
  travel: number;
  foodWaits: number;
  courierWaits: number;
}

export interface Timed extends Stop {
  /** When the courier leaves the stop. */
  doneAtMs: number;
}

export interface Schedule {
  stops: Timed[];
  totals: RouteTotals;
}

const NOTHING: RouteTotals = { clickToDoor: 0, late: 0, travel: 0, foodWaits: 0, courierWaits: 0 };

/**
 * Computes when a courier who rides these stops in order arrives and leaves; the courier leaves a kitchen only when the
 * food is ready.
 */
export function computeSchedule(start: Start, stops: readonly Stop[], ride: Ride, service: Service): Schedule {
  let { at, fromMs } = start;
  const totals = { ...NOTHING };
  const timed = stops.map((stop): Timed => {
    const { type, delivery } = stop;
    const rideSeconds = ride(at, stop);
    const arriveMs = fromMs + rideSeconds * 1000;
    totals.travel += rideSeconds;
    const doneAtMs =
      type === 'pickUp' ? pickUp(arriveMs, delivery, service, totals) : dropOff(arriveMs, delivery, service, totals);
    at = getStopPlace(stop);
    fromMs = doneAtMs;
    return { ...stop, doneAtMs };
  });
  return { stops: timed, totals };
}

function pickUp(arriveMs: number, { readyAtMs }: Delivery, { pickUpSeconds }: Service, totals: RouteTotals): number {
  totals.courierWaits += Math.max(0, readyAtMs - arriveMs) / 1000;
  totals.foodWaits += Math.max(0, arriveMs - readyAtMs) / 1000;
  return Math.max(arriveMs, readyAtMs) + pickUpSeconds * 1000;
}

function dropOff(
  arriveMs: number,
  { sinceMs, promisedAtMs }: Delivery,
  { dropOffSeconds }: Service,
  totals: RouteTotals,
): number {
  totals.clickToDoor += (arriveMs - sinceMs) / 1000;
  totals.late += Math.max(0, arriveMs - promisedAtMs) / 1000;
  return arriveMs + dropOffSeconds * 1000;
}

export interface Limits {
  /** Deliveries of one courier at once, whether picked up or not. */
  capacity: number;
  /** How much longer than a direct ride a delivery may take because of another. */
  detourSeconds: number;
}

/** Lists every route with a delivery added: its pick-up at some position, its drop-off at a later one. */
export function listInsertions(stops: readonly Stop[], delivery: Delivery): Stop[][] {
  const routes: Stop[][] = [];
  for (let pick = 0; pick <= stops.length; pick++)
    for (let drop = pick; drop <= stops.length; drop++)
      routes.push([
        ...stops.slice(0, pick),
        { type: 'pickUp', delivery },
        ...stops.slice(pick, drop),
        { type: 'dropOff', delivery },
        ...stops.slice(drop),
      ]);
  return routes;
}

/** True where no delivery on board takes longer than the detour limit allows. */
export function keepsDetours(
  { stops }: Schedule,
  ride: Ride,
  { dropOffSeconds }: Service,
  { detourSeconds }: Limits,
): boolean {
  return stops.every(({ type, delivery, doneAtMs }) => {
    if (type === 'pickUp') return true;
    const picked = stops.find((stop) => stop.type === 'pickUp' && stop.delivery.id === delivery.id);
    // The costs limit the lateness of food that was on board before.
    if (!picked) return true;
    // From leaving the counter to leaving the door, as the schedule counts.
    const directSeconds = ride(delivery.pickUpAt, { type, delivery }) + dropOffSeconds;
    return (doneAtMs - picked.doneAtMs) / 1000 <= directSeconds + detourSeconds;
  });
}
