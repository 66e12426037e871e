import type { Role } from '../../contract/common.js';
import type { LiableParty, Order } from '../../contract/orders.js';
import type { SettlementScope } from '../../contract/pricing.js';
import type { ZoneLimits } from '../../contract/zones.js';
import { accept, refuse, type Outcome } from '../../core/outcome.js';
import type { Facts } from './order-command.js';
import { MAX_WRONG_PINS } from './guards.js';
import {
  computeAnnouncedPromiseMs,
  computePromiseReport,
  findAnnouncedMs,
  isAtCounter,
  type PromiseReport,
} from './delivery-promise.js';
import { findEnteredAtMs } from './order-history.js';
import { computeOpenTime } from '../../hours/open-time.js';

const MINUTE_MS = 60_000;

export interface Verdict {
  liable: LiableParty;
  scope: SettlementScope;
}

/**
 * Decides who bears a cancellation, and what is charged. An operator must name the liable party; for others their own
 * role decides.
 */
export function decideCancellation(
  order: Order,
  by: Role,
  { reason, liable: named }: { reason: string; liable?: LiableParty | undefined },
  { nowMs, limits, storeIsUnmanned = false }: Pick<Facts, 'nowMs' | 'limits' | 'storeIsUnmanned'>,
): Outcome<Verdict> {
  switch (by) {
    case 'customer':
      return accept(
        verdictOnDelay(order, nowMs, limits) ?? { liable: 'customer', scope: customerScope(order, nowMs, limits) },
      );
    case 'merchant':
      return accept({ liable: 'merchant', scope: scopeByLiability(order, 'merchant') });
    case 'system':
      return accept(systemVerdict(order, reason, { nowMs, limits, storeIsUnmanned }));
    case 'operator':
      if (!named) return refuse('LIABLE_PARTY_REQUIRED');
      return accept({ liable: named, scope: scopeByLiability(order, named) });
    case 'courier':
      return refuse('ROLE_NOT_ALLOWED', { role: by });
  }
}

/**
 * Decides who bears the end of an order that is late beyond the zone's tolerance. The kitchen, which is not paid, where
 * its delay exceeds that of all legs after it; otherwise the courier or the platform, depending on the longer delay,
 * and the kitchen is paid. Null for an order that is not that late: the customer bears it.
 */
export function verdictOnDelay(order: Order, nowMs: number, limits: ZoneLimits): Verdict | null {
  const delay = computeDelay(order, nowMs);
  if (!delay || delay.lateMs <= limits.lateToleranceMinutes * MINUTE_MS) return null;
  return { liable: delay.liable, scope: scopeByLiability(order, delay.liable) };
}

interface Delay {
  lateMs: number;
  liable: LiableParty;
}

/**
 * A kitchen that announced a later time is late by that. A pickup order that is ready is as late as it was when it
 * became ready; food that could not be delivered, as late as the courier was credibly at the door.
 */
function computeDelay(order: Order, nowMs: number): Delay | null {
  switch (order.status) {
    case 'accepted':
    case 'preparing':
      return delayUntil(order, Math.max(nowMs, order.readyAtMs ?? nowMs));
    case 'ready': {
      if (order.kind === 'delivery') return delayUntil(order, nowMs);
      return { lateMs: computePromiseReport(order, nowMs).legs.kitchen, liable: 'merchant' };
    }
    case 'undeliverable': {
      const failedAtMs = order.events.findLast(({ action }) => action === 'fail')?.atMs ?? nowMs;
      const report = computePromiseReport(order, failedAtMs);
      return { lateMs: report.lateMs, liable: liableForDelay(report) };
    }
    default:
      return null;
  }
}

/** Of an order that can leave the counter at `leavesAtMs` at the earliest. */
function delayUntil(order: Order, leavesAtMs: number): Delay {
  const lateMs = leavesAtMs + order.travelSeconds * 1000 - order.promisedAtMs;
  return { lateMs, liable: liableForDelay(computePromiseReport(order, leavesAtMs)) };
}

function liableForDelay({ legs, counterMs }: PromiseReport): LiableParty {
  if (legs.kitchen >= legs.dispatch + legs.courier + counterMs) return 'merchant';
  return legs.courier > legs.dispatch && legs.courier > counterMs ? 'courier' : 'platform';
}

/**
 * Decides the customer's own cancellation: free until accepted and for a grace period after, then dearer with every
 * state.
 */
function customerScope(order: Order, nowMs: number, limits: ZoneLimits): SettlementScope {
  return isInGrace(order, nowMs, limits) ? 'none' : customerPays(order);
}

/** Only a kitchen that begins to cook ends the grace period: one that reports at once that it is ready does not. */
function isInGrace({ status, events }: Order, nowMs: number, { cancelGraceSeconds }: ZoneLimits): boolean {
  const accepted = events.findLastIndex((event) => event.action === 'accept');
  const hasBegun = events.slice(accepted + 1).some((event) => event.action === 'startPreparing');
  const inTime = nowMs - (events[accepted]?.atMs ?? 0) <= cancelGraceSeconds * 1000;
  return (status === 'accepted' || status === 'ready') && !hasBegun && inTime;
}

function customerPays(order: Order): SettlementScope {
  switch (order.status) {
    case 'accepted':
    case 'preparing':
      return 'items';
    case 'ready':
      return 'itemsAndDelivery';
    case 'picked_up':
    case 'undeliverable':
      return 'allLessTip';
    default:
      return 'none';
  }
}

/**
 * Decides a cancellation by the system. An order that is ready but was not collected: the customer of a pickup order
 * pays, for a delivery the platform pays the kitchen. The kitchen bears items that it could not replace. Where the hold
 * expires, only a kitchen that is ready is paid: its PaymentIntent lasted for days.
 */
function systemVerdict(
  order: Order,
  reason: string,
  { nowMs, limits, storeIsUnmanned }: Pick<Facts, 'nowMs' | 'limits'> & { storeIsUnmanned: boolean },
): Verdict {
  if (reason === 'edit_unanswered') return { liable: 'merchant', scope: scopeByLiability(order, 'merchant') };
  if (reason === 'hold_lapses')
    return { liable: 'platform', scope: order.status === 'ready' ? 'platformPaysKitchen' : 'none' };
  if (order.status !== 'ready') return { liable: 'customer', scope: 'none' };
  const platformPays: Verdict = { liable: 'platform', scope: 'platformPaysKitchen' };
  if (order.kind === 'delivery') return platformPays;
  const onDelay = verdictOnDelay(order, nowMs, limits);
  if (onDelay) return onDelay;
  // After too many wrong PINs the kitchen may have had the customer at its counter.
  const hadVisitor = (order.wrongPins ?? 0) >= MAX_WRONG_PINS;
  const wasOpen = !storeIsUnmanned && wasOpenForNoShow(order, nowMs, limits);
  return hadVisitor || !wasOpen ? platformPays : { liable: 'customer', scope: 'itemsAndDelivery' };
}

/** From then on the customer of a pickup order that is ready should come. Epoch ms. */
export function computeCollectionStartMs(order: Order): number {
  return Math.max(findEnteredAtMs(order), computeAnnouncedPromiseMs(order, findAnnouncedMs(order)));
}

/** Without staff, or after its hours, the kitchen may have been closed for the customer. */
function wasOpenForNoShow(order: Order, nowMs: number, { noShowMinutes }: ZoneLimits): boolean {
  return computeOpenTime(order.openings, computeCollectionStartMs(order), nowMs) >= noShowMinutes * MINUTE_MS;
}

/** Decides what is charged when an operator named the liable party: at a cancellation, and when food is returned. */
export function scopeByLiability(order: Order, liable: LiableParty): SettlementScope {
  if (liable === 'customer') return customerPays(order);
  // The courier's ride is paid, even if another party is liable for the food.
  if (liable === 'merchant' && wasPickedUp(order)) return 'platformPaysCourier';
  if (liable === 'merchant') return isAtCounter(order) ? 'merchantPaysCourier' : 'none';
  const kitchenWorked = !['scheduled', 'placed'].includes(order.status);
  return kitchenWorked ? 'platformPaysKitchen' : 'none';
}

const wasPickedUp = ({ status }: Order): boolean => status === 'picked_up' || status === 'undeliverable';
