import type { SettlementScope } from '../../contract/pricing.js';
import type { Order, OrderEvent } from '../../contract/orders.js';
import type { DeadlineFacts } from './deadline.js';
import { findAnnouncedMs, isAtCounter } from './delivery-promise.js';

/** Derives the facts for an order's deadline from its history. */
export function toDeadlineFacts(order: Order): DeadlineFacts {
  const last = (action: OrderEvent['action']) => order.events.findLast((event) => event.action === action)?.atMs;
  return {
    ...order,
    escalations: countEscalations(order.events),
    paymentFailedAtMs: last('failPayment'),
    earnedUnpaid: isEarnedUnpaid(order) && order.kitchenPay === undefined,
    assignedAtMs: last('assign'),
    unassignedAtMs: last('unassign'),
    restartedAtMs: last('restartSearch'),
    isAtCounter: isAtCounter(order),
    announcedMs: findAnnouncedMs(order),
    isAcceptedByStaff: order.events.findLast((event) => event.action === 'accept')?.by === 'merchant',
  };
}

/** The kitchen is not paid in these. */
const WITHOUT_KITCHEN: readonly SettlementScope[] = ['none', 'platformPaysCourier', 'merchantPaysCourier'];

/** True where the kitchen is owed its part of an order that was cancelled or returned. */
function isEarnedUnpaid({ events }: Order): boolean {
  const settled = events.findLast((event) => event.scope !== undefined);
  return (
    settled?.scope !== undefined &&
    !WITHOUT_KITCHEN.includes(settled.scope) &&
    !events.some((event) => event.action === 'payOut')
  );
}

/** Counts the escalations in the status in which these events left the order. */
export function countEscalations(events: readonly OrderEvent[]): number {
  const entered = events.findLastIndex((event) => event.from !== event.to);
  return events.slice(entered + 1).filter((event) => event.action === 'escalate').length;
}

/** Finds when the order entered its current status. */
export function findEnteredAtMs(order: Order): number {
  return order.events.findLast((event) => event.from !== event.to)?.atMs ?? order.createdAtMs;
}

/** Finds the photo that proved the delivery; null where it was proven otherwise, or not delivered. */
export const findProofPath = ({ events }: Pick<Order, 'events'>): string | null =>
  events.findLast(({ proofPath }) => proofPath !== undefined)?.proofPath ?? null;
