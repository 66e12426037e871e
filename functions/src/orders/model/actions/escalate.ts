import { askOperator, findCourier, notifyCustomer } from '../effect.js';
import { isStuck } from '../quote-life.js';
import { BEFORE_PICK_UP, NO_MONEY, noDoubts, noFields, noGuard, buildStaySteps } from './parts.js';
import type { ActionSpec } from './action-spec.js';

const MINUTE_MS = 60_000;

/** A step takes too long: all parties get the new time, or an operator task is created. */
export const escalateAction: ActionSpec<'escalate'> = {
  steps: buildStaySteps([...BEFORE_PICK_UP, 'picked_up', 'undeliverable'], ['system']),
  money: NO_MONEY,
  reads: ({ order, nowMs }) => (isStuck(order, nowMs) ? ['quoteIfKept'] : []),
  asksMembership: false,
  guard: noGuard,
  editsLines: null,
  changes: ({ order, facts }) =>
    // A late kitchen gives all parties a new time; the promise stays, since lateness is measured by it.
    order.status === 'accepted' || order.status === 'preparing'
      ? { readyAtMs: facts.nowMs + facts.limits.readyOverdueMinutes * MINUTE_MS }
      : {},
  details: noFields,
  doubts: noDoubts,
  marksDoubts: false,
  keepsEdit: true,
  effects: (order) => {
    switch (order.status) {
      case 'ready':
        return [askOperator('pick_up_late')];
      case 'picked_up':
        return [notifyCustomer(order, 'order_delayed'), askOperator('delivery_late')];
      case 'undeliverable':
        return [askOperator('return_late')];
      default:
        return [notifyCustomer(order, 'order_delayed'), ...findCourier(order)];
    }
  },
  showsPickUpCode: false,
};
