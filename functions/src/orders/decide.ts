import type { Cancellation, Fix, Move } from '../contract/callables.js';
import type { Place, Role } from '../contract/common.js';
import type {
  Due,
  Journal,
  LiableParty,
  MoneyEffect,
  Order,
  OrderEvent,
  OrderStatus,
  Payment,
  Quote,
} from '../contract/orders.js';
import type { SettlementScope } from '../contract/pricing.js';
import type { ZoneLimits } from '../contract/zones.js';
import type { Reason } from '../platform/errors.js';
import { accept, refuse, type Outcome } from '../platform/outcome.js';
import { settlementJournal, payoutJournal } from '../payments/ledger.js';
import { settle, type Settlement } from '../pricing/settle.js';
import { judgeCancellation, scopeByLiability, type Verdict } from './cancellation.js';
import { nextDue } from './due.js';
import { distanceMeters } from '../platform/geo.js';
import { stepsFor, type Step } from './order-state.js';

/** Arrival at a stop, as the geofence has it. Source: DOMAIN, "arrive 150 m". */
export const ARRIVED_METERS = 150;

const MINUTE_MS = 60_000;

/** Everything that can be asked of an order: the parties' moves and the backend's own. */
export type OrderCommand =
  | Move
  | ({ action: 'cancel' } & Cancellation)
  | { action: 'confirmPayment'; payment: Pick<Payment, 'status' | 'intentId' | 'authorizedMinor'> }
  | { action: 'assign' }
  /** Nobody answered in time. */
  | { action: 'reject'; reason: 'no_answer' }
  | { action: 'expire' | 'release' | 'remind' | 'escalate' | 'complete' | 'settle' };

export interface Actor {
  role: Role;
  /** Null for the system. */
  uid: string | null;
}

/** What a decision depends on besides the order. The shell reads only what the step needs. */
export interface Facts {
  nowMs: number;
  limits: ZoneLimits;
  /** Read for steps that settle money or end at a door. */
  quote: Quote | null;
  /** The PIN at the door or counter. */
  pin: string;
  /** Of the courier who answers an offer. */
  courierName: string | null;
  /** Does the photo named as proof exist? */
  proofExists: boolean;
}

export interface Moved {
  order: Order;
  event: OrderEvent;
  /** In the same commit, where money moves. */
  journal: Journal | null;
}

/** One step asked for, with all that it depends on. */
interface Asked {
  orderId: string;
  order: Order;
  command: OrderCommand;
  actor: Actor;
  /** What asked: applied at most once. */
  causeId: string;
  facts: Facts;
}

/** Decides one step. Pure: the shell stores what it answers. */
export function decide(asked: Asked): Outcome<Moved> {
  const { order, command, actor } = asked;
  const rows = stepsFor(order.status, command.action, order.kind);
  if (rows.length === 0) return refuse('MOVE_NOT_ALLOWED', { status: order.status, action: command.action });
  const row = chooseRow(rows, order, actor.role);
  if (!row) return refuse('ROLE_NOT_ALLOWED', { role: actor.role, action: command.action });
  const guarded = guard(asked);
  if (!guarded.ok) return guarded;
  const verdict = judge(asked);
  return verdict.ok ? accept(carryOut(asked, row, verdict.value)) : verdict;
}

/** One row, but for a confirmed payment: a slot makes the order wait. */
function chooseRow(rows: readonly Step[], order: Order, role: Role): Step | undefined {
  const to: OrderStatus | undefined =
    rows[0]?.action === 'confirmPayment' ? (order.scheduledForMs === null ? 'placed' : 'scheduled') : undefined;
  return rows.find((row) => row.by.includes(role) && (to === undefined || row.to === to));
}

/** The conditions that a status alone does not say. */
function guard({ order, command, actor, facts }: Asked): Outcome<null> {
  switch (command.action) {
    case 'pickUp':
      if (order.courierId === null) return refuse('COURIER_REQUIRED');
      // A merchant hands over to whom it sees; the courier proves to be at the right counter.
      return actor.role === 'courier' ? guardPickUp(order, command, facts) : accept(null);
    case 'deliver':
      return guardDelivery(command, facts);
    case 'collect':
      return check(command.pin === facts.pin, 'PIN_WRONG');
    case 'assign':
      return check(order.courierId === null, 'COURIER_ASSIGNED');
    case 'unassign':
      return check(order.courierId !== null, 'COURIER_REQUIRED');
    case 'fail':
      return guardFailure(command, actor, facts);
    case 'restore':
      return guardRestore(order, facts);
    case 'settle':
      // Only what was put off is settled later; every other cancellation was settled when it was made.
      return check(order.due?.kind === 'settle', 'MOVE_NOT_ALLOWED');
    case 'complete':
      // Nobody is paid out before the provider has said that it took the money.
      return check(order.payment.status === 'captured' || order.payment.status === 'none', 'PAYMENT_PENDING');
    default:
      return accept(null);
  }
}

const check = (holds: boolean, reason: Reason): Outcome<null> => (holds ? accept(null) : refuse(reason));

function guardPickUp(order: Order, move: Extract<Move, { action: 'pickUp' }>, facts: Facts): Outcome<null> {
  if (move.code !== order.code) return refuse('CODE_WRONG');
  return guardFix(move.fix, order.pickUpAt, facts);
}

function guardDelivery(move: Extract<Move, { action: 'deliver' }>, facts: Facts): Outcome<null> {
  const dropOff = facts.quote?.dropOff;
  if (!dropOff) return refuse('QUOTE_NOT_FOUND');
  const atDoor = guardFix(move.fix, dropOff, facts);
  if (!atDoor.ok) return atDoor;
  if (move.proof.type === 'photo') return facts.proofExists ? accept(null) : refuse('PROOF_NOT_FOUND');
  return move.proof.pin === facts.pin ? accept(null) : refuse('PIN_WRONG');
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

/** Who is liable and what is charged, for the steps where that is a question. */
function judge({ order, command, actor, facts }: Asked): Outcome<Verdict | null> {
  switch (command.action) {
    case 'cancel':
      return judgeCancellation(order, actor.role, command.liable, facts.nowMs, facts.limits);
    case 'return':
      return judgeReturn(order, command.liable ?? 'customer', actor);
    case 'settle':
      return accept(verdictOf(order));
    default:
      return accept(null);
  }
}

/** Only an operator may take the bill from the customer who was not there. */
function judgeReturn(order: Order, liable: LiableParty, actor: Actor): Outcome<Verdict> {
  if (liable !== 'customer' && actor.role !== 'operator') return refuse('ROLE_NOT_ALLOWED', { role: actor.role });
  return accept({ liable, scope: scopeByLiability(order, liable) });
}

/** The verdict that a cancellation recorded, when its money is moved later. */
function verdictOf(order: Order): Verdict {
  const cancelled = order.events.findLast((event) => event.action === 'cancel');
  const liable: LiableParty = cancelled?.liable ?? 'platform';
  return { liable, scope: cancelled?.scope ?? 'none' };
}

function carryOut(asked: Asked, row: Step, verdict: Verdict | null): Moved {
  const { order, facts } = asked;
  const deferred = isDeferred(asked);
  const settlement = deferred ? null : settlementOf(order, row, verdict, facts);
  const money = (settlement && moneyEffect(order, settlement)) ?? transferOf(row, facts);
  const event = eventOf(asked, row, verdict, money);
  const payment = money ? { payment: paymentAfter(order, money) } : {};
  const entered: Order = { ...order, ...payment, ...changes(asked), status: row.to, events: [...order.events, event] };
  const due: Due | null = deferred
    ? { kind: 'settle', atMs: facts.nowMs + facts.limits.restoreMinutes * MINUTE_MS }
    : nextDue(entered, enteredAtMs(entered), facts.nowMs, facts.limits);
  return { order: { ...entered, due }, event, journal: journalOf(asked, row, settlement) };
}

/** A merchant's or operator's cancellation keeps the hold for a while: until then an operator may restore the order. */
function isDeferred({ command, actor }: Asked): boolean {
  return command.action === 'cancel' && (actor.role === 'merchant' || actor.role === 'operator');
}

function settlementOf(order: Order, row: Step, verdict: Verdict | null, facts: Facts): Settlement | null {
  if (row.money === 'none' || row.money === 'transfer') return null;
  const scope: SettlementScope = row.money === 'captureAll' ? 'all' : (verdict?.scope ?? 'none');
  if (scope === 'none' || !facts.quote) return NOTHING;
  return settle(facts.quote.pricing, scope, order.courierId !== null);
}

const NOTHING: Settlement = {
  captureMinor: 0,
  split: { merchantMinor: 0, courierMinor: 0, platformMinor: 0, taxMinor: 0 },
};

/** Nothing to capture releases the whole hold; without an intent nothing is to be done at the provider. */
function moneyEffect(order: Order, settlement: Settlement): MoneyEffect | null {
  if (order.payment.status === 'none') return null;
  if (settlement.captureMinor === 0) return { type: 'void' };
  return { type: 'capture', amountMinor: settlement.captureMinor };
}

function transferOf(row: Step, facts: Facts): MoneyEffect | null {
  if (row.money !== 'transfer' || !facts.quote) return null;
  return { type: 'transfer', amountMinor: facts.quote.pricing.split.merchantMinor };
}

function paymentAfter(order: Order, money: MoneyEffect): Order['payment'] {
  switch (money.type) {
    case 'capture':
      return { ...order.payment, status: 'capturing', capturedMinor: money.amountMinor };
    case 'void':
      return { ...order.payment, status: 'voiding' };
    case 'transfer':
      return order.payment;
  }
}

function journalOf({ orderId, order, facts }: Asked, row: Step, settlement: Settlement | null): Journal | null {
  const parties = { orderId, ...order };
  if (row.money === 'transfer') return facts.quote && payoutJournal(parties, facts.quote.pricing.split, facts.nowMs);
  return settlement && settlementJournal(parties, settlement, facts.nowMs);
}

/** Nothing personal goes into an event: all parties of the order read it. */
function eventOf(asked: Asked, row: Step, verdict: Verdict | null, money: MoneyEffect | null): OrderEvent {
  const { order, command, actor, causeId, facts } = asked;
  const courierId = carrierNamed(asked);
  return {
    n: order.events.length + 1,
    action: row.action,
    from: row.from,
    to: row.to,
    by: actor.role,
    atMs: facts.nowMs,
    causeId,
    ...('reason' in command && { reason: command.reason }),
    ...(verdict && { liable: verdict.liable, scope: verdict.scope }),
    ...(money && { money }),
    ...(courierId && { courierId }),
  };
}

function carrierNamed({ order, command, actor }: Asked): string | null {
  if (command.action === 'assign') return actor.uid;
  return command.action === 'unassign' ? order.courierId : null;
}

/** The fields besides status, due and events that a step sets. */
function changes({ order, command, actor, facts }: Asked): Partial<Order> {
  switch (command.action) {
    case 'confirmPayment':
      return {
        payment: { ...order.payment, ...command.payment },
        promisedAtMs: promise(order, facts.nowMs, order.prepMinutes),
      };
    case 'accept': {
      const prepMinutes = command.prepMinutes ?? order.prepMinutes;
      const readyAtMs = facts.nowMs + prepMinutes * MINUTE_MS;
      return { prepMinutes, readyAtMs, promisedAtMs: promise(order, facts.nowMs, prepMinutes) };
    }
    case 'markReady':
      return { readyAtMs: facts.nowMs };
    case 'assign':
      return { courierId: actor.uid, courierName: facts.courierName };
    case 'unassign':
      return { courierId: null, courierName: null };
    case 'restore':
      // An order that was never accepted has no time yet: its promise, less the way, is when it must be ready.
      return {
        courierId: null,
        courierName: null,
        readyAtMs: order.readyAtMs ?? Math.max(facts.nowMs, order.promisedAtMs - order.travelSeconds * 1000),
      };
    case 'escalate': {
      const cooking = order.status === 'accepted' || order.status === 'preparing';
      // A late kitchen gives everyone a new time; the promise stays, since lateness is measured by it.
      return cooking ? { readyAtMs: facts.nowMs + facts.limits.readyOverdueMinutes * MINUTE_MS } : {};
    }
    default:
      return {};
  }
}

function promise(order: Order, nowMs: number, prepMinutes: number): number {
  return order.scheduledForMs ?? nowMs + prepMinutes * MINUTE_MS + order.travelSeconds * 1000;
}

/** When the order entered the status it is in. */
export function enteredAtMs(order: Order): number {
  return order.events.findLast((event) => event.from !== event.to)?.atMs ?? order.createdAtMs;
}
