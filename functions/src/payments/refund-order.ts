import { requireNeutralKey } from '../abuse/neutral-key.js';
import type { Transaction } from 'firebase-admin/firestore';
import type { z } from 'zod';
import { takeTokens } from '../abuse/rate-limit-store.js';
import { toHeldPayId } from '../contract/held-pays.js';
import type { Order } from '../contract/orders.js';
import type { RefundOrderOutput } from '../calls/payments.js';
import { readStaffRole } from '../authority/staff.js';
import { writeAudit } from '../platform/audit.js';
import { requireOtherParty } from '../abuse/other-party.js';
import type { Caller, Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { Refusal, unwrap } from '../core/outcome.js';
import { addCredit } from './credit.js';
import { changeMerchantDebt } from './merchant-debt.js';
import { finishRefund } from './finish-refund.js';
import { withRecoveryTask } from '../platform/recovery.js';
import {
  decideRefund,
  MAX_REFUNDS,
  selectRefunder,
  type DecidedRefund,
  type RefundInput,
  type RefundRequest,
} from './model/refund.js';

/**
 * Refunds a part of an order's charge: once per key, journalled with the order's own sums. The refund is sent to the
 * provider after the commit, and retried until the provider accepts it.
 */
export async function refundOrder(
  ctx: Context,
  caller: Caller,
  request: RefundRequest,
): Promise<z.infer<typeof RefundOrderOutput>> {
  const { orderId, idempotencyKey: refundId } = request;
  const { replayed } = await withRecoveryTask(ctx, {
    name: `refund-${orderId}-${refundId}`,
    wakeUp: { type: 'refund', orderId, refundId },
    commit: (schedule) => ctx.db.runTransaction((tx) => commit(ctx, tx, caller, request, schedule)),
    followUp: () => finishRefund(ctx, orderId, refundId),
  });
  const refund = (await paths.refunds(ctx.db, orderId).doc(refundId).get()).data();
  if (!refund) throw new Error(`refund ${refundId} of ${orderId} was not written`);
  const { amountMinor, creditMinor, status } = refund;
  return { refundId, amountMinor, creditMinor, status, replayed };
}

async function commit(
  ctx: Context,
  tx: Transaction,
  caller: Caller,
  request: RefundRequest,
  schedule: () => Promise<unknown>,
): Promise<{ replayed: boolean }> {
  const { orderId, idempotencyKey: refundId } = request;
  const { ids, ...facts } = await readForRefund(ctx, tx, orderId);
  const staffRole = await readStaffRole(ctx, facts.order.restaurantId, caller.uid);
  const by = unwrap(selectRefunder(facts.order, caller, staffRole, request));
  if (ids.includes(refundId)) return { replayed: true };
  requireNeutralKey(refundId, facts.order, caller.uid);
  if (by === 'operator') await requireOtherParty(ctx, caller.uid, facts.order);
  const decided = unwrap(decideRefund({ ...facts, request, by, nowMs: ctx.now() }));
  if (by === 'merchant') await takeTokens(ctx, tx, [{ kind: 'merchantRefund', whose: caller.uid }]);
  await schedule();
  writeRefund(ctx, tx, facts.order, request, decided);
  if (by === 'operator') audit(ctx, tx, caller, request, decided);
  return { replayed: false };
}

function audit(
  ctx: Context,
  tx: Transaction,
  { uid }: Caller,
  request: RefundRequest,
  { refund }: DecidedRefund,
): void {
  const { orderId, liable, reason, to } = request;
  const after = { refundId: request.idempotencyKey, amountMinor: refund.amountMinor, liable, to };
  const subject = paths.order(ctx.db, orderId).path;
  writeAudit(ctx, tx, { by: uid, action: 'refundOrder', subject, reason, before: null, after });
}

/** Reads the facts for the decision on a refund; `ids` are those of the earlier ones. */
export async function readForRefund(
  ctx: Context,
  tx: Transaction,
  orderId: string,
): Promise<Pick<RefundInput, 'order' | 'quote' | 'earlier' | 'courierRefused'> & { ids: string[] }> {
  const [stored, quote, refunds, held] = await Promise.all([
    tx.get(paths.order(ctx.db, orderId)),
    tx.get(paths.quote(ctx.db, orderId)),
    tx.get(paths.refunds(ctx.db, orderId).limit(MAX_REFUNDS)),
    tx.get(paths.heldPay(ctx.db, toHeldPayId(orderId, 'courier'))),
  ]);
  const order = stored.data();
  if (!order) throw new Refusal('ORDER_NOT_FOUND', { orderId });
  const earlier = refunds.docs.map((one) => one.data());
  const courierRefused = held.data()?.decision?.verdict === 'refuse';
  const ids = refunds.docs.map((one) => one.id);
  return { order, quote: quote.data() ?? null, earlier, courierRefused, ids };
}

/** Writes a refund in one commit with the order's sums, so that two refunds never return the same money. */
export function writeRefund(
  ctx: Context,
  tx: Transaction,
  order: Order,
  request: RefundRequest,
  decided: DecidedRefund,
): void {
  const { orderId, idempotencyKey: refundId } = request;
  const { refund, moneyMinor, refunded, reversed } = decided;
  tx.create(paths.refunds(ctx.db, orderId).doc(refundId), refund);
  const { refundedMinor, merchantBearsMinor = 0 } = order.payment;
  const payment = {
    ...order.payment,
    refundedMinor: refundedMinor + moneyMinor,
    ...(refund.merchantMinor > 0 && { merchantBearsMinor: merchantBearsMinor + refund.merchantMinor }),
  };
  tx.set(paths.order(ctx.db, orderId), { ...order, payment });
  changeMerchantDebt(ctx, tx, refund.restaurantId, refund.debtMinor ?? 0);
  if (refunded) tx.create(paths.journal(ctx.db, `${orderId}-refund-${refundId}`), refunded);
  if (reversed) tx.create(paths.journal(ctx.db, `${orderId}-reversal-${refundId}`), reversed);
  addCredit(ctx, tx, refund.customerId, refund.currency, refund.creditMinor);
}
