import type { Fix } from '../../contract/moves.js';
import type { Place } from '../../contract/common.js';
import type { Order, OrderEvent } from '../../contract/orders.js';
import type { ErrorReason } from '../../core/errors.js';
import { distanceMeters } from '../../core/geo.js';
import { accept, refuse, type Outcome } from '../../core/outcome.js';
import type { Facts } from './order-command.js';
import { findRideStart, listRideEvents } from './delivery-promise.js';
import { isMoneyOpen, isUndecided } from './payment-intents.js';

/** The radius of the geofence of an arrival at a stop. */
export const ARRIVED_METERS = 150;
/** Wrong PINs after which the PIN is locked, and wrong codes after which only the merchant can hand the order over. */
export const MAX_WRONG_PINS = 5;

/** Refuses with the reason unless the condition holds. */
export function check(holds: boolean, reason: ErrorReason): Outcome<null> {
  return holds ? accept(null) : refuse(reason);
}

/** Refuses to hand an order with an age limit to a person whose ID was not checked. */
export const guardIdCheck = ({ ageLimit }: Order, idChecked: true | undefined): Outcome<null> =>
  ageLimit === undefined || idChecked ? accept(null) : refuse('ID_CHECK_REQUIRED', { ageLimit });

/** Returns the event's record of the check; orders without an age limit have none. */
export const toIdRecord = ({ ageLimit }: Order): Pick<OrderEvent, 'idChecked'> =>
  ageLimit === undefined ? {} : { idChecked: true };

/** Returns the first refusal of several conditions. */
export function firstRefusal(...conditions: readonly Outcome<null>[]): Outcome<null> {
  return conditions.find(({ ok }) => !ok) ?? accept(null);
}

/**
 * Checks the PIN. Four digits are quickly guessed: after a few wrong ones only a photo, or an operator, ends the order.
 */
export function guardPin(order: Order, pin: string, facts: Facts): Outcome<null> {
  if ((order.wrongPins ?? 0) >= MAX_WRONG_PINS) return refuse('PIN_LOCKED', { attempts: MAX_WRONG_PINS });
  return check(pin === facts.pin, 'PIN_WRONG');
}

/** Refuses a missing or old fix, and one that is too far from the stop. */
export function guardFix(fix: Fix | undefined, stop: Place, facts: Facts): Outcome<null> {
  if (!fix) return refuse('FIX_REQUIRED');
  const maxAgeMs = facts.limits.fixMaxAgeSeconds * 1000;
  // A phone's clock may be fast: a fix from the near future is as good as one from the near past.
  if (Math.abs(facts.nowMs - fix.takenAtMs) > maxAgeMs) return refuse('FIX_TOO_OLD', { maxAgeMs });
  return guardDistance(fix, stop);
}

/**
 * Refuses a fix that is too far from the stop, and one from before the current leg or from the future. For a step that a
 * phone recorded while it was offline: its fix was fresh then, and the position stream shows whether it agrees.
 */
export function guardRecordedFix(order: Order, fix: Fix, stop: Place, { nowMs, limits }: Facts): Outcome<null> {
  const maxAgeMs = limits.fixMaxAgeSeconds * 1000;
  const beganMs = findRideStart(order.events)?.atMs ?? nowMs;
  const isOfLeg = fix.takenAtMs >= beganMs - maxAgeMs && fix.takenAtMs <= nowMs + maxAgeMs;
  return isOfLeg ? guardDistance(fix, stop) : refuse('FIX_TOO_OLD', { maxAgeMs });
}

function guardDistance(fix: Fix, stop: Place): Outcome<null> {
  const meters = Math.round(distanceMeters(fix, stop));
  return meters <= ARRIVED_METERS ? accept(null) : refuse('TOO_FAR_FROM_STOP', { meters, maxMeters: ARRIVED_METERS });
}

/**
 * A payout waits until the provider has captured, or released, the money, and until a bank has decided on a dispute. If
 * the bank decided against the order, the kitchen's pay is held for an operator.
 */
export function guardPayout({ payment }: Order, { taken = false }: { taken?: boolean }): Outcome<null> {
  if (isUndecided(payment)) return refuse('ORDER_DISPUTED');
  const isMoved = isMoneyOpen(payment)
    ? taken && payment.capturedMinor > 0
    : ['captured', 'voided', 'none'].includes(payment.status);
  return check(isMoved, 'PAYMENT_PENDING');
}

/** Returns the counter until the food is picked up, then the door. */
export function findNextStop(order: Order, { quote }: Pick<Facts, 'quote'>): Place | null {
  return isUnderWay(order) ? (quote?.dropOff ?? null) : order.pickUpAt;
}

const isUnderWay = ({ status }: Order): boolean => status === 'picked_up';

/** Returns the events of the current leg: since the courier accepted the order, picked it up or took it over. */
export function listCurrentLegEvents(order: Order): OrderEvent[] {
  const { events } = order;
  if (isUnderWay(order)) return listRideEvents(events);
  return events.slice(events.findLastIndex(({ action }) => action === 'assign') + 1);
}
