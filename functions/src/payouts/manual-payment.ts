import type { z } from 'zod';
import type {
  RecordCourierPaymentInput,
  RecordCourierPaymentOutput,
  ReturnCourierPaymentInput,
  ReturnCourierPaymentOutput,
} from '../calls/courier-payouts.js';
import { requireOtherCourier } from '../abuse/other-party.js';
import { writeAudit } from '../platform/audit.js';
import type { Caller, Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { withRecoveryTask } from '../platform/recovery.js';
import { update } from '../platform/stored.js';
import { Refusal } from '../core/outcome.js';
import { beginPayout } from './begin-payout.js';
import { failPayout, finishPayout } from './finish-payout.js';
import { toKeyedPayoutId, toPaymentTaskId } from './model/payout-ids.js';
import { computeAvailable } from './model/split-payout.js';
import { readPay, toOwedPay } from './read-pay.js';

/**
 * Records that an operator paid a courier outside of the provider, once for each courier and key: at most what is
 * available. The operator task to pay by hand is closed.
 */
export async function recordCourierPayment(
  ctx: Context,
  { uid: by }: Caller,
  input: z.infer<typeof RecordCourierPaymentInput>,
): Promise<z.infer<typeof RecordCourierPaymentOutput>> {
  const { courierId: uid, currency, amountMinor, reference, idempotencyKey } = input;
  await requireOtherCourier(ctx, by, uid);
  const payoutId = toKeyedPayoutId(uid, currency, 'manual', idempotencyKey);
  const task = paths.operatorTask(ctx.db, toPaymentTaskId(uid, currency, 'bank'));
  const hasTask = (await task.get()).exists;
  let leftMinor = 0;
  const { pay } = await beginPayout(
    ctx,
    { payoutId, uid, currency, type: 'manual', reference },
    (read) => {
      const availableMinor = computeAvailable(toOwedPay(read, currency));
      if (amountMinor > availableMinor) throw new Refusal('PAYMENT_TOO_LARGE', { availableMinor });
      leftMinor = availableMinor - amountMinor;
      return { setOffMinor: 0, feeMinor: 0, amountMinor };
    },
    (tx) => {
      if (hasTask) update(tx, task, { open: false });
      const subject = paths.courierPayout(ctx.db, payoutId).path;
      const facts = {
        before: { availableMinor: leftMinor + amountMinor },
        after: { availableMinor: leftMinor, currency },
      };
      writeAudit(ctx, tx, { by, action: 'recordCourierPayment', subject, reason: reference, ...facts });
    },
  );
  if (pay) return { payoutId, availableMinor: leftMinor, replayed: false };
  return { payoutId, availableMinor: await readAvailable(ctx, uid, currency), replayed: true };
}

const readAvailable = (ctx: Context, uid: string, currency: string): Promise<number> =>
  ctx.db.runTransaction(async (tx) => computeAvailable(toOwedPay(await readPay(ctx, tx, uid), currency)), {
    readOnly: true,
  });

/** Records that a manual payment came back from the bank: the amount is owed again. Once. */
export async function returnCourierPayment(
  ctx: Context,
  { uid: by }: Caller,
  { payoutId, reason }: z.infer<typeof ReturnCourierPaymentInput>,
): Promise<z.infer<typeof ReturnCourierPaymentOutput>> {
  const ref = paths.courierPayout(ctx.db, payoutId);
  const found = (await ref.get()).data();
  if (found?.type !== 'manual') throw new Refusal('PAYOUT_NOT_FOUND', { payoutId });
  await requireOtherCourier(ctx, by, found.courierId);
  return withRecoveryTask(ctx, {
    name: `courier-return-${payoutId}`,
    wakeUp: { type: 'courierPayout', payoutId },
    commit: (schedule) =>
      ctx.db.runTransaction(async (tx) => {
        const payout = (await tx.get(ref)).data();
        if (payout?.type !== 'manual') throw new Refusal('PAYOUT_NOT_FOUND', { payoutId });
        if (payout.status === 'failed') return { status: payout.status, replayed: true };
        await schedule();
        failPayout(ctx, tx, payoutId, payout, { failureCode: 'returned' });
        const facts = { before: { status: payout.status }, after: { status: 'failed' } };
        writeAudit(ctx, tx, { by, action: 'returnCourierPayment', subject: ref.path, reason, ...facts });
        return { status: 'failed' as const, replayed: false };
      }),
    followUp: () => finishPayout(ctx, payoutId),
  });
}
