import { FieldValue, type Transaction } from 'firebase-admin/firestore';
import { toAccountId, isPseudonym } from '../ledger/model/account-id.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { merge } from '../platform/stored.js';
import { forfeitJournal } from '../ledger/model/journals.js';

/**
 * Adds to a customer's credit, by an increment that needs no read. The caller writes its journal. Credit of an erased
 * customer, whose refund no card accepted, is forfeited with a journal of its own.
 */
export function addCredit(ctx: Context, tx: Transaction, uid: string, currency: string, amountMinor: number): void {
  returnCreditAndUses(ctx, tx, uid, { currency, creditMinor: amountMinor, uses: [] });
}

/**
 * Returns the credit and the uses of promotions that an order had taken, in one write. An erased customer has neither:
 * the credit is forfeited, and the uses continue to count for the devices and cards of the account.
 */
export function returnCreditAndUses(
  ctx: Context,
  tx: Transaction,
  uid: string,
  back: { currency: string; creditMinor: number; uses: readonly string[] },
): void {
  const { currency, creditMinor } = back;
  if (isPseudonym(uid)) return creditMinor === 0 ? undefined : forfeit(ctx, tx, uid, currency, creditMinor);
  const uses = Object.fromEntries(
    back.uses.map((name) => [name, FieldValue.increment(-back.uses.filter((one) => one === name).length)]),
  );
  // An empty map, merged, would empty the field.
  const standing = {
    ...(back.uses.length > 0 && { uses }),
    ...(creditMinor !== 0 && { credits: { [currency]: FieldValue.increment(creditMinor) } }),
  };
  if (Object.keys(standing).length > 0) merge(tx, paths.standing(ctx.db, uid), standing);
}

/** Writes the journal that gives the credit of an erased customer, or of one being erased, to the platform. */
export function forfeit(ctx: Context, tx: Transaction, uid: string, currency: string, amountMinor: number): void {
  const id = `leaving-${toAccountId(uid)}-${currency}-${ctx.newId()}`;
  tx.create(paths.journal(ctx.db, id), forfeitJournal(uid, currency, amountMinor, ctx.now()));
}
