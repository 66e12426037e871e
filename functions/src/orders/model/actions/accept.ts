import type { Order } from '../../../contract/orders.js';
import { addOpenTime } from '../../../hours/open-time.js';
import { computePromiseMs } from '../delivery-promise.js';
import { findCourier, notifyCustomer } from '../effect.js';
import type { Actor, Facts } from '../order-command.js';
import { buildStep, NO_MONEY, noDoubts, noFields, noGuard, noReads } from './parts.js';
import type { ActionSpec } from './action-spec.js';

const MINUTE_MS = 60_000;

/** The restaurant accepts the order, and announces the preparation time. */
export const acceptAction: ActionSpec<'accept'> = {
  steps: [buildStep('placed', 'accepted', ['merchant', 'system'])],
  money: NO_MONEY,
  reads: noReads,
  asksMembership: false,
  guard: noGuard,
  editsLines: null,
  changes: ({ order, command, actor, facts }) => {
    const prepMinutes = command.prepMinutes ?? order.prepMinutes;
    const readyAtMs = startsCookingAtMs(order, actor, facts) + prepMinutes * MINUTE_MS;
    // The promise follows the quote, not the kitchen's announcement: the order is late by the difference, and never
    // because the kitchen was faster.
    return { prepMinutes, readyAtMs, promisedAtMs: computePromiseMs(order, facts.nowMs) };
  },
  details: noFields,
  doubts: noDoubts,
  marksDoubts: false,
  keepsEdit: false,
  effects: (order) => [notifyCustomer(order, 'order_accepted'), ...findCourier(order)],
  showsPickUpCode: true,
};

/** A slot that is accepted automatically for a kitchen that opens after its release is cooked from the opening on. */
function startsCookingAtMs({ scheduledForMs, openings }: Order, { role }: Actor, { nowMs }: Facts): number {
  return role === 'system' && scheduledForMs !== null ? addOpenTime(openings, nowMs, 0) : nowMs;
}
