import type { Order } from '../../../contract/orders.js';
import type { Outcome } from '../../../core/outcome.js';
import { toFieldsWithoutCourier } from '../courier-fields.js';
import { computePauseMs } from '../delivery-promise.js';
import { findCourier, notifyCustomer, notifyMerchant } from '../effect.js';
import { firstRefusal, check } from '../guards.js';
import type { Facts } from '../order-command.js';
import { checkCount, MAX_RESTORES, checkReserve } from '../step-limits.js';
import { buildStep, NO_MONEY, noDoubts, noFields, noReads } from './parts.js';
import type { ActionSpec } from './action-spec.js';

const MINUTE_MS = 60_000;
/** The order's payment must still be valid; cash and free orders need no PaymentIntent. */
const RESTORABLE: readonly Order['payment']['status'][] = ['authorized', 'none', 'cash'];

/** An operator undoes a cancellation whose money was not moved yet. */
export const restoreAction: ActionSpec<'restore'> = {
  steps: [buildStep('cancelled', 'accepted', ['operator'])],
  money: NO_MONEY,
  reads: noReads,
  asksMembership: false,
  guard: ({ order, facts }) =>
    firstRefusal(
      checkReserve(order),
      checkCount(order, 'restore', MAX_RESTORES, 'TOO_MANY_STEPS'),
      guardRestore(order, facts),
    ),
  editsLines: null,
  changes: ({ order, facts }) => ({
    ...toFieldsWithoutCourier(order),
    readyAtMs: toReadyAtMs(order, facts.nowMs),
  }),
  details: noFields,
  doubts: noDoubts,
  marksDoubts: false,
  keepsEdit: false,
  effects: (order) => [
    { type: 'staffKeys' },
    notifyCustomer(order, 'order_restored'),
    notifyMerchant(order, 'order_restored'),
    ...findCourier(order),
    { type: 'closeFormerChats' },
  ],
  showsPickUpCode: false,
};

/**
 * Computes the announced time, later by the time in which the kitchen did not cook. An order that was never accepted has
 * none yet: it is the promise less the ride.
 */
function toReadyAtMs(order: Order, nowMs: number): number {
  const { readyAtMs, promisedAtMs, travelSeconds } = order;
  if (readyAtMs !== null) return readyAtMs + computePauseMs(order, nowMs);
  return Math.max(nowMs, promisedAtMs - travelSeconds * 1000);
}

function guardRestore({ events, payment, due }: Order, { nowMs, limits }: Facts): Outcome<null> {
  const openUntilMs = (events.at(-1)?.atMs ?? 0) + limits.restoreMinutes * MINUTE_MS;
  const isOpen = due?.kind === 'settle' && nowMs <= openUntilMs;
  return check(isOpen && RESTORABLE.includes(payment.status), 'HOLD_GONE');
}
