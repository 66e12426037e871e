import type { Place } from '../../../functions/src/contract/common.js';
import type { MatchResult, Rider } from '../../../functions/src/dispatch/model/match.js';
import {
  getStopPlace,
  toRide,
  computeSchedule,
  type Delivery,
  type Service,
  type Timed,
  type TravelSeconds,
} from '../../../functions/src/dispatch/model/route.js';
import { Travel } from '../../../functions/src/contract/zones.js';
import { computePace } from '../../../functions/src/core/travel.js';
import { computeEta } from '../../../functions/src/tracking/model/eta.js';
import { distanceMeters } from '../../../functions/src/core/geo.js';
import type { DataSet } from './data-set.js';

/** Matches deliveries to couriers; called once per window. */
export type Policy = (open: readonly Delivery[], riders: readonly Rider[], nowMs: number) => MatchResult;

export interface World {
  /** Travel times by bicycle; the pace of a vehicle multiplies them. */
  travel: TravelSeconds;
  service: Service;
  windowSeconds: number;
  /** A delivery is given to the policy this long before it is ready. */
  lookAheadMinutes: number;
  /** Minutes from order to door that the customer is promised. */
  promiseMinutes: number;
}

export interface ReplayResult {
  clickToDoorMinutes: number[];
  lateMinutes: number[];
  /** Absolute error of the arrival estimate that the customer got when a courier was matched. */
  etaErrorMinutes: number[];
  undelivered: number;
  meters: number;
  /** Deliveries carried together with another. */
  stacked: number;
  /** The longest time that matching took for one window. */
  slowestMatchMs: number;
}

const MINUTE_MS = 60_000;

interface RiderOnShift extends Rider {
  offMs: number;
}

/** Replays a data set under a policy, window by window. */
export function replayDataSet(dataSet: DataSet, policy: Policy, world: World): ReplayResult {
  const result: ReplayResult = {
    clickToDoorMinutes: [],
    lateMinutes: [],
    etaErrorMinutes: [],
    undelivered: 0,
    meters: 0,
    stacked: 0,
    slowestMatchMs: 0,
  };
  const estimates: Estimates = new Map();
  const waiting = dataSet.orders.map((one) => toDelivery(one, world)).sort((a, b) => a.sinceMs - b.sinceMs);
  let riders = dataSet.couriers.map(toRider);
  const endMs = Math.max(...riders.map((one) => one.offMs), ...waiting.map((one) => one.readyAtMs));
  for (let nowMs = 0; nowMs <= endMs; nowMs += world.windowSeconds * 1000) {
    riders = riders.map((rider) => advance(rider, nowMs, world, result, estimates));
    const open = waiting.filter(
      (one) => one.sinceMs <= nowMs && one.readyAtMs - world.lookAheadMinutes * MINUTE_MS <= nowMs,
    );
    if (open.length === 0) continue;
    const onShift = riders.filter((rider) => rider.start.fromMs <= rider.offMs && isOn(rider, nowMs));
    const begun = performance.now();
    const { matches } = policy(open, onShift, nowMs);
    result.slowestMatchMs = Math.max(result.slowestMatchMs, performance.now() - begun);
    for (const { deliveryId, riderId, stops } of matches) {
      const [delivery] = waiting.splice(
        waiting.findIndex((one) => one.id === deliveryId),
        1,
      );
      const pace = riders.find((rider) => rider.id === riderId)?.pace ?? 1;
      if (delivery) estimates.set(deliveryId, estimate(delivery, nowMs, world, pace));
      riders = riders.map((rider) => (rider.id === riderId ? { ...rider, stops } : rider));
    }
  }
  for (const rider of riders) advance(rider, Infinity, world, result, estimates);
  return { ...result, undelivered: waiting.length };
}

/** The arrival times that customers got when a courier was matched, by delivery. */
type Estimates = Map<string, number>;

/** Estimates the arrival as the backend does for an order in the kitchen. */
function estimate(delivery: Delivery, nowMs: number, { travel }: World, pace: number): number {
  const { pickUpAt, dropOffAt, readyAtMs, sinceMs } = delivery;
  const order = {
    status: 'preparing' as const,
    readyAtMs,
    travelSeconds: travel(pickUpAt, dropOffAt),
    createdAtMs: sinceMs,
    prepMinutes: 0,
    events: [],
    pickUpAt,
  };
  return computeEta({ order, position: null, door: null, pace }, null, nowMs)?.p50AtMs ?? nowMs;
}

function toDelivery(order: DataSet['orders'][number], { promiseMinutes }: World): Delivery {
  const { id, pickUpAt, dropOffAt, placedMinute, readyMinute } = order;
  const sinceMs = placedMinute * MINUTE_MS;
  const promisedAtMs = sinceMs + promiseMinutes * MINUTE_MS;
  return { id, pickUpAt, dropOffAt, sinceMs, readyAtMs: readyMinute * MINUTE_MS, promisedAtMs };
}

const TRAVEL = Travel.parse({});

function toRider({ id, at, onMinute, offMinute, vehicle = 'bicycle' }: DataSet['couriers'][number]): RiderOnShift {
  const onMs = onMinute * MINUTE_MS;
  return {
    id,
    start: { at, fromMs: onMs },
    stops: [],
    refuses: [],
    idleSinceMs: onMs,
    offMs: offMinute * MINUTE_MS,
    pace: computePace(TRAVEL, vehicle),
  };
}

const isOn = ({ idleSinceMs, stops, offMs }: RiderOnShift, nowMs: number): boolean =>
  nowMs < offMs && (idleSinceMs <= nowMs || stops.length > 0);

/** Moves a rider on to `nowMs`: records the finished stops; the rest of the ride starts at the current position. */
function advance(
  rider: RiderOnShift,
  nowMs: number,
  world: World,
  result: ReplayResult,
  estimates: Estimates,
): RiderOnShift {
  const { start, stops, pace } = rider;
  if (stops.length === 0) return start.fromMs >= nowMs ? rider : { ...rider, start: { at: start.at, fromMs: nowMs } };
  const timed = computeSchedule(start, stops, toRide(world.travel, pace), world.service).stops;
  const done = timed.filter((stop) => stop.doneAtMs <= nowMs);
  const last = done.at(-1);
  const after = last ? { at: getStopPlace(last), fromMs: last.doneAtMs } : start;
  recordStops(start.at, done, timed, world, result, estimates);
  const left = stops.slice(done.length);
  const [next] = left;
  if (!next) return { ...rider, stops: [], start: after, idleSinceMs: after.fromMs };
  const here = computePosition(after, getStopPlace(next), nowMs, pace, world.travel);
  result.meters += distanceMeters(after.at, here.at);
  return { ...rider, stops: left, start: here };
}

/** Returns the position at `nowMs` of a rider who started at `from`: the start, a point between, or the target. */
function computePosition(
  from: Rider['start'],
  to: Place,
  nowMs: number,
  pace: number,
  travel: TravelSeconds,
): Rider['start'] {
  const rideMs = travel(from.at, to) * pace * 1000;
  const share = rideMs === 0 ? 1 : Math.min(1, Math.max(0, (nowMs - from.fromMs) / rideMs));
  const at = {
    lat: from.at.lat + (to.lat - from.at.lat) * share,
    lng: from.at.lng + (to.lng - from.at.lng) * share,
  };
  return { at, fromMs: Math.max(from.fromMs, Math.min(nowMs, from.fromMs + rideMs)) };
}

function recordStops(
  from: Place,
  done: readonly Timed[],
  all: readonly Timed[],
  world: World,
  result: ReplayResult,
  estimates: Estimates,
): void {
  let at = from;
  for (const stop of done) {
    result.meters += distanceMeters(at, getStopPlace(stop));
    at = getStopPlace(stop);
    if (stop.type !== 'dropOff') continue;
    const { delivery, doneAtMs } = stop;
    const atDoorMs = doneAtMs - world.service.dropOffSeconds * 1000;
    result.clickToDoorMinutes.push((atDoorMs - delivery.sinceMs) / MINUTE_MS);
    const estimatedMs = estimates.get(delivery.id);
    if (estimatedMs !== undefined) result.etaErrorMinutes.push(Math.abs(atDoorMs - estimatedMs) / MINUTE_MS);
    result.lateMinutes.push(Math.max(0, atDoorMs - delivery.promisedAtMs) / MINUTE_MS);
  }
  const together = new Set(all.map((stop) => stop.delivery.id)).size > 1;
  if (together) result.stacked += done.filter((stop) => stop.type === 'dropOff').length;
}
