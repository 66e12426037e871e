import type { Order } from '../../../contract/orders.js';
import { accept, refuse, type Outcome } from '../../../core/outcome.js';
import { hasCarrier } from '../carrier.js';
import { isAtCounter } from '../delivery-promise.js';
import { notifyCustomer } from '../effect.js';
import { check, guardFix, MAX_WRONG_PINS } from '../guards.js';
import type { Facts, OrderCommand } from '../order-command.js';
import { buildStep, NO_MONEY, noDoubts, noFields, noReads } from './parts.js';
import type { ActionSpec } from './action-spec.js';

/** The courier or rider has the food. An operator records it as the kitchen says by telephone. */
export const pickUpAction: ActionSpec<'pickUp'> = {
  steps: [buildStep('ready', 'picked_up', ['courier', 'merchant', 'operator'], 'delivery')],
  money: NO_MONEY,
  reads: noReads,
  asksMembership: false,
  guard: ({ order, command, actor, facts }) => {
    if (!hasCarrier(order)) return refuse('COURIER_REQUIRED');
    // A rider reports nothing; a courier's phone may be dead.
    if (order.rider || actor.role === 'operator') return accept(null);
    // A merchant hands the order over to an assigned courier in person; a courier proves by the code to be at the right
    // counter.
    return actor.role === 'courier' ? guardCode(order, command, facts) : check(isAtCounter(order), 'COURIER_REQUIRED');
  },
  editsLines: null,
  changes: noFields,
  details: noFields,
  doubts: noDoubts,
  marksDoubts: false,
  keepsEdit: false,
  effects: (order) => [notifyCustomer(order, 'order_picked_up')],
  showsPickUpCode: false,
};

/** The place comes first: only a courier at the counter can use up the guesses. */
function guardCode(order: Order, { code, fix }: OrderCommand<'pickUp'>, facts: Facts): Outcome<null> {
  const atCounter = guardFix(fix, order.pickUpAt, facts);
  if (!atCounter.ok) return atCounter;
  if ((order.wrongCodes ?? 0) >= MAX_WRONG_PINS) return refuse('CODE_LOCKED', { attempts: MAX_WRONG_PINS });
  return check(code === facts.pickUpCode, 'CODE_WRONG');
}
