import { computePromiseMs } from '../delivery-promise.js';
import { findCourier, notifyCustomer } from '../effect.js';
import { check } from '../guards.js';
import { buildStep, NO_MONEY, noDoubts, noFields } from './parts.js';
import type { ActionSpec } from './action-spec.js';

const MINUTE_MS = 60_000;

/** The restaurant accepts the order, and announces the preparation time. */
export const acceptAction: ActionSpec<'accept'> = {
  steps: [buildStep('placed', 'accepted', ['merchant', 'operator', 'system'])],
  money: NO_MONEY,
  reads: ({ actor }) => (actor.role === 'system' ? ['acceptance'] : []),
  asksMembership: false,
  // The order was paid after its placement, or waited for its slot: the store may have closed since.
  guard: ({ actor, facts }) => check(actor.role !== 'system' || facts.storeCanAccept === true, 'RESTAURANT_CLOSED'),
  editsLines: null,
  changes: ({ order, command, facts }) => {
    const prepMinutes = command.prepMinutes ?? order.prepMinutes;
    const readyAtMs = facts.nowMs + prepMinutes * MINUTE_MS;
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
