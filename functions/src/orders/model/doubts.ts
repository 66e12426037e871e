import type { Vehicle } from '../../contract/couriers.js';
import type { Doubt } from '../../contract/held-pays.js';
import type { Order } from '../../contract/orders.js';
import { isGeohashOf } from '../../core/geo.js';
import { computeAwayMeters, findDoubts, isImpossible } from './credibility.js';
import { findDoorArrivalMs, listRideEvents } from './delivery-promise.js';
import type { Facts } from './order-command.js';

/**
 * Lists the doubts about an arrival: at the door those of a delivery at this time; at the counter by the courier's place
 * at the acceptance and the last heartbeat.
 */
export function listArrivalDoubts(order: Order, facts: Facts): Doubt[] {
  return order.status === 'picked_up' ? rideDoubts(order, facts, facts.nowMs) : counterDoubts(order, facts);
}

function counterDoubts(order: Order, facts: Facts): Doubt[] {
  const { nowMs, limits } = facts;
  const assigned = order.events.findLast((event) => event.action === 'assign');
  const fastest = limits.credibility.fastestMetersPerSecond[order.courierVehicle ?? 'bicycle'];
  const isTooFast =
    assigned?.awayMeters !== undefined && isImpossible(assigned.awayMeters, nowMs - assigned.atMs, fastest);
  return [...(isTooFast ? (['speed'] as const) : []), ...presenceDoubts(order, facts, fastest)];
}

/**
 * The last heartbeat must be fresh, as the position stream at the door, and not too far from the counter. A geohash of
 * another place shows that the phone invents positions.
 */
function presenceDoubts({ pickUpAt }: Order, { presence, nowMs, limits }: Facts, fastest: number): Doubt[] {
  const { requiresStream, streamMaxMeters } = limits.credibility;
  const staleMs = limits.presenceStaleSeconds * 1000;
  if (!presence) return requiresStream ? ['position_missing'] : [];
  if (!isGeohashOf(presence.geohash, presence)) return ['position_far'];
  if (nowMs - presence.at > staleMs) return requiresStream ? ['position_stale'] : [];
  const isFresh = presence.at - nowMs <= staleMs;
  return isFresh && computeAwayMeters(presence, pickUpAt, nowMs, fastest) > streamMaxMeters ? ['position_far'] : [];
}

/** Lists the doubts about a return: the failure's, or those of the ride from the door to the counter. */
export function listReturnRideDoubts(order: Order, facts: Facts): Doubt[] {
  return isUnderReview(order) ? ['failure'] : returnDoubts(order, facts);
}

function returnDoubts(order: Order, { quote, nowMs, position, limits }: Facts): Doubt[] {
  if (!quote?.dropOff) return [];
  const failedAtMs = order.events.findLast((event) => event.action === 'fail')?.atMs ?? nowMs;
  const evidence = {
    pickUpAt: quote.dropOff,
    dropOff: order.pickUpAt,
    pickedUpAtMs: failedAtMs,
    endedAtMs: nowMs,
    atDoorMs: nowMs,
    vehicle: getFastestVehicle(order),
    position,
    photoSeen: false,
  };
  return findDoubts(evidence, limits.credibility);
}

/**
 * Lists the doubts about a delivery, and about a call at the door: the ride, the photo and the stream. `endedAtMs`: when
 * it happened, where that was before now.
 */
export function listEvidenceDoubts(order: Order, facts: Facts, endedAtMs = facts.nowMs): Doubt[] {
  return rideDoubts(order, facts, Math.min(findDoorArrivalMs(order) ?? endedAtMs, endedAtMs), endedAtMs);
}

function rideDoubts(
  order: Order,
  { quote, nowMs, position, photoSeen, limits }: Facts,
  atDoorMs: number,
  endedAtMs = nowMs,
): Doubt[] {
  if (!quote?.dropOff) return [];
  const pickedUpAtMs = order.events.findLast((event) => event.action === 'pickUp')?.atMs ?? nowMs;
  const { pickUpAt } = order;
  const evidence = {
    pickUpAt,
    dropOff: quote.dropOff,
    pickedUpAtMs,
    endedAtMs,
    atDoorMs,
    vehicle: getFastestVehicle(order),
    position,
    photoSeen,
  };
  return findDoubts(evidence, limits.credibility);
}

/** Returns the vehicle of the ride. Another courier, of a faster one, may have carried the food before a hand-over. */
function getFastestVehicle({ events, courierVehicle }: Order): Vehicle {
  return events.some(({ action }) => action === 'handOver') ? 'car' : (courierVehicle ?? 'bicycle');
}

/** Lists the doubts about a failed delivery: those of a delivery, and whether the courier waited. */
export function listFailureDoubts(order: Order, facts: Facts): Doubt[] {
  return [...listEvidenceDoubts(order, facts), ...(hasWaited(order, facts) ? [] : (['waiting'] as const))];
}

/** A courier who arrives at the door calls within this time. */
const CALLS_WITHIN_MS = 3 * 60_000;

/** True where the courier was located at the door, at a call, about as long ago as a delivery must be tried. */
function hasWaited({ events }: Order, { nowMs, limits }: Facts): boolean {
  if (!limits.credibility.requiresStream) return true;
  const seen = listRideEvents(events).find((event) => event.action === 'contact' && !event.review);
  return seen !== undefined && nowMs - seen.atMs >= limits.undeliverableMinutes * 60_000 - CALLS_WITHIN_MS;
}

/** True where the failure of the delivery is not credible: only an operator decides who pays for the return. */
export function isUnderReview({ status, events }: Pick<Order, 'status' | 'events'>): boolean {
  return status === 'undeliverable' && events.findLast((event) => event.action === 'fail')?.review === true;
}
