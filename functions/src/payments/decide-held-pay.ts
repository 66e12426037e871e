import type { Transaction } from 'firebase-admin/firestore';
import type { z } from 'zod';
import type { DecideHeldPayInput, DecideHeldPayOutput } from '../calls/couriers.js';
import { HELD_PAY_TASKS, toHeldPayId } from '../contract/held-pays.js';
import type { Journal, Order } from '../contract/orders.js';
import { listSteps } from '../orders/model/actions/actions.js';
import { writeAudit } from '../platform/audit.js';
import { requireOtherParty } from '../abuse/other-party.js';
import { toOperatorTaskId } from '../platform/operator-tasks.js';
import type { Caller, Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { Refusal } from '../core/outcome.js';
import { update } from '../platform/stored.js';
import { heldPayJournal, payAccounts, type Borne } from '../ledger/model/journals.js';
import { sum } from '../pricing/money.js';

type Input = z.infer<typeof DecideHeldPayInput>;

/**
 * Releases a courier's or a kitchen's held pay for an operator, or keeps it for the platform. Journal, audit entry and
 * the end of the task are one commit, and there is one decision. A kitchen's pay is transferred at the next sweep. The
 * payee's part of the order's refunds and lateness is the platform's once the pay is refused: a payee bears at most
 * what it earned.
 */
export async function decideHeldPay(
  ctx: Context,
  { uid: by }: Caller,
  { orderId, payee, verdict, reason }: Input,
): Promise<z.infer<typeof DecideHeldPayOutput>> {
  const ref = paths.heldPay(ctx.db, toHeldPayId(orderId, payee));
  return ctx.db.runTransaction(async (tx) => {
    const [held, journals, order] = await Promise.all([
      tx.get(ref),
      tx.get(paths.ledger(ctx.db).where('orderId', '==', orderId)),
      tx.get(paths.order(ctx.db, orderId)),
    ]);
    const pay = held.data();
    if (!pay) throw new Refusal('HELD_PAY_NOT_FOUND', { orderId });
    if (pay.decision?.by === by && pay.decision.verdict === verdict) return { verdict, replayed: true };
    if (pay.decision) throw new Refusal('HELD_PAY_DECIDED', { verdict: pay.decision.verdict });
    const { courierId, restaurantId } = pay;
    // Read field by field: the rest of the order may be unreadable.
    const [customerId, zoneId] = [String(order.get('customerId') ?? ''), String(order.get('zoneId') ?? '')];
    await requireOtherParty(ctx, by, { customerId, courierId, restaurantId, zoneId });
    const bore = sumBorne(
      journals.docs.map((one) => one.data()),
      payAccounts(pay).own,
    );
    const journal = heldPayJournal(pay, verdict, bore, ctx.now());
    if (journal) tx.create(paths.journal(ctx.db, `${orderId}-held-${payee}`), journal);
    update(tx, ref, { decision: { by, atMs: ctx.now(), verdict, reason } });
    if (payee === 'kitchen') endKitchenHold(ctx, tx, orderId, order.data(), verdict);
    update(tx, paths.operatorTask(ctx.db, toOperatorTaskId({ orderId, kind: HELD_PAY_TASKS[payee] })), { open: false });
    const before = { amountMinor: pay.amountMinor, doubts: pay.doubts.join(' ') };
    writeAudit(ctx, tx, { by, action: 'decideHeldPay', subject: ref.path, reason, before, after: { verdict } });
    return { verdict, replayed: false };
  });
}

/**
 * The payout is the one remaining deadline of an order that has ended. One in a status that no payout leads from, such
 * as one that was delivered or collected just now, keeps its own deadline and is paid out by that.
 */
function endKitchenHold(
  ctx: Context,
  tx: Transaction,
  orderId: string,
  order: Order | undefined,
  verdict: Input['verdict'],
): void {
  if (!order) return;
  const ref = paths.order(ctx.db, orderId);
  const hasPayout = listSteps(order.status, 'payOut', order.kind).length > 0;
  const paid = hasPayout ? { due: { kind: 'payOut' as const, atMs: ctx.now() } } : {};
  const { kitchenPay: _, ...rest } = order;
  tx.set(ref, verdict === 'refuse' ? { ...order, kitchenPay: 'refused' } : { ...rest, ...paid });
}

/** Sums an account's part of the order's refunds and of the credit for its lateness. */
function sumBorne(journals: readonly Journal[], account: string): Borne {
  const sumOf = (kind: Journal['kind']) => {
    const entries = journals.filter((one) => one.kind === kind).flatMap((one) => one.entries);
    return sum(entries.filter((entry) => entry.account === account).map((entry) => entry.amountMinor));
  };
  return { refundsMinor: sumOf('refund'), lateMinor: sumOf('credit') };
}
