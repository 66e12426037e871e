import type { Order } from '../../../contract/orders.js';
import { computePromiseMs } from '../delivery-promise.js';
import { check, firstRefusal } from '../guards.js';
import { notifyOfPlaced } from '../effect.js';
import { buildStep, NO_MONEY, noDoubts, noFields, reading } from './parts.js';
import type { ActionSpec } from './action-spec.js';

/**
 * Shortly before the slot the restaurant gets the order; a risky order for as soon as possible once an operator has
 * checked it, or had the time for it.
 */
export const releaseAction: ActionSpec<'release'> = {
  steps: [buildStep('scheduled', 'placed', ['system', 'operator'])],
  money: NO_MONEY,
  reads: reading('openings'),
  asksMembership: false,
  guard: ({ order, actor }) =>
    firstRefusal(
      check(order.payment.status !== 'deferred', 'PAYMENT_PENDING'),
      // A slot has its time.
      check(actor.role === 'system' || order.scheduledForMs === null, 'MOVE_NOT_ALLOWED'),
    ),
  editsLines: null,
  changes: ({ order, facts: { openings, nowMs } }) => ({
    ...(openings && (order.openings || openings.length > 0) && { openings: [...openings] }),
    ...toPromise(order, nowMs),
  }),
  details: noFields,
  doubts: noDoubts,
  marksDoubts: false,
  keepsEdit: false,
  effects: notifyOfPlaced,
  showsPickUpCode: false,
};

/** Without a slot, the kitchen's time begins only now. */
function toPromise(order: Order, nowMs: number): Partial<Order> {
  return order.scheduledForMs === null ? { promisedAtMs: computePromiseMs(order, nowMs) } : {};
}
