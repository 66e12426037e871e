import type { Late, Leg, Order, OrderEvent } from '../../contract/orders.js';
import type { ZoneLimits } from '../../contract/zones.js';

const MINUTE_MS = 60_000;

/** How late an order came to the door, and how long each leg of its way was in default, in milliseconds. */
export interface PromiseReport {
  lateMs: number;
  legs: Readonly<Record<Leg, number>>;
  /** How long the courier says to have waited for food that the kitchen says was ready: either may be wrong. */
  counterMs: number;
}

/**
 * Promised against actual, from the events alone. The kitchen answers for what it was ready later than promised;
 * dispatch for food that stood ready while nobody had been found; the courier for the way to the counter after that,
 * and for a ride longer than the quoted one. Nobody answers for a wait at the counter. Whoever lets the courier wait at
 * the door is not late for it.
 */
export function keptPromise(
  order: Pick<Order, 'events' | 'promisedAtMs' | 'travelSeconds'>,
  nowMs: number,
): PromiseReport {
  const { events, promisedAtMs, travelSeconds } = order;
  const at = (action: OrderEvent['action']) => events.findLast((event) => event.action === action)?.atMs ?? nowMs;
  const [readyMs, assignedMs, pickedUpMs, doorMs] = [
    at('markReady'),
    at('assign'),
    at('pickUp'),
    atDoorMs(order) ?? nowMs,
  ];
  const since = (fromMs: number, toMs: number) => Math.max(0, toMs - fromMs);
  const counterMs = Math.min(atCounterMs(order) ?? pickedUpMs, pickedUpMs);
  return {
    lateMs: since(promisedAtMs, doorMs),
    legs: {
      kitchen: since(promisedAtMs - travelSeconds * 1000, readyMs),
      dispatch: since(readyMs, assignedMs),
      courier: since(Math.max(readyMs, assignedMs), counterMs) + since(pickedUpMs + travelSeconds * 1000, doorMs),
    },
    counterMs: since(Math.max(readyMs, counterMs), pickedUpMs),
  };
}

/** What a step from now on promises: the slot, or the quoted preparation and the way. Epoch ms. */
export function promiseAtMs(
  { scheduledForMs, prepMinutes, travelSeconds }: Pick<Order, 'scheduledForMs' | 'prepMinutes' | 'travelSeconds'>,
  nowMs: number,
): number {
  return scheduledForMs ?? nowMs + prepMinutes * MINUTE_MS + travelSeconds * 1000;
}

/** When the order is expected now: as promised, or later where the kitchen announced a longer preparation. Epoch ms. */
export function expectedAtMs({
  promisedAtMs,
  readyAtMs,
  travelSeconds,
}: Pick<Order, 'promisedAtMs' | 'readyAtMs' | 'travelSeconds'>): number {
  return Math.max(promisedAtMs, (readyAtMs ?? 0) + travelSeconds * 1000);
}

/** When the courier came to the customer's door; undefined when nobody has said so. */
export function atDoorMs({ events }: Pick<Order, 'events'>): number | undefined {
  const pickedUp = events.findLastIndex((event) => event.action === 'pickUp');
  return events.slice(pickedUp + 1).find((event) => event.action === 'arrive' && event.from === 'picked_up')?.atMs;
}

/** Has the courier who has the order now come to the counter? */
export function isAtCounter({ events, courierId }: Pick<Order, 'events' | 'courierId'>): boolean {
  return courierId !== null && atCounterMs({ events }) !== undefined;
}

/** When the courier who took the order last came to the counter; undefined when nobody has said so credibly. */
function atCounterMs({ events }: Pick<Order, 'events'>): number | undefined {
  const assigned = events.findLastIndex((event) => event.action === 'assign');
  return events
    .slice(assigned + 1)
    .find((event) => event.action === 'arrive' && event.from !== 'picked_up' && !event.review)?.atMs;
}

/**
 * What a late order's customer is given back, and the leg that answers for it: the one that took longest too long, the
 * earlier of two. Null when it was in time, or where the zone gives nothing.
 */
export function lateCredit(order: Order, nowMs: number, { lateCredit: tiers }: ZoneLimits): Late | null {
  const { lateMs, legs: own, counterMs } = keptPromise(order, nowMs);
  // The kitchen can record the hand-over itself, which ends a wait at the counter: one that does not answers for it.
  const legs = { ...own, kitchen: own.kitchen + counterMs };
  const tier = tiers.filter(({ overMinutes }) => lateMs > overMinutes * MINUTE_MS).at(-1);
  if (!tier) return null;
  const creditMinor = Math.min(
    tier.maxMinor,
    Math.floor((order.totals.itemsMinor * tier.ratePpm + 500_000) / 1_000_000),
  );
  const leg = LEGS_IN_ORDER.reduce((worst, one) => (legs[one] > legs[worst] ? one : worst));
  return creditMinor === 0 ? null : { minutes: Math.floor(lateMs / MINUTE_MS), leg, creditMinor };
}

/** Is an order that comes to the door now late enough for a credit? An arrival that was said before may show less. */
export function mayEarnLateCredit(
  { promisedAtMs }: Pick<Order, 'promisedAtMs'>,
  nowMs: number,
  { lateCredit: tiers }: ZoneLimits,
): boolean {
  return tiers.some(({ overMinutes }) => nowMs - promisedAtMs > overMinutes * MINUTE_MS);
}

const LEGS_IN_ORDER: readonly [Leg, ...Leg[]] = ['kitchen', 'dispatch', 'courier'];
