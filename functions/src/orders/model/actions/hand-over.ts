import { toFieldsWithCourier, toFieldsWithoutCourier } from '../courier-fields.js';
import { notifyCourier } from '../effect.js';
import { check, firstRefusal } from '../guards.js';
import { checkReserve } from '../step-limits.js';
import { NO_MONEY, noDoubts, reading, buildStaySteps } from './parts.js';
import type { ActionSpec } from './action-spec.js';

/**
 * After the pick-up another courier takes over the food, whom an operator names: to the door, or back to the counter. The
 * courier who ends the ride is paid for all of it; the former courier is paid nothing for the order.
 */
export const handOverAction: ActionSpec<'handOver'> = {
  steps: buildStaySteps(['picked_up', 'undeliverable'], ['operator'], 'delivery'),
  money: NO_MONEY,
  reads: reading('assignedCourier'),
  asksMembership: false,
  guard: ({ order, command }) =>
    firstRefusal(checkReserve(order), check(order.courierId !== command.courierId, 'COURIER_ASSIGNED')),
  editsLines: null,
  changes: ({ order, command, facts }) => ({
    ...toFieldsWithoutCourier(order),
    ...toFieldsWithCourier(command.courierId, facts.courier),
  }),
  details: ({ command }) => ({ courierId: command.courierId }),
  doubts: noDoubts,
  marksDoubts: false,
  keepsEdit: false,
  effects: (order) => [...notifyCourier(order, 'order_assigned'), { type: 'closeFormerChats' }],
  showsPickUpCode: false,
};
