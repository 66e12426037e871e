import type { Order, OrderEvent } from '#functions/contract/orders.js';
import { VEHICLES, type Vehicle } from '#functions/contract/couriers.js';
import type { Trust, ZoneLimits } from '#functions/contract/zones.js';
import { distanceMeters } from '#functions/core/geo.js';
import { buildMatchFacts, countConcurrentOffers, type WaitingOrder } from '#functions/dispatch/model/plan.js';
import { isAvailable } from '#functions/dispatch/model/eligibility.js';
import { keepsDetours, type Delivery } from '#functions/dispatch/model/route.js';
import { checkZone } from '#functions/operations/model/check-zone.js';
import { checkAllowance, type OpenOrders } from '#functions/orders/model/allowance.js';
import { decideCancellation, verdictOnDelay } from '#functions/orders/model/cancellation.js';
import { findDoubts, type DeliveryEvidence } from '#functions/orders/model/credibility.js';
import { computeDeadline, type DeadlineFacts } from '#functions/orders/model/deadline.js';
import { computeLateCredit } from '#functions/orders/model/delivery-promise.js';
import { computeSearchStartMs, computeWindowEndMs } from '#functions/orders/model/search-windows.js';
import { assessClaim, type ClaimFacts } from '#functions/support/model/claim-rules.js';
import {
  aCourier,
  anActiveDelivery,
  aZone,
  DOOR_AT,
  KITCHEN_AT,
  MINUTE,
  START_MS,
  theLimits,
} from '#fixtures/catalogue.js';
import { aFix, anOrder } from '#fixtures/orders.js';
import { moved, NOW, reason } from './deciding.js';

/** One before the bound, the bound itself, one after it: milliseconds of a time, one of a number. */
export type Delta = -1 | 0 | 1;

/** What one limit governs, and its results on each side of the bound. */
export interface LimitCase {
  governs: string;
  at: (delta: Delta) => unknown;
  expected: readonly [before: unknown, at: unknown, after: unknown];
}

const SECOND = 1000;
const HOUR = 60 * MINUTE;

/** An announced delay of an order in preparation. */
const toDelay = (n: number): OrderEvent => ({
  n,
  action: 'delay',
  from: 'preparing',
  to: 'preparing',
  by: 'merchant',
  atMs: START_MS,
  causeId: `delay-${n}`,
  readyAtMs: START_MS + n * MINUTE,
});

/** The deadline of an order that entered its status at the start, where it has passed at `boundMs`. */
function deadline(
  facts: Partial<DeadlineFacts>,
  limits: Partial<ZoneLimits>,
  boundMs: number,
  kind: string,
  governs: string,
): LimitCase {
  const order: DeadlineFacts = {
    status: 'placed',
    kind: 'delivery',
    courierId: null,
    readyAtMs: START_MS,
    promisedAtMs: START_MS,
    scheduledForMs: null,
    travelSeconds: 0,
    prepMinutes: 20,
    ...facts,
  };
  return {
    governs,
    at: (delta) => {
      const due = computeDeadline(order, START_MS, START_MS, theLimits(limits));
      return due && START_MS + boundMs + delta >= due.atMs ? due.kind : 'waits';
    },
    expected: ['waits', kind, kind],
  };
}

const DEFERRED = anOrder({ payment: { status: 'deferred', intentId: null, authorizedMinor: 0 } }).payment;
const SLOT = { status: 'scheduled' as const, payment: DEFERRED, scheduledForMs: START_MS + 48 * HOUR };

const DEADLINES: Readonly<Record<string, LimitCase>> = {
  paymentMinutes: deadline(
    { status: 'pending_payment' },
    { paymentMinutes: 7 },
    7 * MINUTE,
    'expire',
    'when an unpaid order expires',
  ),
  acceptMinutes: deadline(
    {},
    { acceptMinutes: 7, acceptReminderMinutes: [] },
    7 * MINUTE,
    'reject',
    'when an order that the kitchen does not answer is rejected',
  ),
  'acceptReminderMinutes.*': deadline(
    {},
    { acceptReminderMinutes: [4] },
    4 * MINUTE,
    'remind',
    'when the kitchen is reminded',
  ),
  readyOverdueMinutes: deadline(
    { status: 'preparing' },
    { readyOverdueMinutes: 7 },
    7 * MINUTE,
    'overdue',
    'when a late kitchen gives a new time',
  ),
  maxDelayMinutes: {
    governs: 'how many minutes later a kitchen may announce an order',
    at: (delta) =>
      reason({
        order: { status: 'preparing' },
        by: 'merchant',
        command: { action: 'delay', minutes: 12 + delta },
        facts: { limits: theLimits({ maxDelayMinutes: 12 }) },
      }),
    expected: ['allowed', 'allowed', 'DELAY_TOO_LONG'],
  },
  maxDelays: {
    governs: 'how often a kitchen may announce a delay of one order',
    at: (delta) => {
      const { events } = anOrder({ status: 'preparing' });
      const delays = Array.from({ length: 3 + delta }, (_, index) => toDelay(events.length + index + 1));
      return reason({
        order: { status: 'preparing', events: [...events, ...delays] },
        by: 'merchant',
        command: { action: 'delay', minutes: 5 },
        facts: { limits: theLimits({ maxDelays: 3 }) },
      });
    },
    expected: ['allowed', 'TOO_MANY_DELAYS', 'TOO_MANY_DELAYS'],
  },
  pickUpMinutes: deadline(
    { status: 'ready', courierId: 'omar' },
    { pickUpMinutes: 7 },
    7 * MINUTE,
    'noArrival',
    'when a courier who has not arrived loses the order',
  ),
  noCourierMinutes: deadline(
    { status: 'ready' },
    { noCourierMinutes: 7 },
    7 * MINUTE,
    'noCourier',
    'when an order without a courier is cancelled',
  ),
  noShowMinutes: deadline(
    { status: 'ready', kind: 'pickup' },
    { noShowMinutes: 7 },
    7 * MINUTE,
    'noShow',
    'when an order that is not collected is cancelled',
  ),
  deliverLateMinutes: deadline(
    { status: 'picked_up', courierId: 'omar' },
    { deliverLateMinutes: 7 },
    7 * MINUTE,
    'escalate',
    'when a late delivery is escalated',
  ),
  returnMinutes: deadline(
    { status: 'undeliverable', courierId: 'omar' },
    { returnMinutes: 7 },
    7 * MINUTE,
    'escalate',
    'when a late return is escalated',
  ),
  issueMinutes: deadline(
    { status: 'delivered' },
    { issueMinutes: 7 },
    7 * MINUTE,
    'complete',
    'when a delivered order is complete',
  ),
  authorizeHours: deadline(SLOT, { authorizeHours: 7 }, 41 * HOUR, 'authorize', 'when a saved card is charged'),
  scheduledFixMinutes: deadline(
    { ...SLOT, paymentFailedAtMs: START_MS },
    { scheduledFixMinutes: 7 },
    7 * MINUTE,
    'fixPayment',
    'how long a declined card can be replaced',
  ),
};

const event = (action: OrderEvent['action'], atMs: number, n: number): OrderEvent => ({
  n,
  action,
  from: 'picked_up',
  to: 'picked_up',
  by: 'courier',
  atMs,
  causeId: `cause-${n}`,
});

/** The courier came to the door at `NOW` and has called twice. */
function failAfter(waitedMs: number): string {
  const { events } = anOrder({ status: 'picked_up' });
  const told = [event('arrive', NOW, 8), event('contact', NOW, 9), event('contact', NOW, 10)];
  return reason({
    order: { status: 'picked_up', events: [...events, ...told] },
    by: 'courier',
    command: { action: 'fail', reason: 'no answer at the door' },
    facts: { nowMs: NOW + waitedMs, limits: theLimits({ undeliverableMinutes: 7 }) },
  });
}

/** A cancelled order whose money is settled at the end of the time. */
function restoreAfter(ms: number): string {
  const cancelledAtMs = anOrder({ status: 'cancelled' }).events.at(-1)?.atMs ?? 0;
  return reason({
    order: { status: 'cancelled', due: { kind: 'settle', atMs: cancelledAtMs + 7 * MINUTE } },
    by: 'operator',
    command: { action: 'restore', reason: 'a slip' },
    facts: { nowMs: cancelledAtMs + ms, limits: theLimits({ restoreMinutes: 7 }) },
  });
}

/** The deadline of a proposal for a dearer order. */
function editDueAfter(ms: number): string {
  const { order } = moved({
    order: { status: 'accepted', readyAtMs: NOW + HOUR },
    by: 'merchant',
    command: {
      action: 'edit',
      reason: 'none left',
      changes: [{ type: 'substitute', line: 0, by: { itemId: 'cola', quantity: 9, modifiers: [] } }],
    },
    facts: { limits: theLimits({ editAnswerMinutes: 7 }) },
  });
  return order.due && NOW + ms >= order.due.atMs ? order.due.kind : 'waits';
}

function deliverWithFix(agoMs: number): string {
  return reason({
    order: { status: 'picked_up' },
    by: 'courier',
    command: { action: 'deliver', fix: aFix('door', NOW - agoMs), proof: { type: 'pin', pin: '1234' } },
    facts: { limits: theLimits({ fixMaxAgeSeconds: 7 }) },
  });
}

function graceAfter(ms: number): unknown {
  const order = anOrder({ status: 'accepted' });
  const nowMs = (order.events.at(-1)?.atMs ?? 0) + ms;
  const limits = theLimits({ cancelGraceSeconds: 7 });
  const verdict = decideCancellation(order, 'customer', { reason: 'x' }, { nowMs, limits });
  return verdict.ok ? verdict.value.scope : verdict.reason;
}

/** An order that can be at the door so much later than promised. */
function delayOf(lateMs: number): string {
  const order: Order = anOrder({ status: 'preparing', readyAtMs: null, travelSeconds: 600 });
  const nowMs = order.promisedAtMs - 600 * SECOND + lateMs;
  return verdictOnDelay(order, nowMs, theLimits({ lateToleranceMinutes: 7 })) ? 'free' : 'charged';
}

const TIER = { overMinutes: 7, ratePpm: 100_000, maxMinor: 1000 };
/** The credit for items of 20.00 that are delivered so late. */
function creditFor(lateMs: number, tier: Partial<typeof TIER> = {}): number {
  const order = anOrder({ status: 'picked_up' });
  const limits = theLimits({ lateCredit: [{ ...TIER, ...tier }] });
  return computeLateCredit(order, order.promisedAtMs + lateMs, limits)?.creditMinor ?? 0;
}

const STEPS: Readonly<Record<string, LimitCase>> = {
  undeliverableMinutes: {
    governs: 'how long a courier waits at the door',
    at: (delta) => failAfter(7 * MINUTE + delta),
    expected: ['TOO_EARLY', 'allowed', 'allowed'],
  },
  restoreMinutes: {
    governs: 'how long an operator may undo a cancellation',
    at: (delta) => restoreAfter(7 * MINUTE + delta),
    expected: ['allowed', 'allowed', 'HOLD_GONE'],
  },
  editAnswerMinutes: {
    governs: 'how long a customer may answer an edit',
    at: (delta) => editDueAfter(7 * MINUTE + delta),
    expected: ['waits', 'editLapse', 'editLapse'],
  },
  fixMaxAgeSeconds: {
    governs: 'how old a fix may be, or how far in the future',
    at: (delta) => [deliverWithFix(7 * SECOND + delta), deliverWithFix(-7 * SECOND - delta)],
    expected: [
      ['allowed', 'allowed'],
      ['allowed', 'allowed'],
      ['FIX_TOO_OLD', 'FIX_TOO_OLD'],
    ],
  },
  cancelGraceSeconds: {
    governs: 'how long a customer may cancel an accepted order free of charge',
    at: (delta) => graceAfter(7 * SECOND + delta),
    expected: ['none', 'none', 'items'],
  },
  lateToleranceMinutes: {
    governs: 'from which delay on a cancellation is free',
    at: (delta) => delayOf(7 * MINUTE + delta),
    expected: ['charged', 'charged', 'free'],
  },
  'lateCredit.*.overMinutes': {
    governs: 'from which delay on there is a credit',
    at: (delta) => creditFor(7 * MINUTE + delta),
    expected: [0, 0, 200],
  },
  'lateCredit.*.ratePpm': {
    governs: 'the part of the items that is the credit, rounded half up',
    at: (delta) => creditFor(HOUR, { ratePpm: 250 + delta }),
    expected: [0, 1, 1],
  },
  'lateCredit.*.maxMinor': {
    governs: 'the highest credit',
    at: (delta) => creditFor(HOUR, { maxMinor: 200 + delta }),
    expected: [199, 200, 200],
  },
};

const claimOrder = anOrder({ status: 'delivered' });
const DELIVERED_MS = claimOrder.events.at(-1)?.atMs ?? 0;
/** Whether a claim is paid at once (`paid`), and otherwise why not. */
function claim(facts: Partial<ClaimFacts>, limits: Partial<ZoneLimits> = {}): string {
  const nowMs = facts.nowMs ?? DELIVERED_MS + MINUTE;
  const judged = assessClaim({
    order: claimOrder,
    orderId: 'order-1',
    kind: 'missing',
    amountMinor: 1,
    leavesRideUnpaid: false,
    hasPhoto: false,
    photoSeen: false,
    history: [],
    formerClaims: 0,
    orders: 100,
    ...facts,
    limits: theLimits({ claimAutoMinor: 1000, ...limits }),
    nowMs,
  });
  return judged.ok ? (judged.value.escalation ?? 'paid') : judged.reason;
}

const CLAIMS: Readonly<Record<string, LimitCase>> = {
  claimHours: {
    governs: 'how long a customer may claim',
    at: (delta) => claim({ nowMs: DELIVERED_MS + 7 * HOUR + delta }, { claimHours: 7 }),
    expected: ['late', 'late', 'TOO_LATE'],
  },
  claimAutoMinor: {
    governs: 'up to which amount a claim is paid at once',
    at: (delta) => claim({ amountMinor: 700 + delta }, { claimAutoMinor: 700 }),
    expected: ['paid', 'paid', 'amount'],
  },
  claimMinOrders: {
    governs: 'from how many completed orders on',
    at: (delta) => claim({ orders: 1 + 7 + delta }, { claimMinOrders: 7 }),
    expected: ['history', 'paid', 'paid'],
  },
  claimsTrusted: {
    governs: 'how many claims within 90 days, this one included',
    at: (delta) => claim({ formerClaims: 6 + delta }, { claimsTrusted: 7 }),
    expected: ['paid', 'paid', 'history'],
  },
  claimRatePpm: {
    governs: 'which share of the orders may have a claim: 2 of 20',
    at: (delta) => claim({ formerClaims: 1, orders: 20 }, { claimRatePpm: 100_000 + delta }),
    expected: ['history', 'paid', 'paid'],
  },
};

const NO_ORDERS: OpenOrders = { unpaid: 0, cash: 0, units: 0, places: 0, uses: 0 };
/** The base of an account without completed orders is 3, the maximum 8. */
function allowed(open: Partial<OpenOrders>, completed = 0): string {
  const trust: Trust = { unpaidOrders: 3, cashOrders: 3, reservedUnits: 3, reservedPlaces: 3, most: 8 };
  const outcome = checkAllowance({ ...NO_ORDERS, ...open }, completed, trust);
  return outcome.ok ? 'allowed' : outcome.reason;
}
const trustCase = (governs: string, kind: keyof OpenOrders): LimitCase => ({
  governs,
  at: (delta) => allowed({ [kind]: 3 + delta }),
  expected: ['allowed', 'allowed', 'TOO_MANY_OPEN_ORDERS'],
});

const TRUST: Readonly<Record<string, LimitCase>> = {
  'trust.unpaidOrders': trustCase('the unpaid orders of a new account', 'unpaid'),
  'trust.cashOrders': trustCase('the cash orders of a new account', 'cash'),
  'trust.reservedUnits': trustCase('the reserved units of a new account', 'units'),
  'trust.reservedPlaces': trustCase('the reserved places of a new account', 'places'),
  'trust.most': {
    governs: 'the allowance of an account with many completed orders',
    at: (delta) => allowed({ unpaid: 8 + delta }, 100),
    expected: ['allowed', 'allowed', 'TOO_MANY_OPEN_ORDERS'],
  },
};

const carrying = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`order-${index}`, anActiveDelivery]));

/** The kitchen is ready in an hour, the ride takes ten minutes: the search begins seven minutes before. */
function searchAt(ms: number): string {
  const order = anOrder({ status: 'preparing', readyAtMs: START_MS + HOUR, travelSeconds: 600 });
  const fromMs = computeSearchStartMs(order, undefined, START_MS, theLimits({ offerLeadMinutes: 7 }));
  return START_MS + ms >= (fromMs ?? Infinity) ? 'searches' : 'waits';
}

const inWave = (wave: number): WaitingOrder => ({
  orderId: 'order-1',
  order: anOrder({ status: 'preparing' }),
  search: { wave, asked: {} },
});

const RIDING: Delivery = {
  id: 'order-1',
  pickUpAt: KITCHEN_AT,
  dropOffAt: DOOR_AT,
  readyAtMs: START_MS,
  sinceMs: START_MS,
  promisedAtMs: START_MS,
};
/** A ride of ten minutes, with two at the kitchen, that takes so much longer because of another order. */
function isShortEnough(detourMs: number): boolean {
  const { limits } = buildMatchFacts([], [], new Map(), START_MS, aZone({ limits: { detourMinutes: 7 } }));
  const stops = [
    { type: 'pickUp' as const, delivery: RIDING, doneAtMs: START_MS },
    { type: 'dropOff' as const, delivery: RIDING, doneAtMs: START_MS + 12 * MINUTE + detourMs },
  ];
  const totals = { travel: 0, courierWaits: 0, foodWaits: 0, clickToDoor: 0, late: 0 };
  return keepsDetours({ stops, totals }, () => 600, { pickUpSeconds: 120, dropOffSeconds: 120 }, limits);
}

const DISPATCH: Readonly<Record<string, LimitCase>> = {
  presenceStaleSeconds: {
    governs: 'how old the heartbeat of an available courier may be',
    at: (delta) => isAvailable(aCourier(), START_MS + 7 * SECOND + delta, theLimits({ presenceStaleSeconds: 7 })),
    expected: [true, true, false],
  },
  courierCapacity: {
    governs: 'how many orders a courier carries',
    at: (delta) => isAvailable(aCourier({ active: carrying(3 + delta) }), START_MS, theLimits({ courierCapacity: 3 })),
    expected: [true, false, false],
  },
  offerLeadMinutes: {
    governs: 'when the search for a courier begins',
    at: (delta) => searchAt(43 * MINUTE + delta),
    expected: ['waits', 'searches', 'searches'],
  },
  declinesBeforeParallel: {
    governs: 'from which wave on several couriers get an offer',
    at: (delta) =>
      countConcurrentOffers(inWave(7 + delta), theLimits({ declinesBeforeParallel: 7, parallelOffers: 4 })),
    expected: [1, 1, 4],
  },
  parallelOffers: {
    governs: 'how many couriers get an offer at once',
    at: (delta) =>
      countConcurrentOffers(inWave(2), theLimits({ declinesBeforeParallel: 1, parallelOffers: 3 + delta })),
    expected: [2, 3, 4],
  },
  detourMinutes: {
    governs: 'how long food may travel because of another order',
    at: (delta) => isShortEnough(7 * MINUTE + delta),
    expected: [true, true, false],
  },
  matchWindowSeconds: {
    governs: 'which orders are matched together: in a window from its start, without its end',
    at: (delta) =>
      (computeWindowEndMs(START_MS + 20 * SECOND + delta, theLimits({ matchWindowSeconds: 20 })) - START_MS) / SECOND,
    expected: [20, 40, 40],
  },
};

/** A packet may not be sent more often than every four seconds, which the rules check. */
function savesZone(position: Partial<ZoneLimits['position']>): boolean {
  const zone = aZone();
  return checkZone({ ...zone, limits: { ...zone.limits, position: { ...zone.limits.position, ...position } } }, zone)
    .ok;
}

const POSITION: Readonly<Record<string, LimitCase>> = {
  'position.fixSeconds': {
    governs: 'how often phones take a fix',
    at: (delta) => savesZone({ fixSeconds: 4 + delta, fixesPerPacket: 1 }),
    expected: [false, true, true],
  },
  'position.fixesPerPacket': {
    governs: 'how many fixes a packet has',
    at: (delta) => savesZone({ fixSeconds: 2, fixesPerPacket: 2 + delta }),
    expected: [false, true, true],
  },
};

function doubts(evidence: Partial<DeliveryEvidence>, changes: Partial<ZoneLimits['credibility']> = {}): string {
  const { credibility } = theLimits();
  const found = findDoubts(
    {
      pickUpAt: KITCHEN_AT,
      dropOff: DOOR_AT,
      pickedUpAtMs: START_MS,
      atDoorMs: START_MS + HOUR,
      endedAtMs: START_MS + HOUR,
      vehicle: 'bicycle',
      position: { fixes: [{ ...DOOR_AT, agoMs: 0 }], at: START_MS + HOUR },
      photoSeen: false,
      ...evidence,
    },
    { ...credibility, ...changes },
  );
  return found.join() || 'none';
}

const METERS = distanceMeters(KITCHEN_AT, DOOR_AT);
/** The shortest ride at 10 m/s between the edges of both geofences, less a second for different clocks. */
const SHORTEST_MS = Math.ceil((METERS - 300) * 100) - SECOND;

const speedCase = (vehicle: Vehicle): LimitCase => ({
  governs: `how fast a delivery by ${vehicle} may be`,
  at: (delta) => {
    const { fastestMetersPerSecond } = theLimits().credibility;
    const limits = { fastestMetersPerSecond: { ...fastestMetersPerSecond, [vehicle]: 10 } };
    return doubts({ vehicle, atDoorMs: START_MS + SHORTEST_MS + delta }, limits);
  },
  expected: ['speed', 'none', 'none'],
});

const CREDIBILITY: Readonly<Record<string, LimitCase>> = {
  ...Object.fromEntries(
    VEHICLES.map((vehicle) => [`credibility.fastestMetersPerSecond.${vehicle}`, speedCase(vehicle)] as const),
  ),
  'credibility.streamMaxAgeSeconds': {
    governs: 'how old the last position at a delivery may be',
    at: (delta) => doubts({ endedAtMs: START_MS + HOUR + 7 * SECOND + delta }, { streamMaxAgeSeconds: 7 }),
    expected: ['none', 'none', 'position_stale'],
  },
  'credibility.streamMaxMeters': {
    governs: 'how far from the door the last position may be',
    at: (delta) =>
      doubts(
        { position: { fixes: [{ ...KITCHEN_AT, agoMs: 0 }], at: START_MS + HOUR } },
        { streamMaxMeters: Math.ceil(METERS) + delta },
      ),
    expected: ['position_far', 'none', 'none'],
  },
};

/** Every limit that a pure function decides, by its path in `ZoneLimits`. */
export const LIMIT_CASES: Readonly<Record<string, LimitCase>> = {
  ...DEADLINES,
  ...STEPS,
  ...CLAIMS,
  ...TRUST,
  ...DISPATCH,
  ...POSITION,
  ...CREDIBILITY,
};
