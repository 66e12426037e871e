import type { z } from 'zod';
import { requireOtherCourier } from '../abuse/other-party.js';
import type { SettleCourierDebtInput, SettleCourierDebtOutput } from '../calls/courier-payouts.js';
import { toAccountId } from '../ledger/model/account-id.js';
import { courierDebtJournal } from '../ledger/model/courier-journals.js';
import { writeAudit } from '../platform/audit.js';
import type { Caller, Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { Refusal } from '../core/outcome.js';
import { readPay } from './read-pay.js';

/**
 * Records that a courier repaid what the courier owes the platform, or that the platform bears it: once for each
 * courier and key, and at most what is owed. Throws USER_NOT_FOUND, DEBT_SMALLER, or OTHER_OPERATOR_REQUIRED for the
 * operator's own debt or that of a linked account.
 */
export async function settleCourierDebt(
  ctx: Context,
  { uid: by }: Caller,
  input: z.infer<typeof SettleCourierDebtInput>,
): Promise<z.infer<typeof SettleCourierDebtOutput>> {
  const { courierId: uid, currency, amountMinor, how, reason, idempotencyKey } = input;
  await requireOtherCourier(ctx, by, uid);
  const ref = paths.journal(ctx.db, `debt-${toAccountId(uid)}-${idempotencyKey}`);
  return ctx.db.runTransaction(async (tx) => {
    const journal = await tx.get(ref);
    const { owed } = await readPay(ctx, tx, uid);
    const owedMinor = Math.max(0, -(owed.get(currency) ?? 0));
    if (journal.exists) return { owedMinor, replayed: true };
    if (amountMinor > owedMinor) throw new Refusal('DEBT_SMALLER', { owedMinor });
    tx.create(ref, courierDebtJournal(uid, { currency, amountMinor, how }, ctx.now()));
    const leftMinor = owedMinor - amountMinor;
    const subject = paths.courier(ctx.db, uid).path;
    const facts = { before: { owedMinor }, after: { owedMinor: leftMinor, currency, how } };
    writeAudit(ctx, tx, { by, action: 'settleCourierDebt', subject, reason, ...facts });
    return { owedMinor: leftMinor, replayed: false };
  });
}
