import type { Doubt } from '../../contract/held-pays.js';
import type { Order } from '../../contract/orders.js';
import type { SettlementScope } from '../../contract/pricing.js';
import type { Settlement } from '../../pricing/settle.js';
import type { TransitionRequest } from './order-command.js';
import { isAtCounter } from './delivery-promise.js';

/** Why the pays of an order's settlement wait for an operator; an empty list: that one does not. */
export interface Waiting {
  courier: readonly Doubt[];
  kitchen: readonly Doubt[];
}

export const NOBODY_WAITS: Waiting = { courier: [], kitchen: [] };

/** The customer is not charged in these. */
const AT_PLATFORM_COST: readonly SettlementScope[] = ['platformPaysKitchen', 'platformPaysCourier'];

/**
 * Which pays of a settlement wait. What the platform would pay for an order that its customer does not pay, or not as
 * much of, waits unless an operator decided so: a kitchen and a customer who are friends could make any number of such
 * orders. The courier's pay waits besides where the `doubts` speak against this step, and where the order ended before
 * the courier was seen at work.
 */
export function findWaiting(
  asked: TransitionRequest,
  scope: SettlementScope,
  settlement: Settlement,
  doubts: readonly Doubt[],
): Waiting {
  const { courierMinor, merchantMinor } = settlement.split;
  const isDecided = isOperatorsWord(asked);
  const unpaidIf = (isUnpaid: boolean): Doubt[] => (isUnpaid && !isDecided ? unpaidDoubts(asked) : []);
  const isFree = AT_PLATFORM_COST.includes(scope);
  // Only a customer who has the food is charged all of it, which a coupon may leave nothing of.
  const reachedCustomer = scope === 'all' && doubts.length === 0;
  // The food, once it is on its way, is no word of the courier's: a ride with it is judged by its own evidence.
  const isRideShort = scope !== 'all' && !isPickedUp(asked.order) && isShort(settlement, merchantMinor + courierMinor);
  const isKitchenShort = !reachedCustomer && isShort(settlement, merchantMinor);
  const idle: Doubt[] = isDecided || hasSetOut(asked.order) ? [] : ['not_at_counter'];
  return {
    courier: courierMinor > 0 ? [...doubts, ...unpaidIf(isFree || isRideShort), ...idle] : [],
    // Nobody says credibly that the food reached anybody: the kitchen may have handed it to nobody.
    kitchen:
      merchantMinor > 0
        ? [
            ...doubts.filter((doubt) => doubt === 'presumed' || (scope === 'all' && isKitchenShort)),
            ...unpaidIf(isFree || isKitchenShort),
          ]
        : [],
  };
}

/** Does the customer pay, in money and credit, less than others earn by the order? */
function isShort({ captureMinor, creditMinor }: Settlement, earnedMinor: number): boolean {
  return captureMinor + creditMinor < earnedMinor;
}

const isPickedUp = ({ events }: Order): boolean => events.some((event) => event.action === 'pickUp');

/** Anyone can accept an offer: who came to the counter, or left it with the food, is known to have ridden. */
function hasSetOut(order: Order): boolean {
  return isAtCounter(order) || isPickedUp(order);
}

function unpaidDoubts({ facts }: TransitionRequest): Doubt[] {
  return facts.conflict ? ['unpaid', 'conflict'] : ['unpaid'];
}

/** Said now, or by the cancellation that is settled now. */
function isOperatorsWord({ actor, command, order }: TransitionRequest): boolean {
  if (actor.role === 'operator') return true;
  return command.action === 'settle' && order.events.findLast(({ action }) => action === 'cancel')?.by === 'operator';
}
