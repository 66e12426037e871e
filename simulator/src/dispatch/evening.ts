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

/** Who carries what, asked once a window. */
export type Policy = (open: readonly Delivery[], riders: readonly Rider[], nowMs: number) => MatchResult;

export interface World {
  /** By bicycle. */
  travel: TravelSeconds;
  service: Service;
  windowSeconds: number;
  /** Deliveries are handed to the policy so long before they are ready. */
  lookAheadMinutes: number;
  /** From the order to the door, as the customer was told. */
  promiseMinutes: number;
}

export interface Evening {
  clickToDoorMinutes: number[];
  lateMinutes: number[];
  /** How far off the customer's estimate was that was given when a courier was found: later or sooner. */
  etaErrorMinutes: number[];
  undelivered: number;
  meters: number;
  /** Deliveries that shared their way with another. */
  stacked: number;
  /** The longest that one window's matching took. */
  slowestMatchMs: number;
}

const MINUTE_MS = 60_000;

interface OnRoad extends Rider {
  offMs: number;
}

/** Lives through a data set, window by window, under a policy. */
export function liveThrough(dataSet: DataSet, policy: Policy, world: World): Evening {
  const evening: Evening = {
    clickToDoorMinutes: [],
    lateMinutes: [],
    etaErrorMinutes: [],
    undelivered: 0,
    meters: 0,
    stacked: 0,
    slowestMatchMs: 0,
  };
  const told: Told = new Map();
  const waiting = dataSet.orders.map((one) => deliveryOf(one, world)).sort((a, b) => a.sinceMs - b.sinceMs);
  let riders = dataSet.couriers.map(riderOf);
  const endMs = Math.max(...riders.map((one) => one.offMs), ...waiting.map((one) => one.readyAtMs));
  for (let nowMs = 0; nowMs <= endMs; nowMs += world.windowSeconds * 1000) {
    riders = riders.map((rider) => advance(rider, nowMs, world, evening, told));
    const open = waiting.filter(
      (one) => one.sinceMs <= nowMs && one.readyAtMs - world.lookAheadMinutes * MINUTE_MS <= nowMs,
    );
    if (open.length === 0) continue;
    const onShift = riders.filter((rider) => rider.start.fromMs <= rider.offMs && isOn(rider, nowMs));
    const begun = performance.now();
    const { matches } = policy(open, onShift, nowMs);
    evening.slowestMatchMs = Math.max(evening.slowestMatchMs, performance.now() - begun);
    for (const { deliveryId, riderId, stops } of matches) {
      const [delivery] = waiting.splice(
        waiting.findIndex((one) => one.id === deliveryId),
        1,
      );
      const pace = riders.find((rider) => rider.id === riderId)?.pace ?? 1;
      if (delivery) told.set(deliveryId, estimate(delivery, nowMs, world, pace));
      riders = riders.map((rider) => (rider.id === riderId ? { ...rider, stops } : rider));
    }
  }
  for (const rider of riders) advance(rider, Infinity, world, evening, told);
  return { ...evening, undelivered: waiting.length };
}

/** When the customers were told to expect what a courier was found for. */
type Told = Map<string, number>;

/** As the backend estimates it for an order in the kitchen. */
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

function deliveryOf(order: DataSet['orders'][number], { promiseMinutes }: World): Delivery {
  const { id, pickUpAt, dropOffAt, placedMinute, readyMinute } = order;
  const sinceMs = placedMinute * MINUTE_MS;
  const promisedAtMs = sinceMs + promiseMinutes * MINUTE_MS;
  return { id, pickUpAt, dropOffAt, sinceMs, readyAtMs: readyMinute * MINUTE_MS, promisedAtMs };
}

const TRAVEL = Travel.parse({});

function riderOf({ id, at, onMinute, offMinute, vehicle = 'bicycle' }: DataSet['couriers'][number]): OnRoad {
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

const isOn = ({ idleSinceMs, stops, offMs }: OnRoad, nowMs: number): boolean =>
  nowMs < offMs && (idleSinceMs <= nowMs || stops.length > 0);

/** Rides on until now: what is done is noted, and the rest begins where the rider is. */
function advance(rider: OnRoad, nowMs: number, world: World, evening: Evening, told: Told): OnRoad {
  const { start, stops, pace } = rider;
  if (stops.length === 0) return start.fromMs >= nowMs ? rider : { ...rider, start: { at: start.at, fromMs: nowMs } };
  const timed = computeSchedule(start, stops, toRide(world.travel, pace), world.service).stops;
  const done = timed.filter((stop) => stop.doneAtMs <= nowMs);
  const last = done.at(-1);
  const after = last ? { at: getStopPlace(last), fromMs: last.doneAtMs } : start;
  note(start.at, done, timed, world, evening, told);
  const left = stops.slice(done.length);
  const [next] = left;
  if (!next) return { ...rider, stops: [], start: after, idleSinceMs: after.fromMs };
  const here = onTheWay(after, getStopPlace(next), nowMs, pace, world.travel);
  evening.meters += distanceMeters(after.at, here.at);
  return { ...rider, stops: left, start: here };
}

/** Where somebody is who set out so: at the start, under way, or there. */
function onTheWay(from: Rider['start'], to: Place, nowMs: number, pace: number, travel: TravelSeconds): Rider['start'] {
  const rideMs = travel(from.at, to) * pace * 1000;
  const share = rideMs === 0 ? 1 : Math.min(1, Math.max(0, (nowMs - from.fromMs) / rideMs));
  const at = {
    lat: from.at.lat + (to.lat - from.at.lat) * share,
    lng: from.at.lng + (to.lng - from.at.lng) * share,
  };
  return { at, fromMs: Math.max(from.fromMs, Math.min(nowMs, from.fromMs + rideMs)) };
}

function note(
  from: Place,
  done: readonly Timed[],
  all: readonly Timed[],
  world: World,
  evening: Evening,
  told: Told,
): void {
  let at = from;
  for (const stop of done) {
    evening.meters += distanceMeters(at, getStopPlace(stop));
    at = getStopPlace(stop);
    if (stop.type !== 'dropOff') continue;
    const { delivery, doneAtMs } = stop;
    const atDoorMs = doneAtMs - world.service.dropOffSeconds * 1000;
    evening.clickToDoorMinutes.push((atDoorMs - delivery.sinceMs) / MINUTE_MS);
    const toldMs = told.get(delivery.id);
    if (toldMs !== undefined) evening.etaErrorMinutes.push(Math.abs(atDoorMs - toldMs) / MINUTE_MS);
    evening.lateMinutes.push(Math.max(0, atDoorMs - delivery.promisedAtMs) / MINUTE_MS);
  }
  const together = new Set(all.map((stop) => stop.delivery.id)).size > 1;
  if (together) evening.stacked += done.filter((stop) => stop.type === 'dropOff').length;
}
