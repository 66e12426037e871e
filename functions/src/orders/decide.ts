import type { Role } from '../contract/common.js';
import type { Due, Journal, LiableParty, MoneyEffect, Order, OrderEvent, OrderStatus } from '../contract/orders.js';
import type { SettlementScope } from '../contract/pricing.js';
import { payoutJournal, settlementJournal } from '../payments/ledger.js';
import { accept, refuse, type Outcome } from '../platform/outcome.js';
import { settle, type Settlement } from '../pricing/settle.js';
import type { Actor, Asked, Facts, Moved } from './asked.js';
import { judgeCancellation, scopeByLiability, type Verdict } from './cancellation.js';
import { nextDue } from './due.js';
import { guard } from './guards.js';
import { stepsFor, type Step } from './order-state.js';

const MINUTE_MS = 60_000;

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
    : nextDue({ ...entered, escalations: escalationsOf(entered) }, enteredAtMs(entered), facts.nowMs, facts.limits);
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

/** How often it was escalated in the status it is in. */
function escalationsOf({ events }: Order): number {
  const entered = events.findLastIndex((event) => event.from !== event.to);
  return events.slice(entered + 1).filter((event) => event.action === 'escalate').length;
}

/** When the order entered the status it is in. */
export function enteredAtMs(order: Order): number {
  return order.events.findLast((event) => event.from !== event.to)?.atMs ?? order.createdAtMs;
}
