import type { Doubt } from '../../contract/held-pays.js';
import type { Order } from '../../contract/orders.js';
import type { SettlementScope } from '../../contract/pricing.js';
import type { Settlement } from '../../pricing/settle.js';
import type { TransitionRequest } from './order-command.js';
import { findDoubts, isImpossible } from './credibility.js';
import { atDoorMs, isAtCounter } from './delivery-promise.js';

/** Why the pays of an order's settlement wait for an operator; an empty list: that one does not. */
export interface Waiting {
  courier: readonly Doubt[];
  kitchen: readonly Doubt[];
}

export const NOBODY_WAITS: Waiting = { courier: [], kitchen: [] };

/** The customer is not charged in these. */
const AT_PLATFORM_COST: readonly SettlementScope[] = ['platformPaysKitchen', 'platformPaysCourier'];

/**
 * Which pays of a settlement wait. What the platform would pay for an order that its customer does not pay, or not as much
 * of, waits unless an operator decided so: a kitchen and a customer who are friends could make any number of such orders.
 * The courier's pay waits besides where the `doubts` speak against this step, and where the order ended before the courier
 * was seen at work.
 */
export function findWaiting(asked: TransitionRequest, scope: SettlementScope, settlement: Settlement, doubts: readonly Doubt[]): Waiting {
  const { courierMinor, merchantMinor } = settlement.split;
  const isDecided = isOperatorsWord(asked);
  const unpaidIf = (isUnpaid: boolean): Doubt[] => (isUnpaid && !isDecided ? unpaidDoubts(asked) : []);
  const isFree = AT_PLATFORM_COST.includes(scope);
  // The food, once it is on its way, is no word of the courier's: a ride with it is judged by its own evidence.
  const isRideShort = !isPickedUp(asked.order) && isShort(asked, settlement, merchantMinor + courierMinor);
  const idle: Doubt[] = isDecided || hasSetOut(asked.order) ? [] : ['not_at_counter'];
  return {
    courier: courierMinor > 0 ? [...doubts, ...unpaidIf(isFree || isRideShort), ...idle] : [],
    // Nobody says that the food reached anybody: the kitchen may have handed it to nobody.
    kitchen: merchantMinor > 0 ? [...doubts.filter((doubt) => doubt === 'presumed'), ...unpaidIf(isFree || isShort(asked, settlement, merchantMinor))] : [],
  };
} // prettier-ignore

/** Steps by which the food reaches the customer, whatever the customer pays for it: a coupon may leave nothing to pay. */
const FULFILS: readonly TransitionRequest['command']['action'][] = ['deliver', 'collect', 'presumeDelivered'];

/** Does an order end without the food for its customer, who pays, in money and credit, less than others earn by it? */
function isShort({ command }: TransitionRequest, { captureMinor, creditMinor }: Settlement, earnedMinor: number): boolean {
  return !FULFILS.includes(command.action) && captureMinor + creditMinor < earnedMinor;
} // prettier-ignore

const isPickedUp = ({ events }: Order): boolean => events.some((event) => event.action === 'pickUp');

/** Anyone can accept an offer: who came to the counter, or left it with the food, is known to have ridden. */
function hasSetOut(order: Order): boolean {
  return isAtCounter(order) || isPickedUp(order);
}

function unpaidDoubts({ facts }: TransitionRequest): Doubt[] {
  return facts.conflict ? ['unpaid', 'conflict'] : ['unpaid'];
}

/** Said now, or by the cancellation that is settled now. */
function isOperatorsWord({ actor, command, order }: TransitionRequest): boolean {
  if (actor.role === 'operator') return true;
  return command.action === 'settle' && order.events.findLast(({ action }) => action === 'cancel')?.by === 'operator';
}

/**
 * What speaks against a step that says how a delivery ended: the evidence of a delivery and of a failed one, none at all of
 * one that is presumed, of a return the failure's or those of the way back. Of an arrival at the counter its speed.
 */
export function doubtsOn({ order, command, actor, facts }: TransitionRequest): Doubt[] {
  if (actor.role === 'operator') return [];
  switch (command.action) {
    case 'deliver':
    case 'contact':
      return evidenceDoubts(order, facts);
    case 'fail':
      return [...evidenceDoubts(order, facts), ...(hasWaited(order, facts) ? [] : (['waiting'] as const))];
    case 'presumeDelivered':
      return ['presumed'];
    case 'arrive':
      return arrivalDoubts(order, facts);
    case 'return':
      return isUnderReview(order) ? ['failure'] : returnDoubts(order, facts);
    default:
      return [];
  }
}

/** At the door the steps that follow are judged by it. Of the counter: from where the courier was when taking the order. */
function arrivalDoubts(order: Order, { nowMs, limits }: TransitionRequest['facts']): Doubt[] {
  if (order.status === 'picked_up') return [];
  const assigned = order.events.findLast((event) => event.action === 'assign');
  if (assigned?.awayMeters === undefined) return [];
  const fastest = limits.credibility.fastestMetersPerSecond[order.courierVehicle ?? 'bicycle'];
  return isImpossible(assigned.awayMeters, nowMs - assigned.atMs, fastest) ? ['speed'] : [];
}

/** The way back, from the failure at the door to the counter. */
function returnDoubts(order: Order, { quote, nowMs, position, limits }: TransitionRequest['facts']): Doubt[] {
  if (!quote?.dropOff) return [];
  const failedAtMs = order.events.findLast((event) => event.action === 'fail')?.atMs ?? nowMs;
  const evidence = {
    pickUpAt: quote.dropOff, dropOff: order.pickUpAt, pickedUpAtMs: failedAtMs, endedAtMs: nowMs, atDoorMs: nowMs,
    vehicle: order.courierVehicle ?? 'bicycle', position, photoSeen: false,
  }; // prettier-ignore
  return findDoubts(evidence, limits.credibility);
}

function evidenceDoubts(
  order: Order,
  { quote, nowMs, position, photoSeen, limits }: TransitionRequest['facts'],
): Doubt[] {
  if (!quote?.dropOff) return [];
  const pickedUpAtMs = order.events.findLast((event) => event.action === 'pickUp')?.atMs ?? nowMs;
  const { pickUpAt, courierVehicle } = order;
  const evidence = {
    pickUpAt, dropOff: quote.dropOff, pickedUpAtMs, endedAtMs: nowMs, atDoorMs: atDoorMs(order) ?? nowMs,
    vehicle: courierVehicle ?? 'bicycle', position, photoSeen,
  }; // prettier-ignore
  return findDoubts(evidence, limits.credibility);
}

/** A courier who comes to the door calls within so long. */
const CALLS_WITHIN_MS = 3 * 60_000;

/** Was the courier seen at the door, at a call, about as long ago as a delivery takes to be given up? */
function hasWaited({ events }: Order, { nowMs, limits }: TransitionRequest['facts']): boolean {
  if (!limits.credibility.requiresStream) return true;
  const pickedUp = events.findLastIndex((event) => event.action === 'pickUp');
  const seen = events.slice(pickedUp + 1).find((event) => event.action === 'contact' && !event.review);
  return seen !== undefined && nowMs - seen.atMs >= limits.undeliverableMinutes * 60_000 - CALLS_WITHIN_MS;
}

/** The delivery failed in a way that is not credible: only an operator says who pays for the return. */
export function isUnderReview({ status, events }: Pick<Order, 'status' | 'events'>): boolean {
  return status === 'undeliverable' && events.findLast((event) => event.action === 'fail')?.review === true;
}
