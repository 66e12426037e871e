import { afterOpenTime } from '../../hours/open-time.js';
import type { Role } from '../../contract/common.js';
import {
  STAFFED_STATUSES,
  type Due,
  type Journal,
  type Late,
  type LiableParty,
  type MoneyEffect,
  type Order,
  type OrderEvent,
  type OrderStatus,
} from '../../contract/orders.js';
import type { SettlementScope } from '../../contract/pricing.js';
import { isSold, saleOf } from '../../ledger/model/sale.js';
import { lateJournal, payoutJournal, settlementJournal, type Parties } from '../../ledger/model/journals.js';
import { accept, refuse, type Outcome } from '../../core/outcome.js';
import { NAMELESS } from '../../contract/privacy.js';
import { NOTHING, type Settlement } from '../../pricing/settle.js';
import type { Actor, TransitionRequest, Facts, Transition, OrderCommand } from './order-command.js';
import { decideEditAnswer, decideEdit, type EditVerdict } from './edits.js';
import { decideCancellation, scopeByLiability, type Verdict } from './cancellation.js';
import { computeDeadline, type DeadlineFacts } from './deadline.js';
import { doubtsOn, findWaiting, isUnderReview, NOBODY_WAITS, type Waiting } from './held-pay.js';
import { guard, nearness, nextStop } from './guards.js';
import { searchFromMs } from './search-windows.js';
import type { Doubt } from '../../contract/held-pays.js';
import { isFinal, stepsFor, type Step } from './order-state.js';
import { isMoneyOpen, withTopUp } from './payment-intents.js';
import { releasedBy } from './reservation-rules.js';
import { isAtCounter, lateCredit } from './delivery-promise.js';
import { checkStepLimits } from './step-limits.js';
import { cashScope, settledAs, settleEnd } from './settlement-scope.js';

const MINUTE_MS = 60_000;
const BEFORE_PICK_UP: readonly OrderStatus[] = [
  'pending_payment',
  'scheduled',
  'placed',
  'accepted',
  'preparing',
  'ready',
];

/** Decides one step. Pure: the shell stores what it answers. */
export function decide(asked: TransitionRequest): Outcome<Transition> {
  const { order, command, actor } = asked;
  const rows = stepsFor(order.status, command.action, order.kind);
  if (rows.length === 0) return refuse('MOVE_NOT_ALLOWED', { status: order.status, action: command.action });
  const row = chooseRow(rows, order, actor.role);
  if (!row) return refuse('ROLE_NOT_ALLOWED', { role: actor.role, action: command.action });
  const limited = checkStepLimits(order, command);
  if (!limited.ok) return limited;
  const guarded = guard(asked);
  if (!guarded.ok) return guarded;
  const verdict = judge(asked);
  if (!verdict.ok) return verdict;
  const edited = decideLines(asked);
  return edited.ok ? accept(carryOut(asked, row, verdict.value, edited.value)) : edited;
}

/** One row, but for a confirmed payment: a slot makes the order wait. */
function chooseRow(rows: readonly Step[], order: Order, role: Role): Step | undefined {
  const to: OrderStatus | undefined =
    rows[0]?.action === 'confirmPayment' ? (order.scheduledForMs === null ? 'placed' : 'scheduled') : undefined;
  return rows.find((row) => row.by.includes(role) && (to === undefined || row.to === to));
}

/** Who is liable and what is charged, for the steps where that is a question. */
function judge({ order, command, actor, facts }: TransitionRequest): Outcome<Verdict | null> {
  switch (command.action) {
    case 'cancel':
      return decideCancellation(order, actor.role, command, facts);
    case 'return':
      return decideReturn(order, command.liable ?? 'customer', actor);
    case 'settle':
      return accept(verdictOf(order));
    default:
      return accept(null);
  }
}

/** What becomes of the lines, for the steps that change them. */
function decideLines(asked: TransitionRequest): Outcome<EditVerdict | null> {
  switch (asked.command.action) {
    case 'edit':
      return decideEdit(asked, asked.command.changes);
    case 'answerEdit':
      return decideEditAnswer(asked, asked.command);
    default:
      return accept(null);
  }
}

/** Only an operator may take the bill from the customer who was not there. */
function decideReturn(order: Order, liable: LiableParty, actor: Actor): Outcome<Verdict> {
  if (liable !== 'customer' && actor.role === 'courier') return refuse('ROLE_NOT_ALLOWED', { role: actor.role });
  if (liable === 'customer' && actor.role !== 'operator' && isUnderReview(order)) return refuse('OPERATOR_REQUIRED');
  return accept({ liable, scope: scopeByLiability(order, liable) });
}

/** The verdict that a cancellation recorded, when its money is moved later. */
function verdictOf(order: Order): Verdict {
  const cancelled = order.events.findLast((event) => event.action === 'cancel');
  const liable: LiableParty = cancelled?.liable ?? 'platform';
  return { liable, scope: cancelled?.scope ?? 'none' };
}

function carryOut(
  asked: TransitionRequest,
  row: Step,
  verdict: Verdict | null,
  edited: EditVerdict | null,
): Transition {
  const { order, facts } = asked;
  const deferred = isDeferred(asked);
  const scope = deferred ? null : scopeOf(order, row, verdict);
  const settlement = scope && settlementOf(asked, row, scope, verdict);
  const money = (settlement && moneyEffect(order, settlement)) ?? transferOf(order, row, facts);
  const doubts = doubtsOn(asked);
  const waiting = scope && settlement ? findWaiting(asked, scope, settlement, doubts) : NOBODY_WAITS;
  const late =
    asked.command.action === 'deliver' ? lateCredit(asArrived(order, doubts, facts), facts.nowMs, facts.limits) : null;
  const review = doubts.length > 0 && REVIEWED.includes(asked.command.action);
  const event = { ...eventOf(asked, row, verdict, money), ...(late && { late }), ...(review && { review }) };
  const paid = settlement || row.money === 'transfer' ? paymentAfter(order, money, settlement) : order.payment;
  const payment = { payment: late ? bearing(paid, late, settlement) : paid };
  const { edit: _, reserved, searchFromMs: sinceMs, sealedDelivery, ...rest } = order;
  const entered: Order = {
    ...rest,
    ...(reserved && !settlement && { reserved }),
    ...(sealedDelivery !== undefined && isUnassigned(asked, row.to) && { sealedDelivery }),
    ...payment,
    ...changes(asked),
    ...editAfter(asked, edited),
    ...(waiting.kitchen.length > 0 && { kitchenPay: 'held' }),
    ...(!STAFFED_STATUSES.includes(row.to) && { staffKeys: [] }),
    status: row.to,
    events: [...order.events, event],
  };
  const fromMs = searchFromMs(entered, sinceMs, facts.nowMs, facts.limits);
  const due: Due | null = deferred
    ? { kind: 'settle', atMs: facts.nowMs + facts.limits.restoreMinutes * MINUTE_MS }
    : computeDeadline(dueFactsOf(entered), enteredAtMs(entered), facts.nowMs, facts.limits);
  const released = scope && settlement && releasedBy(order, scope, settlement);
  const quote = edited && 'quote' in edited ? edited.quote : null;
  const searched = fromMs === undefined ? entered : { ...entered, searchFromMs: fromMs };
  const journal = journalOf(asked, row, money, settlement, waiting);
  const apology = late && lateJournal(partiesOf(asked), late, bearableMinor(late, settlement), facts.nowMs);
  return {
    order: { ...searched, ...nameAfter(row.to, due), due },
    event,
    journal,
    apology,
    quote,
    released,
    doubts,
    waiting,
  };
}

/** Steps that say in their event that they are not credible. */
const REVIEWED: readonly OrderCommand['action'][] = ['fail', 'contact', 'arrive'];

/** Nobody has to know who it was for any more: the name leaves with the step that ends the order for good. */
function nameAfter(status: OrderStatus, due: Due | null): Partial<Order> {
  return isFinal(status) && due === null ? { customerName: NAMELESS } : {};
}

/** Address and pay stay in the order, sealed, until a courier has it in a document of their own, or none will. */
const isUnassigned = ({ command }: TransitionRequest, to: OrderStatus): boolean =>
  command.action !== 'assign' && BEFORE_PICK_UP.includes(to);

/** A proposal ends with its answer, and with the status in which it could be answered. */
function editAfter({ order, command }: TransitionRequest, edited: EditVerdict | null): Partial<Order> {
  if (edited?.type === 'apply') return edited.fields;
  if (edited) return { edit: edited.edit };
  const staysOpen = ['assign', 'unassign', 'escalate', 'startPreparing', 'arrive'].includes(command.action);
  return order.edit && staysOpen ? { edit: order.edit } : {};
}

/** A merchant's or operator's cancellation keeps the hold for a while: until then an operator may restore the order. */
function isDeferred({ command, actor }: TransitionRequest): boolean {
  return command.action === 'cancel' && (actor.role === 'merchant' || actor.role === 'operator');
}

/** How much of the order its end charges; null for a step that ends nothing. */
function scopeOf({ payment }: Order, { money }: Step, verdict: Verdict | null): SettlementScope | null {
  if (money === 'none' || money === 'transfer') return null;
  const agreed: SettlementScope = money === 'captureAll' ? 'all' : (verdict?.scope ?? 'none');
  return payment.status === 'cash' ? cashScope(agreed) : agreed;
}

function settlementOf(
  { order, facts }: TransitionRequest,
  row: Step,
  scope: SettlementScope,
  verdict: Verdict | null,
): Settlement {
  if (!facts.quote) return NOTHING;
  return settleEnd(order, facts.quote, { scope, liable: verdict?.liable, cameBack: row.to === 'returned' });
}

/**
 * The order with the courier's word for the arrival at the door as far as it is believed: nobody waits there longer than
 * until a delivery may be given up, and an impossible arrival was none.
 */
function asArrived(order: Order, doubts: readonly Doubt[], { nowMs, limits }: Facts): Order {
  const earliestMs = doubts.includes('speed') ? nowMs : nowMs - limits.undeliverableMinutes * MINUTE_MS;
  const events = order.events.map((event) =>
    event.action === 'arrive' && event.from === 'picked_up'
      ? { ...event, atMs: Math.max(event.atMs, earliestMs) }
      : event,
  );
  return { ...order, events };
}

/** Nothing to capture releases the whole hold; without an intent nothing is to be done at the provider. */
function moneyEffect(order: Order, settlement: Settlement): MoneyEffect | null {
  if (order.payment.intentId === null) return null;
  if (settlement.captureMinor === 0) return { type: 'void' };
  return { type: 'capture', amountMinor: settlement.captureMinor };
}

/** What the merchant earned of an order: all of its part, or what its end and refunds left of it. */
function transferOf(order: Order, row: Step, facts: Facts): MoneyEffect | null {
  if (row.money !== 'transfer' || !facts.quote || order.kitchenPay !== undefined) return null;
  const earnedMinor = settledAs(order, facts.quote)?.split.merchantMinor ?? 0;
  const amountMinor = Math.max(0, earnedMinor - (order.payment.merchantBearsMinor ?? 0));
  return facts.hasNoAccount
    ? { type: 'transfer', amountMinor: 0, owedMinor: amountMinor }
    : { type: 'transfer', amountMinor };
}

function paymentAfter({ payment }: Order, money: MoneyEffect | null, settlement: Settlement | null): Order['payment'] {
  switch (money?.type) {
    case 'capture':
      return { ...payment, status: 'capturing', capturedMinor: money.amountMinor };
    case 'void':
      return { ...payment, status: 'voiding' };
    case 'transfer':
      return withMoneyTaken(payment);
    case undefined:
      // A payout may transfer nothing.
      return settlement ? paidWithoutProvider(payment, settlement.captureMinor) : withMoneyTaken(payment);
  }
}

/** Nobody is paid out before it was taken; the payout's write notes that, too. */
const withMoneyTaken = (payment: Order['payment']): Order['payment'] =>
  isMoneyOpen(payment) && payment.capturedMinor > 0 ? { ...payment, status: 'captured' } : payment;

/** Cash was taken, or will not be; a card to be charged later will not be either. */
function paidWithoutProvider(payment: Order['payment'], takenMinor: number): Order['payment'] {
  if (payment.status !== 'cash') return payment.status === 'deferred' ? { ...payment, status: 'voided' } : payment;
  if (takenMinor === 0) return { ...payment, status: 'voided' };
  return { ...payment, status: 'captured', authorizedMinor: takenMinor, capturedMinor: takenMinor };
}

function partiesOf({ orderId, order }: TransitionRequest): Parties {
  const { restaurantId, courierId, customerId, currency, payment } = order;
  return { orderId, restaurantId, courierId, customerId, currency, inCash: payment.method === 'cash' };
}

/** A late kitchen pays for it, as far as it earns something; whoever else was late, the platform does. */
function bearableMinor({ leg, creditMinor }: Late, settlement: Settlement | null): number {
  return leg === 'kitchen' ? Math.min(creditMinor, settlement?.split.merchantMinor ?? 0) : 0;
}

function bearing(payment: Order['payment'], late: Late, settlement: Settlement | null): Order['payment'] {
  const merchantMinor = bearableMinor(late, settlement);
  if (merchantMinor === 0) return payment;
  return { ...payment, merchantBearsMinor: (payment.merchantBearsMinor ?? 0) + merchantMinor };
}

function journalOf(
  asked: TransitionRequest,
  row: Step,
  money: MoneyEffect | null,
  settlement: Settlement | null,
  waiting: Waiting,
): Journal | null {
  const { facts } = asked;
  const held = { courier: waiting.courier.length > 0, kitchen: waiting.kitchen.length > 0 };
  const parties = { ...partiesOf(asked), held };
  if (money?.type === 'transfer') return payoutJournal(parties, money.amountMinor, facts.nowMs);
  const settled = settlement && settlementJournal(parties, settlement, facts.nowMs);
  if (!settled || !facts.quote) return settled;
  if (!isSold(row.to, settlement)) return settled;
  return { ...settled, sale: saleOf(parties.restaurantId, row.to, facts.quote.pricing, settlement) };
}

/** Nothing personal goes into an event: all parties of the order read it. */
function eventOf(asked: TransitionRequest, row: Step, verdict: Verdict | null, money: MoneyEffect | null): OrderEvent {
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
    ...nearnessIn(asked),
    ...proofIn(command),
    ...(courierId && { courierId }),
    ...awayIn(asked),
  };
}

/** Where the courier set out from, for what an arrival at the counter is believed. */
function awayIn({ command, facts: { courier } }: TransitionRequest): Pick<OrderEvent, 'awayMeters'> {
  return command.action === 'assign' && courier?.awayMeters !== undefined ? { awayMeters: courier.awayMeters } : {};
}

/** How near the courier came. */
function nearnessIn({ order, command, facts }: TransitionRequest): Pick<OrderEvent, 'reason'> {
  const stop = command.action === 'arrive' && nextStop(order, facts);
  return stop ? { reason: nearness(command.fix, stop) } : {};
}

function proofIn(command: OrderCommand): Pick<OrderEvent, 'proof'> {
  if (command.action === 'collect') return { proof: 'pin' };
  return command.action === 'deliver' ? { proof: command.proof.type } : {};
}

function carrierNamed({ order, command, actor }: TransitionRequest): string | null {
  if (command.action === 'assign') return actor.uid;
  return command.action === 'unassign' ? order.courierId : null;
}

/** The fields besides status, due and events that a step sets. */
function changes({ order, command, actor, facts }: TransitionRequest): Partial<Order> {
  switch (command.action) {
    case 'confirmPayment':
      return {
        payment: { ...order.payment, ...command.payment },
        promisedAtMs: promise(order, facts.nowMs, order.prepMinutes),
      };
    case 'authorize':
      return { payment: { ...order.payment, ...command.payment } };
    case 'answerEdit':
      return command.topUp ? { payment: withTopUp(order.payment, command.topUp) } : {};
    case 'accept': {
      const prepMinutes = command.prepMinutes ?? order.prepMinutes;
      const readyAtMs = startsCookingAtMs(order, actor, facts) + prepMinutes * MINUTE_MS;
      // What was quoted is promised, whatever the kitchen announces: it is late by the difference, and never by haste.
      return { prepMinutes, readyAtMs, promisedAtMs: promise(order, facts.nowMs, order.prepMinutes) };
    }
    case 'release':
      return facts.openings && (order.openings || facts.openings.length > 0) ? { openings: [...facts.openings] } : {};
    case 'markReady':
      return { readyAtMs: facts.nowMs };
    case 'assign':
      return carriedBy(actor.uid, facts.courier);
    case 'unassign':
      return carriedByNobody(order);
    case 'restore':
      // An order that was never accepted has no time yet: its promise, less the way, is when it must be ready.
      return {
        ...carriedByNobody(order),
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

/** A slot that is accepted automatically for a kitchen that opens later than its release is cooked from opening on. */
function startsCookingAtMs({ scheduledForMs, openings }: Order, { role }: Actor, { nowMs }: Facts): number {
  return role === 'system' && scheduledForMs !== null ? afterOpenTime(openings, nowMs, 0) : nowMs;
}

/** The courier who had the order stays findable: an erasure takes the courier out of the events. */
const carriedByNobody = ({ courierId, pastCourierIds = [] }: Order): Partial<Order> => ({
  ...carriedBy(null, null),
  ...(courierId !== null && { pastCourierIds: [...new Set([...pastCourierIds, courierId])] }),
});

const carriedBy = (courierId: string | null, courier: Facts['courier']): Partial<Order> => ({
  courierId,
  courierName: courier?.name ?? null,
  courierVehicle: courier?.vehicle ?? null,
});

function promise(order: Order, nowMs: number, prepMinutes: number): number {
  return order.scheduledForMs ?? nowMs + prepMinutes * MINUTE_MS + order.travelSeconds * 1000;
}

function dueFactsOf(order: Order): DeadlineFacts {
  const last = (action: OrderEvent['action']) => order.events.findLast((event) => event.action === action)?.atMs;
  return {
    ...order,
    escalations: escalationsOf(order),
    paymentFailedAtMs: last('failPayment'),
    earnedUnpaid: isEarnedUnpaid(order) && order.kitchenPay === undefined,
    assignedAtMs: last('assign'),
    unassignedAtMs: last('unassign'),
    isAtCounter: isAtCounter(order),
    isAcceptedByStaff: order.events.findLast((event) => event.action === 'accept')?.by === 'merchant',
  };
}

/** The kitchen is owed its part of an order that was cancelled or came back. */
function isEarnedUnpaid({ events }: Order): boolean {
  const settled = events.findLast((event) => event.scope !== undefined);
  return (
    settled !== undefined &&
    settled.scope !== 'none' &&
    settled.scope !== 'platformPaysCourier' &&
    !events.some((event) => event.action === 'payOut')
  );
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
