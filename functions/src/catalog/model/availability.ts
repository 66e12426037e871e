import { proposePrepMinutes, type PrepFacts } from './prep-times.js';
import { lookUp } from '../../core/look-up.js';
import type { OrderKind } from '../../contract/common.js';
import type { Order } from '../../contract/orders.js';
import type { Restaurant } from '../../contract/restaurants.js';
import { accept, refuse, type Outcome } from '../../core/outcome.js';
import { selectHours, acceptsOrdersAt, listOpenings } from '../../hours/hours.js';
import { canBeReadyAt } from '../../hours/slot-times.js';

const MINUTE_MS = 60_000;

/**
 * True where the restaurant accepts orders of this kind at this time: it offers them, is allowed to, online (a pause ends by itself) and
 * within its hours.
 */
export function isOpen(restaurant: Restaurant, kind: OrderKind, nowMs: number): boolean {
  const { hours, timeZone } = restaurant;
  const isWithinHours = hours === null || acceptsOrdersAt(selectHours(hours, kind), timeZone, nowMs);
  return restaurant.kinds.includes(kind) && isOnline(restaurant, nowMs) && isWithinHours;
}

/** True where the restaurant is allowed to accept orders, and is neither offline nor paused at this time. */
function isOnline({ canGoOnline, availability, pausedUntilMs }: Restaurant, atMs: number): boolean {
  const paused = availability === 'paused' && (pausedUntilMs === null || pausedUntilMs > atMs);
  return canGoOnline && availability !== 'offline' && !paused;
}

/**
 * True where the restaurant accepts an order for now or for a slot. For a slot it need not be open now: it must not be
 * closed until further notice.
 */
export function acceptsOrder(
  restaurant: Restaurant,
  { kind, scheduledForMs }: { kind: OrderKind; scheduledForMs: number | null },
  nowMs: number,
): boolean {
  if (scheduledForMs === null) return isOpen(restaurant, kind, nowMs);
  return restaurant.canGoOnline && restaurant.availability !== 'offline';
}

/** Refuses a kind of order that the restaurant does not offer. */
export const checkKind = ({ kinds }: Pick<Restaurant, 'kinds'>, kind: OrderKind): Outcome<OrderKind> =>
  kinds.includes(kind) ? accept(kind) : refuse('KIND_NOT_OFFERED', { kind });

/** The facts of a paid order on which its automatic acceptance depends. */
type PaidOrder = Pick<Order, 'kind' | 'scheduledForMs' | 'travelSeconds' | 'prepMinutes' | 'createdAtMs'>;

/**
 * True where a restaurant with automatic acceptance can cook a paid order: it is online; for an order for
 * now it is open, for a slot it is open from now until the food is ready. The last order of a period is that of the
 * placement: the payment may take longer.
 */
export function canAcceptAutomatically(restaurant: Restaurant, order: PaidOrder, nowMs: number): boolean {
  if (!isOnline(restaurant, nowMs)) return false;
  const { hours, timeZone } = restaurant;
  const { kind, scheduledForMs, travelSeconds, prepMinutes, createdAtMs } = order;
  if (scheduledForMs === null)
    return hours === null || listOpenings(selectHours(hours, kind), timeZone, nowMs, nowMs + 1).length > 0;
  const readyMs = Math.max(scheduledForMs - travelSeconds * 1000, nowMs + prepMinutes * MINUTE_MS);
  return canBeReadyAt({ ...restaurant, prepMinutes }, kind, readyMs, { nowMs: createdAtMs, acceptMinutes: 0 });
}

/** Computes the kitchen's preparation time in minutes: as proposed, and longer while it is busy. */
export function computePrepMinutes(restaurant: Restaurant, facts: PrepFacts): number {
  return proposePrepMinutes(restaurant, facts) + computeBusyMinutes(restaurant, facts.nowMs);
}

/** Returns the minutes that a busy kitchen needs more; 0 where it is not. */
export function computeBusyMinutes({ busy }: Restaurant, nowMs: number): number {
  return busy && busy.untilMs > nowMs ? busy.extraMinutes : 0;
}

/** Every client reads the restaurant's document: it holds at most as many ids as a menu. */
const MAX_SOLD_OUT = 1000;
/** Until further notice. */
const NO_END_MS = Number.MAX_SAFE_INTEGER;

/**
 * Computes what is sold out after a change: null means until further notice; a past time makes the item available
 * again.
 */
export function computeSoldOut(
  soldOut: Restaurant['soldOut'],
  ids: readonly string[],
  untilMs: number | null,
  nowMs: number,
): Outcome<Restaurant['soldOut']> {
  const changed = { ...soldOut, ...Object.fromEntries(ids.map((id) => [id, untilMs ?? NO_END_MS])) };
  const gone = filterSoldOut(changed, nowMs);
  // A list that is longer already may become shorter.
  return gone.length > Math.max(MAX_SOLD_OUT, filterSoldOut(soldOut, nowMs).length)
    ? refuse('INPUT_TOO_LARGE', { max: MAX_SOLD_OUT })
    : accept(Object.fromEntries(gone));
}

/**
 * Computes what is sold out after a rejected order, whose items are sold out until `untilMs` or longer. The rejection succeeds
 * with a full list, too: the items for which there is no room are left out.
 */
export function addSoldOut(
  soldOut: Restaurant['soldOut'],
  ids: readonly string[],
  untilMs: number,
  nowMs: number,
): Restaurant['soldOut'] {
  const named = new Set(ids);
  const others = filterSoldOut(soldOut, nowMs).filter(([id]) => !named.has(id));
  const added = [...named]
    .slice(0, Math.max(0, MAX_SOLD_OUT - others.length))
    .map((id) => [id, Math.max(untilMs, lookUp(soldOut, id) ?? 0)] as const);
  return Object.fromEntries([...others, ...added]);
}

const filterSoldOut = (soldOut: Restaurant['soldOut'], nowMs: number): [string, number][] =>
  Object.entries(soldOut).filter(([, endMs]) => endMs > nowMs);
