import type { Role } from '../../contract/common.js';
import type { LiableParty, Order } from '../../contract/orders.js';
import type { SettlementScope } from '../../contract/pricing.js';
import type { ZoneLimits } from '../../contract/zones.js';
import { accept, refuse, type Outcome } from '../../core/outcome.js';
import type { Facts } from './order-command.js';
import { MAX_WRONG_PINS } from './guards.js';
import { computePromiseReport } from './delivery-promise.js';

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
  { nowMs, limits, storeIsOffline = false }: Pick<Facts, 'nowMs' | 'limits' | 'storeIsOffline'>,
): Outcome<Verdict> {
  switch (by) {
    case 'customer':
      return accept(
        verdictOnDelay(order, nowMs, limits) ?? { liable: 'customer', scope: customerScope(order, nowMs, limits) },
      );
    case 'merchant':
      return accept({ liable: 'merchant', scope: 'none' });
    case 'system':
      return accept(systemVerdict(order, reason, storeIsOffline));
    case 'operator':
      if (!named) return refuse('LIABLE_PARTY_REQUIRED');
      return accept({ liable: named, scope: scopeByLiability(order, named) });
    case 'courier':
      return refuse('ROLE_NOT_ALLOWED', { role: by });
  }
}

/** Only before the pick-up: later the customer contacts support. */
const CAN_BE_LATE: readonly Order['status'][] = ['accepted', 'preparing', 'ready'];

/**
 * Decides who bears the cancellation of an order that is late beyond the zone's tolerance. The kitchen, which is not
 * paid, where its delay exceeds that of all legs after it; otherwise the courier or the platform, depending on the
 * longer delay, and the kitchen is paid. Null for an order that can still arrive in time: the customer bears it. A
 * kitchen that announced a later time is late by that. A pickup order that is ready is as late as it was when it became
 * ready.
 */
function verdictOnDelay(order: Order, nowMs: number, limits: ZoneLimits): Verdict | null {
  if (!CAN_BE_LATE.includes(order.status)) return null;
  const leavesAtMs = order.status === 'ready' ? nowMs : Math.max(nowMs, order.readyAtMs ?? nowMs);
  const { legs, counterMs } = computePromiseReport(order, leavesAtMs);
  const waitsForCustomer = order.kind === 'pickup' && order.status === 'ready';
  const lateMs = waitsForCustomer ? legs.kitchen : leavesAtMs + order.travelSeconds * 1000 - order.promisedAtMs;
  if (lateMs <= limits.lateToleranceMinutes * MINUTE_MS) return null;
  if (legs.kitchen >= legs.dispatch + legs.courier + counterMs) return { liable: 'merchant', scope: 'none' };
  const isCouriers = legs.courier > legs.dispatch && legs.courier > counterMs;
  return { liable: isCouriers ? 'courier' : 'platform', scope: 'platformPaysKitchen' };
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
 * pays, for a delivery the platform pays the kitchen. The kitchen bears items that it could not replace.
 */
function systemVerdict(order: Order, reason: string, storeIsOffline: boolean): Verdict {
  if (reason === 'edit_unanswered') return { liable: 'merchant', scope: 'none' };
  if (reason === 'hold_lapses') return { liable: 'platform', scope: scopeByLiability(order, 'platform') };
  if (order.status !== 'ready') return { liable: 'customer', scope: 'none' };
  // After too many wrong PINs the kitchen may have had the customer at its counter, and after going offline it may have
  // been closed for the customer.
  return order.kind === 'pickup' && (order.wrongPins ?? 0) < MAX_WRONG_PINS && !storeIsOffline
    ? { liable: 'customer', scope: 'itemsAndDelivery' }
    : { liable: 'platform', scope: 'platformPaysKitchen' };
}

/** Decides what is charged when an operator named the liable party: at a cancellation, and when food is returned. */
export function scopeByLiability(order: Order, liable: LiableParty): SettlementScope {
  if (liable === 'customer') return customerPays(order);
  // The courier's ride is paid, even if another party is liable for the food.
  if (liable === 'merchant') return wasPickedUp(order) ? 'platformPaysCourier' : 'none';
  const kitchenWorked = !['scheduled', 'placed'].includes(order.status);
  return kitchenWorked ? 'platformPaysKitchen' : 'none';
}

const wasPickedUp = ({ status }: Order): boolean => status === 'picked_up' || status === 'undeliverable';
