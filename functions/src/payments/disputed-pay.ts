import type { Transaction } from 'firebase-admin/firestore';
import { HELD_PAY_TASKS, toHeldPayId } from '../contract/held-pays.js';
import type { Order } from '../contract/orders.js';
import { ACCOUNTS } from '../ledger/model/chart.js';
import { payAccounts, heldAfterwardsJournal } from '../ledger/model/journals.js';
import { isPayout } from '../orders/model/deadline.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { operatorTask, putOperatorTask, toOperatorTaskId } from '../platform/operator-tasks.js';

/**
 * Reads what the kitchen earned of an order whose payout was not made: from its settlement's journal. Null where
 * nothing is to be held, also where an operator has already decided on the pay.
 */
export async function findOpenPay(
  ctx: Context,
  tx: Transaction,
  orderId: string,
  order: Order,
): Promise<number | null> {
  if (!isPayout(order.due) || order.kitchenPay !== undefined) return null;
  const [pay, journals] = await Promise.all([
    tx.get(paths.heldPay(ctx.db, toHeldPayId(orderId, 'kitchen'))),
    tx.get(paths.ledger(ctx.db).where('orderId', '==', orderId)),
  ]);
  const account = ACCOUNTS.merchant(order.restaurantId);
  const settled = journals.docs.map((one) => one.data()).filter(({ kind }) => kind === 'settlement');
  const entries = settled.flatMap((one) => one.entries).filter((entry) => entry.account === account);
  const earnedMinor = -entries.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  return pay.exists || earnedMinor <= 0 ? null : earnedMinor;
}

/**
 * Holds the kitchen's pay after the bank decided against the order: an operator decides whether the kitchen is paid.
 * Returns the order, which the caller writes.
 */
export function holdKitchenPay(
  ctx: Context,
  tx: Transaction,
  orderId: string,
  order: Order,
  amountMinor: number,
): Order {
  const { restaurantId, courierId, currency, due } = order;
  const whose = { payee: 'kitchen' as const, courierId, restaurantId };
  const journal = heldAfterwardsJournal({ orderId, currency }, payAccounts(whose), amountMinor, ctx.now());
  if (journal) tx.create(paths.journal(ctx.db, `${orderId}-waiting-kitchen`), journal);
  tx.create(paths.heldPay(ctx.db, toHeldPayId(orderId, 'kitchen')), {
    orderId,
    ...whose,
    currency,
    amountMinor,
    doubts: ['dispute_lost'],
    atMs: ctx.now(),
    decision: null,
  });
  const task = operatorTask({ kind: HELD_PAY_TASKS.kitchen, orderId, detail: 'dispute_lost' }, ctx.now());
  putOperatorTask(ctx, tx, toOperatorTaskId(task), task);
  // The payout is the only remaining deadline of an order that has ended.
  return { ...order, kitchenPay: 'held', ...(due?.kind === 'payOut' && { due: null }) };
}
