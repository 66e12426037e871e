import type { Role } from '../../contract/common.js';
import type { OrderAction, OrderKind, OrderStatus } from '../../contract/orders.js';

/**
 * What a step does with the customer's money.
 * - `void`: release the hold; no party is paid.
 * - `captureAll`: take the final amount.
 * - `byPolicy`: what the cancellation policy says of this state, actor and liable party.
 * - `transfer`: pay the merchant's part out to the connected account.
 */
export type MoneyRule = 'none' | 'void' | 'captureAll' | 'byPolicy' | 'transfer';

export interface Step {
  action: OrderAction;
  from: OrderStatus;
  to: OrderStatus;
  by: readonly Role[];
  /** Absent: both kinds. */
  kind?: OrderKind;
  money: MoneyRule;
}

const step = (
  action: OrderAction,
  from: OrderStatus,
  to: OrderStatus,
  by: readonly Role[],
  money: MoneyRule = 'none',
  kind?: OrderKind,
): Step => ({ action, from, to, by, money, ...(kind && { kind }) });

/**
 * The whole way of an order: whatever is not a row here is refused. The server, the rules of command documents,
 * the documentation and a test of every (status, action, role) triple read this one table.
 * Guards that need more than the status (codes, proofs, clocks) are in decide.ts.
 */
export const STEPS: readonly Step[] = [
  step('confirmPayment', 'pending_payment', 'placed', ['system']),
  step('confirmPayment', 'pending_payment', 'scheduled', ['system']),
  step('expire', 'pending_payment', 'expired', ['system', 'customer'], 'void'),
  step('release', 'scheduled', 'placed', ['system']),
  // A slot beyond a hold's life: the saved card is charged when it comes near.
  step('authorize', 'scheduled', 'scheduled', ['system']),
  step('failPayment', 'scheduled', 'scheduled', ['system']),

  step('remind', 'placed', 'placed', ['system']),
  step('accept', 'placed', 'accepted', ['merchant', 'system']),
  step('reject', 'placed', 'rejected', ['merchant', 'system'], 'void'),
  step('startPreparing', 'accepted', 'preparing', ['merchant']),
  step('markReady', 'accepted', 'ready', ['merchant']),
  step('markReady', 'preparing', 'ready', ['merchant']),

  // The kitchen has not got everything: less of it at once, something else after the customer's yes.
  step('edit', 'accepted', 'accepted', ['merchant', 'operator']),
  step('edit', 'preparing', 'preparing', ['merchant', 'operator']),
  step('answerEdit', 'accepted', 'accepted', ['customer', 'system']),
  step('answerEdit', 'preparing', 'preparing', ['customer', 'system']),

  // A courier is found while the kitchen works: these change who carries, not the status.
  step('assign', 'accepted', 'accepted', ['courier'], 'none', 'delivery'),
  step('assign', 'preparing', 'preparing', ['courier'], 'none', 'delivery'),
  step('assign', 'ready', 'ready', ['courier'], 'none', 'delivery'),
  step('unassign', 'accepted', 'accepted', ['courier', 'operator', 'system'], 'none', 'delivery'),
  step('unassign', 'preparing', 'preparing', ['courier', 'operator', 'system'], 'none', 'delivery'),
  step('unassign', 'ready', 'ready', ['courier', 'operator', 'system'], 'none', 'delivery'),

  step('pickUp', 'ready', 'picked_up', ['courier', 'merchant'], 'none', 'delivery'),
  // The courier is at the counter, at the door, and calls: these tell people, and start the clock of a failed delivery.
  step('arrive', 'accepted', 'accepted', ['courier'], 'none', 'delivery'),
  step('arrive', 'preparing', 'preparing', ['courier'], 'none', 'delivery'),
  step('arrive', 'ready', 'ready', ['courier'], 'none', 'delivery'),
  step('arrive', 'picked_up', 'picked_up', ['courier'], 'none', 'delivery'),
  step('contact', 'picked_up', 'picked_up', ['courier'], 'none', 'delivery'),
  step('deliver', 'picked_up', 'delivered', ['courier'], 'captureAll', 'delivery'),
  // The courier reported no outcome, and the hold is about to expire.
  step('presumeDelivered', 'picked_up', 'delivered', ['system'], 'captureAll', 'delivery'),
  // An operator where the PIN is locked.
  step('collect', 'ready', 'collected', ['merchant', 'operator'], 'captureAll', 'pickup'),
  step('fail', 'picked_up', 'undeliverable', ['courier', 'operator'], 'none', 'delivery'),
  step('return', 'undeliverable', 'returned', ['courier', 'operator', 'system'], 'byPolicy', 'delivery'),
  step('complete', 'delivered', 'completed', ['system'], 'transfer'),
  step('complete', 'collected', 'completed', ['system'], 'transfer'),

  // Something takes too long: everyone gets the new time, or an operator is asked.
  step('escalate', 'accepted', 'accepted', ['system']),
  step('escalate', 'preparing', 'preparing', ['system']),
  step('escalate', 'ready', 'ready', ['system']),
  step('escalate', 'picked_up', 'picked_up', ['system']),
  step('escalate', 'undeliverable', 'undeliverable', ['system']),

  step('cancel', 'scheduled', 'cancelled', ['customer', 'merchant', 'operator', 'system'], 'byPolicy'),
  step('cancel', 'placed', 'cancelled', ['customer', 'operator', 'system'], 'byPolicy'),
  step('cancel', 'accepted', 'cancelled', ['customer', 'merchant', 'operator', 'system'], 'byPolicy'),
  step('cancel', 'preparing', 'cancelled', ['customer', 'merchant', 'operator', 'system'], 'byPolicy'),
  step('cancel', 'ready', 'cancelled', ['customer', 'merchant', 'operator', 'system'], 'byPolicy'),
  step('cancel', 'picked_up', 'cancelled', ['operator'], 'byPolicy'),
  step('cancel', 'undeliverable', 'cancelled', ['operator'], 'byPolicy'),
  // A merchant's or operator's cancellation is settled after a while, so that an operator may undo it.
  step('settle', 'cancelled', 'cancelled', ['system'], 'byPolicy'),
  step('restore', 'cancelled', 'accepted', ['operator']),
  // A kitchen that cooked is paid for it, though the order did not end well.
  step('payOut', 'cancelled', 'cancelled', ['system'], 'transfer'),
  step('payOut', 'returned', 'returned', ['system'], 'transfer'),
  // The kitchen's pay was held until after the order was complete.
  step('payOut', 'completed', 'completed', ['system'], 'transfer'),
];

/** The states that an order never leaves; of these `cancelled` may wait to be settled, and both it and `returned` to be paid out. */
export const FINAL_STATUSES: readonly OrderStatus[] = ['completed', 'expired', 'rejected', 'returned', 'cancelled'];

export function isFinal(status: OrderStatus): boolean {
  return FINAL_STATUSES.includes(status);
}

/** The rows for an action in a status, for any role. */
export function stepsFor(status: OrderStatus, action: OrderAction, kind: OrderKind): Step[] {
  return STEPS.filter(
    (row) => row.from === status && row.action === action && (row.kind === undefined || row.kind === kind),
  );
}
