import { hasCarrier } from '../carrier.js';
import { findCourier } from '../effect.js';
import { check, firstRefusal } from '../guards.js';
import { checkReserve } from '../step-limits.js';
import { BEFORE_PICK_UP, NO_MONEY, noDoubts, noFields, reading, buildStaySteps } from './parts.js';
import type { ActionSpec } from './action-spec.js';

/**
 * An operator lets dispatch search from its first wave again, also after all waves were used up: open offers end, couriers
 * who declined may get another one, and an order that is ready has the full time for a courier to be found again.
 */
export const restartSearchAction: ActionSpec<'restartSearch'> = {
  steps: buildStaySteps(BEFORE_PICK_UP, ['operator'], 'delivery'),
  money: NO_MONEY,
  reads: reading('openOffers'),
  asksMembership: false,
  guard: ({ order }) => firstRefusal(checkReserve(order), check(!hasCarrier(order), 'COURIER_ASSIGNED')),
  editsLines: null,
  changes: noFields,
  details: noFields,
  doubts: noDoubts,
  marksDoubts: false,
  keepsEdit: true,
  effects: (order) => findCourier(order),
  showsPickUpCode: false,
};
