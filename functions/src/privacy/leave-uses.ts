import { findAndRecordOrder } from '../abuse/has-ordered.js';
import { prepareFormerUses } from '../abuse/links.js';
import { FIRST_ORDER } from '../contract/accounts.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { lookUp } from '../core/look-up.js';

/**
 * Moves the uses of limited promotions of an account that is being erased to its devices and cards, without a name: an
 * account does not count as new if its person left and came back. This includes the first order of a customer who had
 * it without a promotion. The commit empties the account's own uses, so that a repetition moves nothing. Callers run it
 * while the orders name the person.
 */
export async function moveUsesToSignals(ctx: Context, uid: string): Promise<void> {
  const ref = paths.standing(ctx.db, uid);
  const isOrdered = await findAndRecordOrder(ctx, uid, (await ref.get()).get('hasOrdered') === true);
  await ctx.db.runTransaction(async (tx) => {
    const standing = (await tx.get(ref)).data();
    if (!standing) return;
    const first = Math.max(lookUp(standing.uses, FIRST_ORDER) ?? 0, isOrdered ? 1 : 0);
    const leave = await prepareFormerUses(ctx, tx, uid, {
      ...standing.uses,
      ...(first > 0 && { [FIRST_ORDER]: first }),
    });
    leave();
    const { hasOrdered: _, ...rest } = standing;
    tx.set(ref, { ...rest, uses: {} });
  });
}
