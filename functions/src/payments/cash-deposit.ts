import { FieldValue } from 'firebase-admin/firestore';
import type { z } from 'zod';
import type { RecordCashDepositInput, RecordCashDepositOutput } from '../calls/payments.js';
import { getZone } from '../platform/caches.js';
import { writeAudit } from '../platform/audit.js';
import { requireOtherCourier } from '../abuse/other-party.js';
import type { Caller, Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { Refusal } from '../core/outcome.js';
import { toAccountId } from '../ledger/model/account-id.js';
import { depositJournal } from '../ledger/model/journals.js';
import { update } from '../platform/stored.js';

/** Records that a courier paid cash in: once per courier and key, in the journal and in the courier's cash. */
export async function recordCashDeposit(
  ctx: Context,
  { uid: by }: Caller,
  { courierId, amountMinor, idempotencyKey, reason = 'paid in' }: z.infer<typeof RecordCashDepositInput>,
): Promise<z.infer<typeof RecordCashDepositOutput>> {
  await requireOtherCourier(ctx, by, courierId);
  return ctx.db.runTransaction(async (tx) => {
    const journalRef = paths.journal(ctx.db, `deposit-${toAccountId(courierId)}-${idempotencyKey}`);
    const ref = paths.courier(ctx.db, courierId);
    const [journal, read] = await Promise.all([tx.get(journalRef), tx.get(ref)]);
    const courier = read.data();
    if (!courier) throw new Refusal('USER_NOT_FOUND', { uid: courierId });
    const { cashMinor = 0, zoneId } = courier;
    if (journal.exists) return { cashMinor, replayed: true };
    if (amountMinor > cashMinor) throw new Refusal('DEPOSIT_TOO_LARGE', { cashMinor });
    const { currency } = await getZone(ctx, zoneId);
    tx.create(journalRef, depositJournal(courierId, currency, amountMinor, ctx.now()));
    update(tx, ref, { cashMinor: FieldValue.increment(-amountMinor) });
    const leftMinor = cashMinor - amountMinor;
    writeAudit(ctx, tx, {
      by,
      action: 'recordCashDeposit',
      subject: ref.path,
      reason,
      before: { cashMinor },
      after: { cashMinor: leftMinor, currency },
    });
    return { cashMinor: leftMinor, replayed: false };
  });
}
