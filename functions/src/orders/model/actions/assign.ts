import type { Order } from '../../../contract/orders.js';
import { accept, type Outcome } from '../../../core/outcome.js';
import { hasCarrier } from '../carrier.js';
import { toFieldsWithCourier } from '../courier-fields.js';
import { notifyCourier } from '../effect.js';
import { firstRefusal, check } from '../guards.js';
import type { Actor, OrderCommand } from '../order-command.js';
import { checkCount, MAX_HAND_BACKS, checkReserve } from '../step-limits.js';
import { BEFORE_PICK_UP, NO_MONEY, noDoubts, reading, buildStaySteps } from './parts.js';
import type { ActionSpec } from './action-spec.js';

/**
 * A courier accepted the offer, or an operator assigns one by hand. This changes the assigned courier, not the status.
 */
export const assignAction: ActionSpec<'assign'> = {
  steps: buildStaySteps(BEFORE_PICK_UP, ['courier', 'operator'], 'delivery'),
  money: NO_MONEY,
  reads: reading('assignedCourier'),
  asksMembership: false,
  guard: ({ order, actor }) =>
    firstRefusal(checkReserve(order), checkHandBacks(order, actor), check(!hasCarrier(order), 'COURIER_ASSIGNED')),
  editsLines: null,
  changes: ({ command, actor, facts }) => toFieldsWithCourier(getAssignedUid(command, actor), facts.courier),
  details: ({ command, actor, facts: { courier } }) => {
    const courierId = getAssignedUid(command, actor);
    return {
      ...(courierId !== null && { courierId }),
      // The courier's place at the acceptance, by which an arrival at the counter is judged.
      ...(courier?.awayMeters !== undefined && { awayMeters: courier.awayMeters }),
    };
  },
  doubts: noDoubts,
  marksDoubts: false,
  keepsEdit: true,
  // The courier who accepts an offer need not be notified of it.
  effects: (order, event) => (event.by === 'operator' ? notifyCourier(order, 'order_assigned') : []),
  showsPickUpCode: false,
};

/** After too many hand-backs an operator takes over. */
function checkHandBacks(order: Order, { role }: Actor): Outcome<null> {
  return role === 'operator' ? accept(null) : checkCount(order, 'unassign', MAX_HAND_BACKS, 'TOO_MANY_STEPS');
}

/** Returns the courier whom an operator names, or who accepts the offer. */
function getAssignedUid({ courierId }: Partial<OrderCommand<'assign'>>, { uid }: Actor): string | null {
  return courierId ?? uid;
}
