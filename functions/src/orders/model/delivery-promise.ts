import type { Late, Leg, Order, OrderEvent } from '../../contract/orders.js';
import type { ZoneLimits } from '../../contract/zones.js';

const MINUTE_MS = 60_000;

/** How late an order arrived at the door, and how long each leg was late, in milliseconds. */
export interface PromiseReport {
  lateMs: number;
  legs: Readonly<Record<Leg, number>>;
  /** How long the courier reports to have waited for food that the kitchen reported as ready: either may be wrong. */
  counterMs: number;
}

/**
 * Compares the promise with the actual times, from the events alone. The kitchen is liable for the time by which it was
 * ready later than promised; dispatch for food that was ready before a courier was found; the courier for the ride to
 * the counter after that, and for a ride longer than the quoted one. No party is liable for a wait at the counter. A
 * customer who lets the courier wait at the door does not make the order late. Where another courier took over the food,
 * the time until then is dispatch's. The ride of the restaurant's own rider is the kitchen's. Steps before a
 * cancellation that an operator undid do not count: the kitchen cooks again. The time until the order was restored is
 * dispatch's, so the platform's, unless the kitchen cancelled it.
 */
export function computePromiseReport(
  order: Pick<Order, 'events' | 'promisedAtMs' | 'travelSeconds' | 'rider'>,
  nowMs: number,
): PromiseReport {
  const { promisedAtMs, travelSeconds } = order;
  const events = listEventsSince(order.events, ['restore']);
  const at = (...actions: OrderEvent['action'][]) =>
    events.findLast(({ action }) => actions.includes(action))?.atMs ?? nowMs;
  const [readyMs, assignedMs, pickedUpMs, doorMs] = [
    at('markReady'),
    at('assign', 'sendRider'),
    at('pickUp'),
    findCredibleDoorMs({ events }) ?? nowMs,
  ];
  const since = (fromMs: number, toMs: number) => Math.max(0, toMs - fromMs);
  const takenOverMs = findRideStart(events)?.atMs ?? pickedUpMs;
  const counterMs = Math.min(findCounterArrivalMs({ events }) ?? pickedUpMs, pickedUpMs);
  const pausedMs = computePausedMs(order);
  const kitchen = since(promisedAtMs - travelSeconds * 1000 + pausedMs, readyMs);
  const dispatch = since(readyMs, assignedMs) + since(pickedUpMs, takenOverMs) + pausedMs;
  const ride = since(Math.max(readyMs, assignedMs), counterMs) + since(takenOverMs + travelSeconds * 1000, doorMs);
  const isOwn = order.rider?.type === 'own';
  return {
    lateMs: since(promisedAtMs, doorMs),
    legs: isOwn ? { kitchen: kitchen + ride, dispatch, courier: 0 } : { kitchen, dispatch, courier: ride },
    counterMs: since(Math.max(readyMs, counterMs), pickedUpMs),
  };
}

/** Sums the times in which the order was cancelled and could not be cooked, without the kitchen's doing. */
function computePausedMs({ events }: Pick<Order, 'events'>): number {
  const pauses = events.map(({ action, atMs }, index) =>
    action === 'restore' ? computePauseMs({ events: events.slice(0, index) }, atMs) : 0,
  );
  return pauses.reduce((total, pause) => total + pause, 0);
}

/** Computes how long a cancelled order has not been cooked when an operator restores it; 0 where the kitchen cancelled it. */
export function computePauseMs({ events }: Pick<Order, 'events'>, nowMs: number): number {
  const cancelled = events.findLast(({ from, to }) => from !== 'cancelled' && to === 'cancelled');
  return !cancelled || cancelled.by === 'merchant' ? 0 : Math.max(0, nowMs - cancelled.atMs);
}

/** Computes the promise of a step from now on: the slot, or the quoted preparation and the ride. Epoch ms. */
export function computePromiseMs(
  { scheduledForMs, prepMinutes, travelSeconds }: Pick<Order, 'scheduledForMs' | 'prepMinutes' | 'travelSeconds'>,
  nowMs: number,
): number {
  return scheduledForMs ?? nowMs + prepMinutes * MINUTE_MS + travelSeconds * 1000;
}

/**
 * Computes when the order is expected now: as promised, or later where the kitchen announced a longer preparation.
 * Epoch ms.
 */
export function computeExpectedMs({
  promisedAtMs,
  readyAtMs,
  travelSeconds,
}: Pick<Order, 'promisedAtMs' | 'readyAtMs' | 'travelSeconds'>): number {
  return Math.max(promisedAtMs, (readyAtMs ?? 0) + travelSeconds * 1000);
}

/** True where the ride to the door begins: the courier picked up the food, or took it over from another courier. */
const isRideStart = ({ action, from }: OrderEvent): boolean =>
  action === 'pickUp' || (action === 'handOver' && from === 'picked_up');

/** Finds the event with which the last ride to the door began; undefined before the pick-up. */
export function findRideStart(events: readonly OrderEvent[]): OrderEvent | undefined {
  return events.findLast(isRideStart);
}

/** Lists the events since the last ride to the door began; all events before the pick-up. */
export function listRideEvents(events: readonly OrderEvent[]): OrderEvent[] {
  return events.slice(events.findLastIndex(isRideStart) + 1);
}

/** Reads the ready time of the kitchen's last announced delay; undefined without one, or where it cooks again. Epoch ms. */
export function findAnnouncedMs({ events }: Pick<Order, 'events'>): number | undefined {
  return listEventsSince(events, ['restore']).findLast(({ action }) => action === 'delay')?.readyAtMs;
}

/**
 * Computes when the customer was last notified to expect the order: as promised, or later by an announced delay. The
 * customer's and the courier's own deadlines count from it. Epoch ms.
 */
export function computeAnnouncedPromiseMs(
  { promisedAtMs, travelSeconds }: Pick<Order, 'promisedAtMs' | 'travelSeconds'>,
  announcedMs: number | undefined,
): number {
  return Math.max(promisedAtMs, (announcedMs ?? 0) + travelSeconds * 1000);
}

/** Reads when the courier reported to be at the customer's door, credible or not; undefined without a report. */
export function findDoorArrivalMs({ events }: Pick<Order, 'events'>): number | undefined {
  return listRideEvents(events).find(isDoorArrival)?.atMs;
}

/** Reads when the courier was at the customer's door by the first credible arrival or call; undefined without one. */
function findCredibleDoorMs({ events }: Pick<Order, 'events'>): number | undefined {
  return listRideEvents(events).find((event) => isDoorReport(event) && !event.review)?.atMs;
}

/** True for a report by which the courier is at the customer's door: an arrival or a call. */
export function isDoorReport(event: OrderEvent): boolean {
  return isDoorArrival(event) || event.action === 'contact';
}

const isDoorArrival = ({ action, from }: OrderEvent): boolean => action === 'arrive' && from === 'picked_up';

/** True where the current courier has arrived at the counter. */
export function isAtCounter({ events, courierId }: Pick<Order, 'events' | 'courierId'>): boolean {
  return courierId !== null && findCounterArrivalMs({ events }) !== undefined;
}

/** Reads when the courier who accepted the order last arrived at the counter; undefined without a credible report. */
export function findCounterArrivalMs({ events }: Pick<Order, 'events'>): number | undefined {
  return listEventsSince(events, ATTEMPT_BEGINS).find(
    (event) => event.action === 'arrive' && event.from !== 'picked_up' && !event.review,
  )?.atMs;
}

/** True where the current courier has left the counter with the food. */
export function isPickedUp({ events }: Pick<Order, 'events'>): boolean {
  return listEventsSince(events, ATTEMPT_BEGINS).some((event) => event.action === 'pickUp');
}

/** The courier accepted the order, or an operator restored it, which removes its courier. */
const ATTEMPT_BEGINS = ['assign', 'restore'] as const;

/** Lists the events after the last of these actions; all events where none of them occurred. */
function listEventsSince(events: readonly OrderEvent[], actions: readonly OrderEvent['action'][]): OrderEvent[] {
  return events.slice(events.findLastIndex(({ action }) => actions.includes(action)) + 1);
}

/**
 * Computes the credit for a late order's customer, and the liable leg: the one with the longest delay, the earlier of
 * two. Null when it was in time, or where the zone grants none.
 */
export function computeLateCredit(order: Order, nowMs: number, { lateCredit: tiers }: ZoneLimits): Late | null {
  const { lateMs, legs: own, counterMs } = computePromiseReport(order, nowMs);
  // Food that waits beside a courier at the counter may wait for either, so the platform bears it, as in a cancellation.
  const legs = { ...own, dispatch: own.dispatch + counterMs };
  const tier = tiers.filter(({ overMinutes }) => lateMs > overMinutes * MINUTE_MS).at(-1);
  if (!tier) return null;
  const creditMinor = Math.min(
    tier.maxMinor,
    Math.floor((order.totals.itemsMinor * tier.ratePpm + 500_000) / 1_000_000),
  );
  const leg = LEGS_IN_ORDER.reduce((worst, one) => (legs[one] > legs[worst] ? one : worst));
  return creditMinor === 0 ? null : { minutes: Math.floor(lateMs / MINUTE_MS), leg, creditMinor };
}

/**
 * True where an order that is delivered now is late enough for a credit. An arrival that was said before may show less.
 */
export function mayEarnLateCredit(
  { promisedAtMs }: Pick<Order, 'promisedAtMs'>,
  nowMs: number,
  { lateCredit: tiers }: ZoneLimits,
): boolean {
  return tiers.some(({ overMinutes }) => nowMs - promisedAtMs > overMinutes * MINUTE_MS);
}

const LEGS_IN_ORDER: readonly [Leg, ...Leg[]] = ['kitchen', 'dispatch', 'courier'];
