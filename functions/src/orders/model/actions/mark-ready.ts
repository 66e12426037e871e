import { findCourier, notifyCourier, notifyCustomer } from '../effect.js';
import { check } from '../guards.js';
import { buildStep, NO_MONEY, noDoubts, noFields, noReads } from './parts.js';
import type { ActionSpec } from './action-spec.js';

/** The food waits at the counter. */
export const markReadyAction: ActionSpec<'markReady'> = {
  steps: [
    buildStep('accepted', 'ready', ['merchant', 'operator']),
    buildStep('preparing', 'ready', ['merchant', 'operator']),
  ],
  money: NO_MONEY,
  reads: noReads,
  asksMembership: false,
  guard: ({ order }) => check(order.edit === undefined, 'EDIT_PENDING'),
  editsLines: null,
  changes: ({ facts }) => ({ readyAtMs: facts.nowMs }),
  details: noFields,
  doubts: noDoubts,
  marksDoubts: false,
  keepsEdit: false,
  effects: (order) =>
    order.kind === 'pickup'
      ? [notifyCustomer(order, 'order_ready')]
      : [...notifyCourier(order, 'order_ready'), ...findCourier(order)],
  showsPickUpCode: true,
};
