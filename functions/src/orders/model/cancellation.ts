import type { Role } from '../../contract/common.js';
import type { LiableParty, Order } from '../../contract/orders.js';
import type { SettlementScope } from '../../contract/pricing.js';
import type { ZoneLimits } from '../../contract/zones.js';
import { accept, refuse, type Outcome } from '../../core/outcome.js';
import type { Facts } from './order-command.js';
import { MAX_WRONG_PINS } from './guards.js';
import { keptPromise } from './delivery-promise.js';

const MINUTE_MS = 60_000;

export interface Verdict {
  liable: LiableParty;
  scope: SettlementScope;
}

/**
 * Who bears a cancellation, and what is charged. An operator must name the liable party; the others' own role
 * settles it.
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

/** Before the pick-up: later the customer asks support. */
const CAN_BE_LATE: readonly Order['status'][] = ['accepted', 'preparing', 'ready'];

/**
 * Who bears the cancellation of an order that is late beyond the zone's tolerance: the kitchen, which is not paid,
 * where it took longer too long than all after it; else the courier or the platform, whoever took longer, and the
 * kitchen is paid. Null for an order that can still come in time: the customer bears it. A kitchen that announced a
 * later time is as late as that. A pickup order that is ready is as late as it was ready.
 */
function verdictOnDelay(order: Order, nowMs: number, limits: ZoneLimits): Verdict | null {
  if (!CAN_BE_LATE.includes(order.status)) return null;
  const leavesAtMs = order.status === 'ready' ? nowMs : Math.max(nowMs, order.readyAtMs ?? nowMs);
  const { legs, counterMs } = keptPromise(order, leavesAtMs);
  const waitsForCustomer = order.kind === 'pickup' && order.status === 'ready';
  const lateMs = waitsForCustomer ? legs.kitchen : leavesAtMs + order.travelSeconds * 1000 - order.promisedAtMs;
  if (lateMs <= limits.lateToleranceMinutes * MINUTE_MS) return null;
  if (legs.kitchen >= legs.dispatch + legs.courier + counterMs) return { liable: 'merchant', scope: 'none' };
  const isCouriers = legs.courier > legs.dispatch && legs.courier > counterMs;
  return { liable: isCouriers ? 'courier' : 'platform', scope: 'platformPaysKitchen' };
}

/** The customer's own cancellation: free until accepted and a grace after, then dearer with every state. */
function customerScope(order: Order, nowMs: number, limits: ZoneLimits): SettlementScope {
  return isInGrace(order, nowMs, limits) ? 'none' : customerPays(order);
}

/** Only a kitchen that begins ends the grace: one that says at once that it is ready does not. */
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
 * Ready and nobody came: the customer of a pickup order pays, for a delivery the platform pays the kitchen. What the
 * kitchen could not replace is its own matter.
 */
function systemVerdict(order: Order, reason: string, storeIsOffline: boolean): Verdict {
  if (reason === 'edit_unanswered') return { liable: 'merchant', scope: 'none' };
  if (reason === 'hold_lapses') return { liable: 'platform', scope: scopeByLiability(order, 'platform') };
  if (order.status !== 'ready') return { liable: 'customer', scope: 'none' };
  // A kitchen that typed wrong PINs until none was taken any more may have had the customer at its counter, and one
  // that has gone offline may have let the customer stand before a closed door.
  return order.kind === 'pickup' && (order.wrongPins ?? 0) < MAX_WRONG_PINS && !storeIsOffline
    ? { liable: 'customer', scope: 'itemsAndDelivery' }
    : { liable: 'platform', scope: 'platformPaysKitchen' };
}

/** What is charged when an operator named who is liable: at a cancellation, and when food comes back. */
export function scopeByLiability(order: Order, liable: LiableParty): SettlementScope {
  if (liable === 'customer') return customerPays(order);
  // Whoever rode for it is paid, whoever is to blame for what is in the bag.
  if (liable === 'merchant') return wasPickedUp(order) ? 'platformPaysCourier' : 'none';
  const kitchenWorked = !['scheduled', 'placed'].includes(order.status);
  return kitchenWorked ? 'platformPaysKitchen' : 'none';
}

const wasPickedUp = ({ status }: Order): boolean => status === 'picked_up' || status === 'undeliverable';
