import {
  STAFFED_STATUSES,
  type Due,
  type Late,
  type Order,
  type OrderAction,
  type OrderEvent,
  type OrderStatus,
} from '../../contract/orders.js';
import { NAMELESS } from '../../contract/privacy.js';
import { accept, refuse, type Outcome } from '../../core/outcome.js';
import type { ActionSpec } from './actions/action-spec.js';
import { ACTIONS, listSteps, type ActionStep } from './actions/actions.js';
import { isEditedBelowPay } from './below-pay.js';
import type { Verdict } from './cancellation.js';
import { computeDeadline } from './deadline.js';
import { toAgeField } from './age-limit.js';
import type { EditVerdict } from './edits.js';
import { computeFlags } from './flags.js';
import { findHeldPays, NOBODY_WAITS, type HeldPayReasons } from './held-pay.js';
import { computeCreditForLateness, withLateCredit } from './late-credit.js';
import type { Facts, Transition, TransitionRequest } from './order-command.js';
import { toDeadlineFacts, findEnteredAtMs } from './order-history.js';
import { isFinal } from './order-state.js';
import { computeReleased } from './reservation-rules.js';
import { computeSearchStartMs } from './search-windows.js';
import { buildStepJournal, buildLateCreditJournal } from './step-journals.js';
import { computeStepMoney, toUnmovedMoney, type StepMoney } from './step-money.js';

const MINUTE_MS = 60_000;

/** Decides one step by its action's spec. Pure: the shell stores the result. */
export function decide<A extends OrderAction>(request: TransitionRequest<A>): Outcome<Transition> {
  const { order, command, actor } = request;
  const rows = listSteps(order.status, command.action, order.kind);
  if (rows.length === 0) return refuse('MOVE_NOT_ALLOWED', { status: order.status, action: command.action });
  const row = rows.find(({ by, waits }) => by.includes(actor.role) && fitsWait(order, waits));
  if (!row) return refuse('ROLE_NOT_ALLOWED', { role: actor.role, action: command.action });
  const spec = ACTIONS[command.action];
  const guarded = spec.guard(request);
  if (!guarded.ok) return guarded;
  const verdict = spec.money.type === 'byPolicy' ? spec.money.verdict(request) : accept(null);
  if (!verdict.ok) return verdict;
  const edited = spec.editsLines ? spec.editsLines(request) : accept(null);
  if (!edited.ok) return edited;
  return accept(carryOut(request, spec, { row, verdict: verdict.value, edited: edited.value }));
}

function fitsWait({ scheduledForMs, triageMinutes }: Order, waits: boolean | undefined): boolean {
  return waits === undefined || waits === (scheduledForMs !== null || triageMinutes !== undefined);
}

/** The decision on a step that is allowed. */
interface Decided {
  row: ActionStep;
  /** The liable party and the scope of the charge, where the action decides them. */
  verdict: Verdict | null;
  /** The change of the lines, where the action edits them. */
  edited: EditVerdict | null;
}

function carryOut<A extends OrderAction>(
  request: TransitionRequest<A>,
  spec: ActionSpec<A>,
  decided: Decided,
): Transition {
  const { order, facts } = request;
  const { row, verdict, edited } = decided;
  const isDeferred = spec.money.type === 'byPolicy' && spec.money.isDeferred(request.actor);
  const money = isDeferred
    ? toUnmovedMoney(order)
    : computeStepMoney(order, { to: row.to, rule: spec.money.type, verdict, facts });
  const { settled } = money;
  const doubts = spec.doubts(request);
  const waiting = settled ? findHeldPays(request, settled.scope, settled.settlement, doubts) : NOBODY_WAITS;
  const late =
    settled && creditsLateness(spec) ? computeCreditForLateness(order, settled.settlement, doubts, facts) : null;
  const event: OrderEvent = {
    ...buildEvent(request, decided, money, late),
    ...spec.details(request),
    ...((isEditedBelowPay(request, edited) || (spec.marksDoubts && doubts.length > 0)) && { review: true }),
  };
  const entered = enter(request, spec, { decided, event, money, late, waiting });
  return {
    order: withDeadlines(entered, isDeferred, facts),
    event,
    journal: buildStepJournal(request, row.to, money, waiting),
    apology: late && settled && buildLateCreditJournal(request, late, settled.settlement),
    quote: edited && 'quote' in edited ? edited.quote : null,
    released: settled && computeReleased(order, settled.scope, settled.settlement),
    doubts,
    waiting,
  };
}

function creditsLateness<A extends OrderAction>({ money }: ActionSpec<A>): boolean {
  return money.type === 'captureAll' && money.creditsLateness;
}

/** An event contains nothing personal: all parties of the order read it. */
function buildEvent(
  { order, command, actor, causeId, facts }: TransitionRequest,
  { row, verdict }: Decided,
  { effect }: StepMoney,
  late: Late | null,
): OrderEvent {
  return {
    n: order.events.length + 1,
    action: row.action,
    from: row.from,
    to: row.to,
    by: actor.role,
    atMs: facts.nowMs,
    causeId,
    ...('reason' in command && command.reason !== undefined && { reason: command.reason }),
    ...(verdict && { liable: verdict.liable, scope: verdict.scope }),
    ...(effect && { money: effect }),
    ...(late && { late }),
  };
}

interface Entering {
  decided: Decided;
  event: OrderEvent;
  money: StepMoney;
  late: Late | null;
  waiting: HeldPayReasons;
}

/** Returns the order after the step, without its deadlines. */
function enter<A extends OrderAction>(
  request: TransitionRequest<A>,
  spec: ActionSpec<A>,
  { decided: { row, edited }, event, money, late, waiting }: Entering,
): Order {
  const {
    ageLimit,
    edit,
    reserved,
    rider,
    sealedDelivery,
    searchEndedAtMs,
    wrongCodes,
    wrongPins,
    wrongDigests,
    ...rest
  } = request.order;
  const { settled, payment } = money;
  const changed: Order = {
    ...rest,
    ...(reserved && !settled && { reserved }),
    ...(rider && !ENDS_RIDER.includes(event.action) && { rider }),
    payment: late && settled ? withLateCredit(payment, late, settled.settlement) : payment,
    ...spec.changes(request),
    ...(edit && spec.keepsEdit && { edit }),
    ...(edited?.type !== 'apply' && toAgeField(ageLimit ?? null)),
    ...(edited && toEditFields(edited)),
    ...(waiting.kitchen.length > 0 && { kitchenPay: 'held' }),
    ...(!STAFFED_STATUSES.includes(row.to) && { staffKeys: [] }),
    status: row.to,
    events: [...request.order.events, event],
  };
  return {
    ...changed,
    ...(sealedDelivery !== undefined && needsSeal(changed) && { sealedDelivery }),
    ...(searchEndedAtMs !== undefined && !BEGINS_SEARCH.includes(event.action) && { searchEndedAtMs }),
    ...(changed.courierId === rest.courierId && toGuessFields({ wrongCodes, wrongPins, wrongDigests })),
  };
}

/** Returns the counts and digests of wrong guesses; the next courier of an order has guesses of its own. */
function toGuessFields({ wrongCodes, wrongPins, wrongDigests }: Guesses): Partial<Order> {
  return {
    ...(wrongCodes !== undefined && { wrongCodes }),
    ...(wrongPins !== undefined && { wrongPins }),
    ...(wrongDigests !== undefined && { wrongDigests }),
  };
}

interface Guesses {
  wrongCodes: number | undefined;
  wrongPins: number | undefined;
  wrongDigests: string[] | undefined;
}

/**
 * Returns the fields that an edit's verdict sets: the new lines, or the pending proposal. A proposal ends with its
 * answer.
 */
function toEditFields(edited: EditVerdict): Partial<Order> {
  return edited.type === 'apply' ? edited.fields : { edit: edited.edit };
}

/** After these a search has all its waves again. */
const BEGINS_SEARCH: readonly OrderEvent['action'][] = ['restartSearch', 'assign', 'sendRider'];

/** After these the order has no rider, or a courier instead. */
const ENDS_RIDER: readonly OrderEvent['action'][] = ['unassign', 'handOver', 'restore'];

/**
 * True while address and pay stay sealed in the order: until a courier has them in a document of their own, or none
 * will.
 */
function needsSeal({ status, courierId }: Order): boolean {
  return courierId === null && BEFORE_PICK_UP.includes(status);
}

const BEFORE_PICK_UP: readonly OrderStatus[] = [
  'pending_payment',
  'scheduled',
  'placed',
  'accepted',
  'preparing',
  'ready',
];

/** Returns the order with its next deadline, its flags and the time at which the search for a courier begins. */
function withDeadlines(
  { searchFromMs: sinceMs, ...entered }: Order,
  isDeferred: boolean,
  { nowMs, limits }: Facts,
): Order {
  const fromMs = computeSearchStartMs(entered, sinceMs, nowMs, limits);
  const due: Due | null = isDeferred
    ? { kind: 'settle', atMs: nowMs + limits.restoreMinutes * MINUTE_MS }
    : computeDeadline(toDeadlineFacts(entered), findEnteredAtMs(entered), nowMs, limits);
  const { flags: _flags, flaggedSinceMs: _sinceMs, ...unflagged } = entered;
  return {
    ...unflagged,
    ...(fromMs !== undefined && { searchFromMs: fromMs }),
    ...computeFlags(entered, nowMs),
    ...toNameFields(entered, due),
    due,
  };
}

/** The names of customer and rider are no longer needed: the step that makes the order final removes them. */
function toNameFields({ status, rider }: Order, due: Due | null): Partial<Order> {
  return isFinal(status) && due === null ? { customerName: NAMELESS, ...(rider && { courierName: null }) } : {};
}
