import type { Doubt } from '../../contract/held-pays.js';
import type { Order } from '../../contract/orders.js';
import type { SettlementScope } from '../../contract/pricing.js';
import type { Settlement } from '../../pricing/settle.js';
import type { TransitionRequest } from './order-command.js';
import { wasEditedBelowPay } from './below-pay.js';
import { isAtCounter, isPickedUp } from './delivery-promise.js';

/** Why the pays of an order's settlement are held for an operator; an empty list: that one is not. */
export interface HeldPayReasons {
  courier: readonly Doubt[];
  kitchen: readonly Doubt[];
}

export const NOBODY_WAITS: HeldPayReasons = { courier: [], kitchen: [] };

/** The customer is not charged for these. */
const AT_PLATFORM_COST: readonly SettlementScope[] = ['platformPaysKitchen', 'platformPaysCourier'];

/**
 * Finds which pays of a settlement are held. Pay for an order that its customer does not pay, or not fully, is held
 * unless an operator decided so: a kitchen and a customer who cooperate could create any number of such orders. The
 * courier's pay is also held where the `doubts` speak against this step, and where the order ended before the courier
 * was located at work. The collection of a pickup order, or a delivery by a rider, is the kitchen's own claim: without a
 * courier, only its payment in full confirms it. So are the pays that an edit, which no operator made, brought above what
 * the customer pays.
 */
export function findHeldPays(
  request: TransitionRequest,
  scope: SettlementScope,
  settlement: Settlement,
  doubts: readonly Doubt[],
): HeldPayReasons {
  const { courierMinor, merchantMinor } = settlement.split;
  const isDecided = isDecidedByOperator(request);
  const unpaidIf = (isUnpaid: boolean): Doubt[] => (isUnpaid && !isDecided ? unpaidDoubts(request) : []);
  const isFree = AT_PLATFORM_COST.includes(scope);
  const { rider, kind } = request.order;
  const hasOwnRider = rider?.type === 'own';
  const kitchenMinor = merchantMinor + (hasOwnRider ? courierMinor : 0);
  // Only a customer who has the food is charged for all of it; a coupon may reduce that to nothing. A delivery that
  // its kitchen confirmed, since a rider brought it, is the kitchen's claim as a collection is.
  const reachedCustomer = scope === 'all' && doubts.length === 0 && kind === 'delivery' && !rider;
  // During the ride to the door the pick-up is not the courier's claim: the ride is judged by its own evidence.
  // A kitchen that owes the ride pays it from later sales, if ever: its debt covers no pay.
  const isRideShort =
    scope !== 'all' && !isPickedUp(request.order) && isShort(settlement, Math.max(0, merchantMinor) + courierMinor);
  const isKitchenShort = !reachedCustomer && isShort(settlement, kitchenMinor);
  const wasEdited = wasEditedBelowPay(request.order);
  const isEditShort = wasEdited && isShort(settlement, Math.max(0, merchantMinor) + courierMinor);
  const isKitchenEditShort = wasEdited && isShort(settlement, kitchenMinor);
  const idle: Doubt[] = isDecided || hasSetOut(request.order) ? [] : ['not_at_counter'];
  return {
    // An operator agreed on a rider's pay.
    courier: courierMinor > 0 && !rider ? [...doubts, ...unpaidIf(isFree || isRideShort || isEditShort), ...idle] : [],
    // There is no credible proof that the customer received the food: the kitchen may have cooked nothing.
    kitchen:
      kitchenMinor > 0
        ? [
            ...doubts.filter((doubt) => doubt === 'presumed' || (scope === 'all' && isKitchenShort)),
            ...unpaidIf(isFree || isKitchenShort || isKitchenEditShort),
          ]
        : [],
  };
}

/** True where the customer pays, in money and credit, less than others earn by the order. */
function isShort({ captureMinor, creditMinor }: Settlement, earnedMinor: number): boolean {
  return captureMinor + creditMinor < earnedMinor;
}

/**
 * Any courier can accept an offer: only one who arrived at the counter, or left it with the food, has provably ridden.
 */
function hasSetOut(order: Order): boolean {
  return isAtCounter(order) || isPickedUp(order);
}

function unpaidDoubts({ facts }: TransitionRequest): Doubt[] {
  return facts.conflict ? ['unpaid', 'conflict'] : ['unpaid'];
}

/** Decided now, or by the cancellation that is settled now. */
function isDecidedByOperator({ actor, command, order }: TransitionRequest): boolean {
  if (actor.role === 'operator') return true;
  return command.action === 'settle' && order.events.findLast(({ action }) => action === 'cancel')?.by === 'operator';
}
