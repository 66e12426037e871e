import type { z } from 'zod';
import type { GrantCreditInput, GrantCreditOutput } from '../calls/promotions.js';
import { writeAudit } from '../platform/audit.js';
import { requireOtherUser } from '../abuse/other-party.js';
import type { Caller, Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { Refusal } from '../core/outcome.js';
import { toAccountId } from '../ledger/model/account-id.js';
import { creditJournal } from '../ledger/model/journals.js';
import { lookUp } from '../core/look-up.js';

type Grant = z.infer<typeof GrantCreditInput>;

/**
 * Grants a customer credit for an operator, or takes back what is unspent; once per customer and key, in the journal
 * and in the balance.
 */
export async function grantCredit(
  ctx: Context,
  { uid: by }: Caller,
  grant: Grant,
): Promise<z.infer<typeof GrantCreditOutput>> {
  const { uid, currency, amountMinor, idempotencyKey, reason } = grant;
  if ((await ctx.identity.claimsOf(uid)) === null) throw new Refusal('USER_NOT_FOUND', { uid });
  await requireOtherUser(ctx, by, [uid]);
  return ctx.db.runTransaction(async (tx) => {
    const journalRef = paths.journal(ctx.db, `credit-${toAccountId(uid)}-${idempotencyKey}`);
    const standingRef = paths.standing(ctx.db, uid);
    const [journal, read] = await Promise.all([tx.get(journalRef), tx.get(standingRef)]);
    const standing = read.data() ?? { credits: {}, uses: {} };
    const before = lookUp(standing.credits, currency) ?? 0;
    if (journal.exists) return { balanceMinor: before, replayed: true };
    const balanceMinor = before + amountMinor;
    if (balanceMinor < 0) throw new Refusal('CREDIT_SPENT', { available: before });
    tx.create(journalRef, creditJournal(uid, currency, amountMinor, ctx.now()));
    tx.set(standingRef, { ...standing, credits: { ...standing.credits, [currency]: balanceMinor } });
    writeAudit(ctx, tx, {
      by,
      action: 'grantCredit',
      subject: standingRef.path,
      reason,
      before: { balanceMinor: before },
      after: { balanceMinor, currency },
    });
    return { balanceMinor, replayed: false };
  });
}
