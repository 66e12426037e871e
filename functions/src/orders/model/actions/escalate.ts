import type { Order, OrderEvent } from '../../../contract/orders.js';
import { askOperator, findCourier, notifyCustomer, type Effect } from '../effect.js';
import { countEscalations } from '../order-history.js';
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
  effects: (order, event) => {
    switch (order.status) {
      case 'ready':
        return [askOperator('pick_up_late')];
      case 'picked_up':
        return [notifyCustomer(order, 'order_delayed'), askOperator('delivery_late')];
      case 'undeliverable':
        return [askOperator('return_late')];
      default:
        return [notifyCustomer(order, 'order_delayed'), ...findCourier(order), ...askAboutKitchen(order, event)];
    }
  },
  showsPickUpCode: false,
};

/** A kitchen's first delay is usual; from the second one on an operator calls it, or cancels the order. */
function askAboutKitchen({ events }: Order, { n }: OrderEvent): Effect[] {
  const earlier = events.filter((one) => one.n < n);
  return countEscalations(earlier) > 0 ? [askOperator('kitchen_late')] : [];
}
