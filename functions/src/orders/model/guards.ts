import type { Fix, Move } from '../../contract/moves.js';
import type { Place } from '../../contract/common.js';
import type { Order, OrderEvent } from '../../contract/orders.js';
import type { ErrorReason } from '../../core/errors.js';
import { distanceMeters } from '../../core/geo.js';
import { accept, refuse, type Outcome } from '../../core/outcome.js';
import type { Actor, TransitionRequest, Facts } from './order-command.js';
import { PROMOTION_USED } from './effects.js';
import { atDoorMs, isAtCounter } from './delivery-promise.js';
import { isMoneyOpen, isUndecided } from './payment-intents.js';

/** Arrival at a stop, as the geofence has it. */
export const ARRIVED_METERS = 150;
/** So near the door that the customer had better come. */
export const IMMINENT_METERS = 80;
const CONTACTS_BEFORE_FAILURE = 2;
/** Calls in quick succession are one attempt. */
const BETWEEN_CONTACTS_MS = 60_000;
/** Wrong PINs after which the door stays shut, and wrong codes after which only the merchant hands over. */
export const MAX_WRONG_PINS = 5;

const MINUTE_MS = 60_000;

/** The conditions that a status alone does not say. */
export function guard({ order, command, actor, facts }: TransitionRequest): Outcome<null> {
  switch (command.action) {
    case 'pickUp':
      if (order.courierId === null) return refuse('COURIER_REQUIRED');
      // A merchant hands over to whom it sees, who has said so too; the courier proves to be at the right counter.
      return actor.role === 'courier'
        ? guardPickUp(order, command, facts)
        : check(isAtCounter(order), 'COURIER_REQUIRED');
    case 'deliver':
      return guardDelivery(order, command, facts);
    case 'collect':
      return actor.role === 'operator' ? accept(null) : guardPin(order, command.pin ?? '', facts);
    case 'assign':
      return check(order.courierId === null, 'COURIER_ASSIGNED');
    case 'unassign':
      return check(order.courierId !== null, 'COURIER_REQUIRED');
    case 'cancel':
      // Once the kitchen has accepted, an operator decides.
      return check(command.reason !== PROMOTION_USED || isBeforeKitchen(order, actor), 'MOVE_NOT_ALLOWED');
    case 'markReady':
      return check(order.edit === undefined, 'EDIT_PENDING');
    case 'authorize':
    case 'failPayment':
      return check(order.payment.status === 'deferred', 'MOVE_NOT_ALLOWED');
    case 'release':
      return check(order.payment.status !== 'deferred', 'PAYMENT_PENDING');
    case 'return':
      return actor.role === 'courier' ? guardFix(command.fix, order.pickUpAt, facts) : accept(null);
    case 'fail':
      return actor.role === 'operator' ? accept(null) : guardFailure(order, facts);
    case 'arrive':
      return guardArrival(order, command.fix, facts);
    case 'contact':
      return guardContact(order, facts);
    case 'restore':
      return guardRestore(order, facts);
    case 'settle':
      // Only what was put off is settled later; every other cancellation was settled when it was made.
      return check(order.due?.kind === 'settle', 'MOVE_NOT_ALLOWED');
    case 'payOut':
      if (order.due?.kind !== 'payOut') return refuse('MOVE_NOT_ALLOWED');
      return guardPayout(order, command);
    case 'complete':
      return guardPayout(order, command);
    default:
      return accept(null);
  }
}

/**
 * A payout waits until the provider has taken, or released, the money, and while a bank has not decided on it. Once that
 * decided against the order, the kitchen's pay waits for an operator by itself.
 */
function guardPayout({ payment }: Order, { taken = false }: { taken?: boolean }): Outcome<null> {
  if (isUndecided(payment)) return refuse('ORDER_DISPUTED');
  const isMoved = isMoneyOpen(payment)
    ? taken && payment.capturedMinor > 0
    : ['captured', 'voided', 'none'].includes(payment.status);
  return check(isMoved, 'PAYMENT_PENDING');
}

/** Any other party may give what reason it likes. */
const isBeforeKitchen = ({ status }: Order, { role }: Actor): boolean =>
  role !== 'system' || status === 'placed' || status === 'scheduled';

const check = (holds: boolean, reason: ErrorReason): Outcome<null> => (holds ? accept(null) : refuse(reason));

function guardPickUp(order: Order, move: Extract<Move, { action: 'pickUp' }>, facts: Facts): Outcome<null> {
  if ((order.wrongCodes ?? 0) >= MAX_WRONG_PINS) return refuse('CODE_LOCKED', { attempts: MAX_WRONG_PINS });
  if (move.code !== facts.pickUpCode) return refuse('CODE_WRONG');
  return guardFix(move.fix, order.pickUpAt, facts);
}

function guardDelivery(order: Order, move: Extract<Move, { action: 'deliver' }>, facts: Facts): Outcome<null> {
  const dropOff = facts.quote?.dropOff;
  if (!dropOff) return refuse('QUOTE_NOT_FOUND');
  const atDoor = guardFix(move.fix, dropOff, facts);
  if (!atDoor.ok) return atDoor;
  if (move.proof.type === 'photo') return facts.proofExists ? accept(null) : refuse('PROOF_NOT_FOUND');
  return guardPin(order, move.proof.pin, facts);
}

/** Four digits are soon guessed: after a few wrong ones only a photo, or an operator, ends the order. */
function guardPin(order: Order, pin: string, facts: Facts): Outcome<null> {
  if ((order.wrongPins ?? 0) >= MAX_WRONG_PINS) return refuse('PIN_LOCKED', { attempts: MAX_WRONG_PINS });
  return check(pin === facts.pin, 'PIN_WRONG');
}

function guardFix(fix: Fix | undefined, stop: Place, facts: Facts): Outcome<null> {
  if (!fix) return refuse('FIX_REQUIRED');
  const maxAgeMs = facts.limits.fixMaxAgeSeconds * 1000;
  // A phone's clock may run ahead: a fix from the near future is as good as one from the near past.
  if (Math.abs(facts.nowMs - fix.takenAtMs) > maxAgeMs) return refuse('FIX_TOO_OLD', { maxAgeMs });
  const meters = Math.round(distanceMeters(fix, stop));
  return meters <= ARRIVED_METERS ? accept(null) : refuse('TOO_FAR_FROM_STOP', { meters, maxMeters: ARRIVED_METERS });
}

/** Each geofence of a stop is told once, by each courier who comes to it. */
function guardArrival(order: Order, fix: Fix, facts: Facts): Outcome<null> {
  const stop = nextStop(order, facts);
  if (!stop) return refuse('QUOTE_NOT_FOUND');
  const there = guardFix(fix, stop, facts);
  if (!there.ok) return there;
  // An impossible arrival counts for nothing: the courier tells it again on coming there.
  const told = sinceTaken(order).filter((event) => event.action === 'arrive' && !event.review);
  const isNews = nearness(fix, stop) === 'here' ? !told.some((one) => one.reason === 'here') : told.length === 0;
  return check(isNews, 'ALREADY_TOLD');
}

/** `near` within the arrival's geofence, `here` within the inner one. */
export function nearness(fix: Fix, stop: Place): 'near' | 'here' {
  return distanceMeters(fix, stop) <= IMMINENT_METERS ? 'here' : 'near';
}

/** The counter until the food is picked up, then the door. */
export function nextStop(order: Order, { quote }: Pick<Facts, 'quote'>): Place | null {
  return isUnderWay(order) ? (quote?.dropOff ?? null) : order.pickUpAt;
}

const isUnderWay = ({ status }: Order): boolean => status === 'picked_up';
/** What happened on the present leg: since the courier took the order, or the food. */
function sinceTaken(order: Order): OrderEvent[] {
  const began = isUnderWay(order) ? 'pickUp' : 'assign';
  return order.events.slice(order.events.findLastIndex((event) => event.action === began) + 1);
}

function guardContact(order: Order, { nowMs }: Facts): Outcome<null> {
  if (atDoorMs(order) === undefined) return refuse('TOO_FAR_FROM_STOP');
  const last = sinceTaken(order).findLast((event) => event.action === 'contact');
  return check(!last || nowMs - last.atMs >= BETWEEN_CONTACTS_MS, 'TOO_EARLY');
}

/**
 * By the server's clock and count: the phone's word for it would be the courier's own. Nobody need be there before the slot
 * that was asked for.
 */
function guardFailure(order: Order, { nowMs, limits }: Facts): Outcome<null> {
  const contacts = sinceTaken(order).filter((event) => event.action === 'contact').length;
  const waitedMs = nowMs - Math.max(atDoorMs(order) ?? nowMs, order.scheduledForMs ?? 0);
  const tried = contacts >= CONTACTS_BEFORE_FAILURE && waitedMs >= limits.undeliverableMinutes * MINUTE_MS;
  const details = { minutes: limits.undeliverableMinutes, contacts: CONTACTS_BEFORE_FAILURE };
  return tried ? accept(null) : refuse('TOO_EARLY', details);
}

/** What the order is paid by must still stand; cash at the door and nothing to pay need no hold. */
const RESTORABLE: readonly Order['payment']['status'][] = ['authorized', 'none', 'cash'];

function guardRestore(order: Order, facts: Facts): Outcome<null> {
  const cancelled = order.events.at(-1);
  const openUntilMs = (cancelled?.atMs ?? 0) + facts.limits.restoreMinutes * MINUTE_MS;
  const holdStands = RESTORABLE.includes(order.payment.status);
  return order.due?.kind === 'settle' && holdStands && facts.nowMs <= openUntilMs ? accept(null) : refuse('HOLD_GONE');
}
