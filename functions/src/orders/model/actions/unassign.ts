import type { OrderEvent } from '../../../contract/orders.js';
import { hasCarrier } from '../carrier.js';
import { toFieldsWithoutCourier } from '../courier-fields.js';
import { askOperator, findCourier } from '../effect.js';
import { check } from '../guards.js';
import { BEFORE_PICK_UP, NO_MONEY, noDoubts, noReads, buildStaySteps } from './parts.js';
import type { ActionSpec } from './action-spec.js';

/** The reason of an `unassign` whose courier an operator stopped. */
export const COURIER_STOPPED = 'courier_stopped';

/** The courier returns the order, or is removed from it as a rider is: the backend searches for another one. */
export const unassignAction: ActionSpec<'unassign'> = {
  steps: buildStaySteps(BEFORE_PICK_UP, ['courier', 'operator', 'system'], 'delivery'),
  money: NO_MONEY,
  reads: noReads,
  asksMembership: false,
  guard: ({ order }) => check(hasCarrier(order), 'COURIER_REQUIRED'),
  editsLines: null,
  changes: ({ order }) => toFieldsWithoutCourier(order),
  details: ({ order }) => (order.courierId === null ? {} : { courierId: order.courierId }),
  doubts: noDoubts,
  marksDoubts: false,
  keepsEdit: true,
  effects: (order, event) => [
    ...findCourier(order),
    // An operator who stopped the courier needs no operator task.
    ...(event.by === 'system' && !isStop(event) ? [askOperator('pick_up_late')] : []),
    { type: 'closeFormerChats' },
  ],
  showsPickUpCode: false,
};

/** True where the backend removed a courier whom an operator stopped; couriers may write the same reason themselves. */
export function isStop({ by, reason }: OrderEvent): boolean {
  return by === 'system' && reason === COURIER_STOPPED;
}
