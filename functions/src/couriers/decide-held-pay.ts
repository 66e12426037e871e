import type { z } from 'zod';
import type { DecideHeldPayInput, DecideHeldPayOutput } from '../contract/calls/couriers.js';
import type { Journal } from '../contract/orders.js';
import { writeAudit } from '../operations/audit.js';
import { operatorTaskId } from '../operations/raise.js';
import { ACCOUNTS, heldPayJournal } from '../payments/ledger.js';
import type { Caller, Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { Refusal } from '../platform/outcome.js';
import { update } from '../platform/stored.js';

/**
 * An operator gives a courier the pay of a doubtful delivery, or keeps it for the platform. Journal, audit and the end of
 * the task are one commit, and there is one decision. What the courier already bore of the order's refunds is the
 * platform's once the pay is refused: a courier bears no more than was earned.
 */
export async function decideHeldPay(
  ctx: Context,
  { uid: by }: Caller,
  { orderId, verdict, reason }: z.infer<typeof DecideHeldPayInput>,
): Promise<z.infer<typeof DecideHeldPayOutput>> {
  const ref = paths.heldPay(ctx.db, orderId);
  return ctx.db.runTransaction(async (tx) => {
    const [held, journals] = await Promise.all([
      tx.get(ref),
      tx.get(paths.ledger(ctx.db).where('orderId', '==', orderId).limit(MAX_JOURNALS)),
    ]);
    const pay = held.data();
    if (!pay) throw new Refusal('HELD_PAY_NOT_FOUND', { orderId });
    if (pay.decision?.by === by && pay.decision.verdict === verdict) return { verdict, replayed: true };
    if (pay.decision) throw new Refusal('HELD_PAY_DECIDED', { verdict: pay.decision.verdict });
    const boreMinor = verdict === 'refuse' ? boreOf(journals.docs.map((one) => one.data()), pay.courierId) : 0; // prettier-ignore
    tx.create(
      paths.journal(ctx.db, `${orderId}-held`),
      heldPayJournal({ ...pay, orderId }, verdict, boreMinor, ctx.now()),
    );
    update(tx, ref, { decision: { by, atMs: ctx.now(), verdict, reason } });
    update(tx, paths.operatorTask(ctx.db, operatorTaskId({ orderId, kind: 'implausible_delivery' })), { open: false });
    const before = { amountMinor: pay.amountMinor, doubts: pay.doubts.join(' ') };
    writeAudit(ctx, tx, { by, action: 'decideHeldPay', subject: ref.path, reason, before, after: { verdict } });
    return { verdict, replayed: false };
  });
}

/** More than an order ever has. */
const MAX_JOURNALS = 100;

/** What the courier was charged of the order's refunds. */
function boreOf(journals: readonly Journal[], courierId: string): number {
  const entries = journals.filter(({ kind }) => kind === 'refund').flatMap((one) => one.entries);
  const own = entries.filter(({ account }) => account === ACCOUNTS.courier(courierId));
  return own.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
}
