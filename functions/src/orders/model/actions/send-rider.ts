import { accept, refuse, type Outcome } from '../../../core/outcome.js';
import { hasCarrier } from '../carrier.js';
import { notifyMerchant } from '../effect.js';
import { check, firstRefusal } from '../guards.js';
import type { SentRider, TransitionRequest } from '../order-command.js';
import { checkReserve } from '../step-limits.js';
import { BEFORE_PICK_UP, NO_MONEY, noDoubts, noFields, reading, buildStaySteps } from './parts.js';
import type { ActionSpec } from './action-spec.js';

/**
 * An operator lets a rider of the restaurant, or an outside one, carry an order for which no courier was found. Open
 * offers end. Not for cash: no account holds what a rider collects.
 */
export const sendRiderAction: ActionSpec<'sendRider'> = {
  steps: buildStaySteps(BEFORE_PICK_UP, ['operator'], 'delivery'),
  money: NO_MONEY,
  reads: reading('openOffers'),
  asksMembership: false,
  guard: ({ order, command }) =>
    firstRefusal(
      checkReserve(order),
      check(!hasCarrier(order), 'COURIER_ASSIGNED'),
      check(order.payment.method !== 'cash', 'CASH_NEEDS_COURIER'),
      checkFee(command.rider, order.totals.itemsMinor),
    ),
  editsLines: null,
  changes: ({ order, command: { rider } }: TransitionRequest<'sendRider'>) => ({
    rider: rider.type === 'own' ? { type: 'own' } : { type: 'outside', feeMinor: rider.feeMinor },
    courierName: rider.name ?? order.restaurantName,
  }),
  details: noFields,
  doubts: noDoubts,
  marksDoubts: false,
  keepsEdit: true,
  effects: (order) => [notifyMerchant(order, order.rider?.type === 'own' ? 'own_rider_needed' : 'rider_comes')],
  showsPickUpCode: false,
};

/** An outside rider costs at most what the food does: more is a typing error, or an agreement of other people. */
function checkFee(rider: SentRider, maxMinor: number): Outcome<null> {
  return rider.type === 'own' || rider.feeMinor <= maxMinor ? accept(null) : refuse('FEE_TOO_HIGH', { maxMinor });
}
