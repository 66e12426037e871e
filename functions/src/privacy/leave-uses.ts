import { findAndRecordOrder } from '../abuse/has-ordered.js';
import { prepareFormerUses } from '../abuse/links.js';
import { FIRST_ORDER, FORMER_CLAIMS } from '../contract/accounts.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { readOne } from '../platform/isolate.js';
import { lookUp } from '../core/look-up.js';

/**
 * Moves the uses of limited promotions of an account that is being erased to its devices and cards, without a name: an
 * account does not count as new if its person left and came back. This includes the first order of a customer who had
 * it without a promotion, and the number of claims. The commit empties the account's own uses and claims, so that a
 * repetition moves nothing. Callers run it while the orders name the person.
 */
export async function moveUsesToSignals(ctx: Context, uid: string): Promise<void> {
  const ref = paths.standing(ctx.db, uid);
  const isOrdered = await findAndRecordOrder(ctx, uid, (await ref.get()).get('hasOrdered') === true);
  await ctx.db.runTransaction(async (tx) => {
    const claimsRef = paths.claimHistory(ctx.db, uid);
    const [standing, stored] = await Promise.all([tx.get(ref).then((one) => one.data()), tx.get(claimsRef)]);
    const claims = (await readOne(ctx, 'moveUsesToSignals', stored))?.data.claims.length ?? 0;
    if (!standing && claims === 0) return;
    const first = Math.max(lookUp(standing?.uses, FIRST_ORDER) ?? 0, isOrdered ? 1 : 0);
    const leave = await prepareFormerUses(ctx, tx, uid, {
      ...standing?.uses,
      ...(first > 0 && { [FIRST_ORDER]: first }),
      ...(claims > 0 && { [FORMER_CLAIMS]: claims }),
    });
    leave();
    if (claims > 0) tx.delete(claimsRef);
    if (!standing) return;
    const { hasOrdered: _, ...rest } = standing;
    tx.set(ref, { ...rest, uses: {} });
  });
}
