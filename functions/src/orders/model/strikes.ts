import type { Order, OrderEvent, OrderStatus } from '../../contract/orders.js';
import type { StoreStrike, StoreStrikes } from '../../contract/strikes.js';
import { MAX_STRIKES, type ZoneLimits } from '../../contract/zones.js';

const DAY_MS = 24 * 3_600_000;

const AFTER_PICK_UP: readonly OrderStatus[] = ['picked_up', 'undeliverable'];

/**
 * True for a step by which a kitchen gets a strike: each cancellation before the pick-up for which it is liable. Its own
 * one, an operator's at its cost, that of a proposal without an answer, and that of an order that its kitchen made late.
 */
export function isStrike({ action, from, liable }: OrderEvent): boolean {
  return action === 'cancel' && liable === 'merchant' && from !== null && !AFTER_PICK_UP.includes(from);
}

/** True where the order's last cancellation was a strike, which a restoration takes back. */
export function hadStrike({ events }: Pick<Order, 'events'>): boolean {
  const cancelled = events.findLast(({ action }) => action === 'cancel');
  return cancelled !== undefined && isStrike(cancelled);
}

/** Builds the strike of a cancelled order. */
export function toStrike({ code }: Pick<Order, 'code'>, { by, from, to, atMs }: OrderEvent): StoreStrike {
  return { code, status: from ?? to, by, atMs };
}

/** Adds a strike to those that are not forgotten; the oldest go first where there are too many. */
export function addStrike(
  before: StoreStrikes['strikes'],
  orderId: string,
  strike: StoreStrike,
  limits: Pick<ZoneLimits, 'strikeDays'>,
): StoreStrikes {
  const kept = listStrikes(before, strike.atMs, limits).filter(([id]) => id !== orderId);
  const all: [string, StoreStrike][] = [...kept, [orderId, strike]];
  const latest = all.toSorted(([, a], [, b]) => a.atMs - b.atMs).slice(-MAX_STRIKES);
  return { strikes: Object.fromEntries(latest), expireAt: strike.atMs + limits.strikeDays * DAY_MS };
}

/** Counts the strikes that are not forgotten. */
export function countStrikes(
  strikes: StoreStrikes['strikes'],
  nowMs: number,
  limits: Pick<ZoneLimits, 'strikeDays'>,
): number {
  return listStrikes(strikes, nowMs, limits).length;
}

function listStrikes(
  strikes: StoreStrikes['strikes'],
  nowMs: number,
  { strikeDays }: Pick<ZoneLimits, 'strikeDays'>,
): [string, StoreStrike][] {
  return Object.entries(strikes).filter(([, { atMs }]) => atMs > nowMs - strikeDays * DAY_MS);
}
