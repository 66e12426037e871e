import type { Place } from '../../contract/common.js';
import type { Order } from '../../contract/orders.js';
import type { EtaTable, RideRatio } from '../../contract/tracking.js';
import { distanceMeters } from '../../core/geo.js';
import { lookUp } from '../../core/look-up.js';

/** The facts on which an arrival depends. `position` and `door` are known once the courier is riding to the door. */
export interface EtaFacts {
  order: Pick<Order, 'status' | 'readyAtMs' | 'travelSeconds' | 'createdAtMs' | 'prepMinutes' | 'events' | 'pickUpAt'>;
  position: Place | null;
  door: Place | null;
  /** The factor by which the courier's vehicle takes longer than quoted: see core/travel.ts. */
  pace: number;
}

export interface Eta {
  p50AtMs: number;
  p90AtMs: number;
}

/** When an order arrives, and what decides who may know it. */
export interface SeenRide extends Pick<Order, 'customerId' | 'courierId' | 'restaurantId' | 'status'> {
  /** Null for an order that is not being delivered. */
  eta: Eta | null;
  asOfMs: number;
}

/** The courier's time from the counter to the departure. */
const HAND_OVER_MS = 120_000;
/** Without data: a ride takes as long as quoted, one in ten a good third longer. */
export const UNLEARNED: RideRatio = { p50: 1, p90: 1.35, rides: 0 };

/**
 * Computes when the order arrives at the door: the median, and the 90th percentile. Null when it is not being
 * delivered.
 */
export function computeEta(facts: EtaFacts, table: EtaTable | null, nowMs: number): Eta | null {
  const { order, pace } = facts;
  const ratio = lookUp(table?.hours, String(new Date(nowMs).getUTCHours())) ?? table?.all ?? UNLEARNED;
  const rideMs = order.travelSeconds * 1000 * pace;
  if (['placed', 'accepted', 'preparing', 'ready'].includes(order.status)) {
    const readyAtMs = order.readyAtMs ?? order.createdAtMs + order.prepMinutes * 60_000;
    const leavesAtMs = Math.max(nowMs, readyAtMs) + HAND_OVER_MS;
    return at(leavesAtMs, rideMs, ratio);
  }
  return order.status === 'picked_up' ? at(nowMs, rideLeftMs(facts, rideMs, nowMs), ratio) : null;
}

const at = (fromMs: number, rideMs: number, { p50, p90 }: RideRatio): Eta => ({
  p50AtMs: Math.round(fromMs + rideMs * p50),
  p90AtMs: Math.round(fromMs + rideMs * p90),
});

/** The quoted ride in proportion to the remaining distance; without a position, the rest of its time. */
function rideLeftMs({ order, position, door }: EtaFacts, rideMs: number, nowMs: number): number {
  if (position && door) {
    const wayMeters = distanceMeters(order.pickUpAt, door);
    // From a kitchen next door any detour would be a multiple of the distance.
    return wayMeters === 0 ? 0 : rideMs * Math.min(1.5, distanceMeters(position, door) / wayMeters);
  }
  const pickedUpMs = order.events.findLast((event) => event.action === 'pickUp')?.atMs ?? nowMs;
  return Math.max(0, pickedUpMs + rideMs - nowMs);
}

/** An hour has its own values once it has this many rides. */
const RIDES_FOR_AN_HOUR = 20;

/** The fields of an order about its ride. */
type RideOrder = Pick<Order, 'events' | 'travelSeconds'> & { pace: number };

/** Computes the table from delivered orders: the actual duration of each ride over the expected one. */
export function computeEtaTable(orders: readonly RideOrder[], nowMs: number): EtaTable {
  const rides = orders.flatMap((order) => toRide(order) ?? []);
  const byHour = Array.from({ length: 24 }, (_, hour) => rides.filter((ride) => ride.hour === hour));
  const hours = [...byHour.entries()].filter(([, some]) => some.length >= RIDES_FOR_AN_HOUR);
  return {
    all: computeRatio(rides),
    hours: Object.fromEntries(hours.map(([hour, some]) => [String(hour), computeRatio(some)])),
    updatedAtMs: nowMs,
  };
}

interface Ride {
  hour: number;
  ratio: number;
}

function toRide({ events, travelSeconds, pace }: RideOrder): Ride | null {
  const pickedUpMs = events.findLast((event) => event.action === 'pickUp')?.atMs;
  const deliveredMs = events.findLast((event) => event.action === 'deliver')?.atMs;
  // Of a ride that two couriers shared, neither's pace is known.
  if (events.some(({ action }) => action === 'handOver')) return null;
  if (pickedUpMs === undefined || deliveredMs === undefined || travelSeconds === 0) return null;
  const hour = new Date(pickedUpMs).getUTCHours();
  return { hour, ratio: (deliveredMs - pickedUpMs) / (travelSeconds * 1000 * pace) };
}

function computeRatio(rides: readonly Ride[]): RideRatio {
  if (rides.length === 0) return UNLEARNED;
  const sorted = rides.map(({ ratio }) => ratio).toSorted((a, b) => a - b);
  const quantile = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 1;
  return { p50: quantile(0.5), p90: quantile(0.9), rides: rides.length };
}
