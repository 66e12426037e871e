import type { Fix, Move } from '../contract/moves.js';
import type { Place } from '../contract/common.js';
import type { Order } from '../contract/orders.js';
import type { Reason } from '../platform/errors.js';
import { distanceMeters } from '../platform/geo.js';
import { accept, refuse, type Outcome } from '../platform/outcome.js';
import type { Actor, Asked, Facts } from './asked.js';

/** Arrival at a stop, as the geofence has it. */
export const ARRIVED_METERS = 150;
/** Wrong PINs after which the door stays shut. */
export const MAX_WRONG_PINS = 5;

const MINUTE_MS = 60_000;

/** The conditions that a status alone does not say. */
export function guard({ order, command, actor, facts }: Asked): Outcome<null> {
  switch (command.action) {
    case 'pickUp':
      if (order.courierId === null) return refuse('COURIER_REQUIRED');
      // A merchant hands over to whom it sees; the courier proves to be at the right counter.
      return actor.role === 'courier' ? guardPickUp(order, command, facts) : accept(null);
    case 'deliver':
      return guardDelivery(order, command, facts);
    case 'collect':
      return guardPin(order, command.pin, facts);
    case 'assign':
      return check(order.courierId === null, 'COURIER_ASSIGNED');
    case 'unassign':
      return check(order.courierId !== null, 'COURIER_REQUIRED');
    case 'markReady':
      return check(order.edit === undefined, 'EDIT_PENDING');
    case 'authorize':
    case 'failPayment':
      return check(order.payment.status === 'deferred', 'MOVE_NOT_ALLOWED');
    case 'release':
      return check(order.payment.status !== 'deferred', 'PAYMENT_PENDING');
    case 'fail':
      return guardFailure(command, actor, facts);
    case 'restore':
      return guardRestore(order, facts);
    case 'settle':
      // Only what was put off is settled later; every other cancellation was settled when it was made.
      return check(order.due?.kind === 'settle', 'MOVE_NOT_ALLOWED');
    case 'payOut':
      if (order.due?.kind !== 'payOut') return refuse('MOVE_NOT_ALLOWED');
      return guardPayout(order);
    case 'complete':
      return guardPayout(order);
    default:
      return accept(null);
  }
}

/** Nobody is paid out before the provider has said that it took, or released, the money. */
function guardPayout({ payment }: Order): Outcome<null> {
  return check(['captured', 'voided', 'none'].includes(payment.status), 'PAYMENT_PENDING');
}

const check = (holds: boolean, reason: Reason): Outcome<null> => (holds ? accept(null) : refuse(reason));

function guardPickUp(order: Order, move: Extract<Move, { action: 'pickUp' }>, facts: Facts): Outcome<null> {
  if (move.code !== order.code) return refuse('CODE_WRONG');
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

function guardFailure(move: Extract<Move, { action: 'fail' }>, actor: Actor, facts: Facts): Outcome<null> {
  if (actor.role === 'operator') return accept(null);
  const tried = move.contacts >= 2 && move.waitedMinutes >= facts.limits.undeliverableMinutes;
  return tried ? accept(null) : refuse('TOO_EARLY', { minutes: facts.limits.undeliverableMinutes, contacts: 2 });
}

function guardRestore(order: Order, facts: Facts): Outcome<null> {
  const cancelled = order.events.at(-1);
  const openUntilMs = (cancelled?.atMs ?? 0) + facts.limits.restoreMinutes * MINUTE_MS;
  const holdStands = order.payment.status === 'authorized' || order.payment.status === 'none';
  return order.due?.kind === 'settle' && holdStands && facts.nowMs <= openUntilMs ? accept(null) : refuse('HOLD_GONE');
}
