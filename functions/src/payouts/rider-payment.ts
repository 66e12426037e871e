import type { z } from 'zod';
import { requireOtherParty } from '../abuse/other-party.js';
import type { RecordRiderPaymentInput, RecordRiderPaymentOutput } from '../calls/courier-payouts.js';
import { ACCOUNTS } from '../ledger/model/chart.js';
import { riderPaymentJournal } from '../ledger/model/journals.js';
import { writeAudit } from '../platform/audit.js';
import type { Caller, Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { toOperatorTaskId } from '../platform/operator-tasks.js';
import { update } from '../platform/stored.js';
import { Refusal } from '../core/outcome.js';
import { sum } from '../pricing/money.js';

/**
 * Records that an outside rider was paid what the journals of the order credited, once for each order, and closes the
 * operator task. Throws ORDER_NOT_FOUND, RIDER_REQUIRED, NOTHING_OWED, or OTHER_OPERATOR_REQUIRED for a party of the
 * order.
 */
export async function recordRiderPayment(
  ctx: Context,
  { uid: by }: Caller,
  { orderId, reference }: z.infer<typeof RecordRiderPaymentInput>,
): Promise<z.infer<typeof RecordRiderPaymentOutput>> {
  const ref = paths.order(ctx.db, orderId);
  const paid = paths.journal(ctx.db, `${orderId}-rider`);
  const task = paths.operatorTask(ctx.db, toOperatorTaskId({ orderId, kind: 'rider_payment_due' }));
  return ctx.db.runTransaction(async (tx) => {
    const [stored, journals, due] = await Promise.all([
      tx.get(ref),
      tx.get(paths.ledger(ctx.db).where('orderId', '==', orderId)),
      tx.get(ctx.db.doc(task.path)),
    ]);
    const order = stored.data();
    if (!order) throw new Refusal('ORDER_NOT_FOUND', { orderId });
    if (order.rider?.type !== 'outside') throw new Refusal('RIDER_REQUIRED');
    await requireOtherParty(ctx, by, order);
    const entries = journals.docs.map((one) => one.data()).flatMap((one) => ofRider(one));
    const before = journals.docs.find(({ id }) => id === paid.id)?.data();
    if (before) return { paidMinor: sum(ofRider(before)), replayed: true };
    const paidMinor = -sum(entries);
    const journal =
      paidMinor > 0 ? riderPaymentJournal({ orderId, currency: order.currency }, paidMinor, ctx.now()) : null;
    if (!journal) throw new Refusal('NOTHING_OWED');
    tx.create(paid, journal);
    tx.set(ref, { ...order, rider: { ...order.rider, paidAtMs: ctx.now() } });
    if (due.exists) update(tx, task, { open: false });
    const facts = { before: { owedMinor: paidMinor }, after: { owedMinor: 0, currency: order.currency } };
    writeAudit(ctx, tx, { by, action: 'recordRiderPayment', subject: ref.path, reason: reference, ...facts });
    return { paidMinor, replayed: false };
  });
}

const ofRider = ({ entries }: { entries: readonly { account: string; amountMinor: number }[] }): number[] =>
  entries.filter(({ account }) => account === ACCOUNTS.outsideRiders).map(({ amountMinor }) => amountMinor);
