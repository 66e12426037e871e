import type { Place } from '../../contract/common.js';
import type { Courier } from '../../contract/couriers.js';
import type { MatchDecision, MatchFacts, MatchOutcome, Search } from '../../contract/dispatch.js';
import type { Order } from '../../contract/orders.js';
import type { Zone, ZoneLimits } from '../../contract/zones.js';
import { isConflicted } from '../../abuse/model/parties.js';
import { toAccountId } from '../../ledger/model/account-id.js';
import { toQuotedTravel, computePace, rideSeconds } from '../../core/travel.js';
import { toCashTerms, fitsFloat } from './eligibility.js';
import { matchDeliveries, WEIGHTS, type MatchResult } from './match.js';
import type { Delivery, Stop, TravelSeconds } from './route.js';

/** An order without a courier and without an open offer. */
export interface WaitingOrder {
  orderId: string;
  order: Order;
  /** Null before its first offer ended. */
  search: Search | null;
}

/** A courier who may get an offer; `carries` are the orders under way. */
export interface Candidate {
  uid: string;
  courier: Courier;
  carries: readonly Carried[];
}

export interface Carried {
  orderId: string;
  order: Order;
  dropOffAt: Place;
}

const SERVICE = { pickUpSeconds: 120, dropOffSeconds: 120 };

/** Returns the number of the order's next wave of offers; the first is 1. */
export const getWave = ({ search }: WaitingOrder): number => search?.wave ?? 1;

/**
 * Lists the couriers who had an offer for the order or returned it, by the ids of their ledger accounts. None of them
 * gets another offer.
 */
export function listTriedCouriers({ order, search }: WaitingOrder): string[] {
  const gaveBack = order.events.flatMap(({ action, courierId }) =>
    action === 'unassign' && courierId !== undefined ? [toAccountId(courierId)] : [],
  );
  return [...gaveBack, ...Object.keys(search?.asked ?? {})];
}

/** Computes how many couriers get an offer at once: several after repeated declines. */
export function countConcurrentOffers(waiting: WaitingOrder, limits: ZoneLimits): number {
  return getWave(waiting) > limits.declinesBeforeParallel ? limits.parallelOffers : 1;
}

/** Builds the matcher's input. `doors` holds the drop-offs of those orders that may share a courier's route. */
export function buildMatchFacts(
  waiting: readonly WaitingOrder[],
  candidates: readonly Candidate[],
  doors: ReadonlyMap<string, Place>,
  nowMs: number,
  zone: Zone,
): MatchFacts {
  const { courierCapacity, detourMinutes } = zone.limits;
  return {
    nowMs,
    deliveries: waiting.map(({ orderId, order }) => toDelivery(orderId, order, doors.get(orderId))),
    riders: candidates.flatMap(({ uid, courier, carries }) => {
      if (courier.presence === null) return [];
      const { lat, lng } = courier.presence;
      const refuses = waiting.filter((one) => isRuledOut(one, uid, courier, zone));
      return {
        id: uid,
        start: { at: { lat, lng }, fromMs: nowMs },
        stops: carries.flatMap(listStops),
        refuses: refuses.map(({ orderId }) => orderId),
        idleSinceMs: courier.idleSinceMs ?? nowMs,
        pace: computePace(zone.travel, courier.vehicle),
      };
    }),
    weights: WEIGHTS,
    limits: { capacity: courierCapacity, detourSeconds: detourMinutes * 60 },
    service: SERVICE,
    travel: toQuotedTravel(zone.travel),
  };
}

/** True where the courier already had an offer, has no room for the cash, or is not a distinct party of the order. */
export function isRuledOut(one: WaitingOrder, uid: string, courier: Courier, zone: Zone): boolean {
  return (
    listTriedCouriers(one).includes(toAccountId(uid)) ||
    !hasFloat(courier, one.order, zone) ||
    isConflicted(one.order, uid, courier)
  );
}

function hasFloat(courier: Courier, order: Order, zone: Zone): boolean {
  const cash = toCashTerms(order, zone);
  return cash === null || fitsFloat(courier, cash);
}

/**
 * A courier with a single order rides from the counter to its door: where the door is not known, the delivery's place
 * is the counter, and the quoted ride is added from there.
 */
function toDelivery(id: string, order: Order, dropOffAt: Place | undefined): Delivery {
  const { pickUpAt, createdAtMs, promisedAtMs, travelSeconds } = order;
  const readyAtMs = order.readyAtMs ?? createdAtMs;
  return {
    id,
    pickUpAt,
    dropOffAt: toPlace(dropOffAt ?? pickUpAt),
    readyAtMs,
    sinceMs: createdAtMs,
    promisedAtMs,
    ...(!dropOffAt && { onwardSeconds: travelSeconds }),
  };
}

const toPlace = ({ lat, lng }: Place): Place => ({ lat, lng });

function listStops({ orderId, order, dropOffAt }: Carried): Stop[] {
  const delivery = toDelivery(orderId, order, dropOffAt);
  const door: Stop = { type: 'dropOff', delivery };
  return order.status === 'picked_up' ? [door] : [{ type: 'pickUp', delivery }, door];
}

/** The number of a delivery's cheapest options that are stored with a decision. */
const KEPT_OPTIONS = 5;

/** Decides the matches, at most one offer per courier. Pure: a stored decision is verified by running it again. */
export function decideMatches(facts: MatchFacts): { outcome: MatchOutcome; result: MatchResult } {
  const travel: TravelSeconds = (from, to) => rideSeconds(from, to, facts.travel);
  const result = matchDeliveries({ ...facts, rounds: 1 }, travel);
  const matches = result.matches.map(({ deliveryId, riderId, score, stops }) => ({
    deliveryId,
    riderId,
    score,
    stops: stops.map(({ type, delivery }) => `${type} ${delivery.id}`),
  }));
  const options = facts.deliveries.flatMap(({ id }) => listCheapestOptions(result, id).slice(0, KEPT_OPTIONS));
  return { outcome: { matches, unmatched: result.unmatched, options }, result };
}

function listCheapestOptions({ options }: MatchResult, deliveryId: string): MatchResult['options'] {
  const own = options.filter((one) => one.deliveryId === deliveryId);
  return own.toSorted((a, b) => a.score - b.score || (a.riderId < b.riderId ? -1 : 1));
}

/**
 * Replaces the couriers' uids for storage: by their position in the order of their uids and the ids of their ledger
 * accounts, so that a stored decision names no erased person. The order of the names is that of the uids, hence the
 * same input still gives the same result.
 */
export function replaceUids<T extends Pick<MatchDecision, 'input' | 'result'>>(decision: T): T {
  const { input, result } = decision;
  const uids = input.riders.map(({ id }) => id).toSorted();
  const names = new Map(uids.map((uid, place) => [uid, `${String(place).padStart(4, '0')}-${toAccountId(uid)}`]));
  const renamed = <P extends { riderId: string }>(pair: P): P => ({ ...pair, riderId: names.get(pair.riderId) ?? '-' });
  return {
    ...decision,
    input: { ...input, riders: input.riders.map((rider) => ({ ...rider, id: names.get(rider.id) ?? '-' })) },
    result: { ...result, matches: result.matches.map(renamed), options: result.options.map(renamed) },
  };
}

/** True where the stored input still gives the stored result. Both are in the order of their schema. */
export function isReproducible({ input, result }: Pick<MatchDecision, 'input' | 'result'>): boolean {
  return JSON.stringify(decideMatches(input).outcome) === JSON.stringify(result);
}

/**
 * Selects the couriers for each order: its match, and after many declines the next best who are not matched otherwise.
 */
export function selectCouriers(
  waiting: readonly WaitingOrder[],
  result: MatchResult,
  limits: ZoneLimits,
): Map<string, string[]> {
  const taken = new Set(result.matches.map(({ riderId }) => riderId));
  const peers = new Map(result.matches.map(({ deliveryId, riderId }) => [deliveryId, [riderId]]));
  for (const one of waiting) {
    const asked = peers.get(one.orderId);
    if (!asked) continue;
    for (const { riderId } of listCheapestOptions(result, one.orderId)) {
      if (asked.length >= countConcurrentOffers(one, limits)) break;
      if (taken.has(riderId)) continue;
      taken.add(riderId);
      asked.push(riderId);
    }
  }
  return peers;
}
