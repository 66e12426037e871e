import { toFieldsWithCourier } from '../courier-fields.js';
import { firstRefusal, check } from '../guards.js';
import { checkCount, MAX_HAND_BACKS, checkReserve } from '../step-limits.js';
import { BEFORE_PICK_UP, NO_MONEY, noDoubts, noEffects, reading, buildStaySteps } from './parts.js';
import type { ActionSpec } from './action-spec.js';

/** A courier accepted the offer. This changes the assigned courier, not the status. */
export const assignAction: ActionSpec<'assign'> = {
  steps: buildStaySteps(BEFORE_PICK_UP, ['courier'], 'delivery'),
  money: NO_MONEY,
  reads: reading('assignedCourier'),
  asksMembership: false,
  guard: ({ order }) =>
    firstRefusal(
      checkReserve(order),
      checkCount(order, 'unassign', MAX_HAND_BACKS, 'TOO_MANY_STEPS'),
      check(order.courierId === null, 'COURIER_ASSIGNED'),
    ),
  editsLines: null,
  changes: ({ actor, facts }) => toFieldsWithCourier(actor.uid, facts.courier),
  details: ({ actor, facts: { courier } }) => ({
    ...(actor.uid !== null && { courierId: actor.uid }),
    // The courier's place at the acceptance, by which an arrival at the counter is judged.
    ...(courier?.awayMeters !== undefined && { awayMeters: courier.awayMeters }),
  }),
  doubts: noDoubts,
  marksDoubts: false,
  keepsEdit: true,
  effects: noEffects,
  showsPickUpCode: false,
};
