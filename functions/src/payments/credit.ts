import { FieldValue, type Transaction } from 'firebase-admin/firestore';
import { accountIdOf, isPseudonym } from '../ledger/model/account-id.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { merge } from '../platform/stored.js';
import { creditJournal } from '../ledger/model/journals.js';

/**
 * Adds to what a customer may spend; an increment, so that nothing need be read. The journal of it is the caller's.
 * Credit of an erased customer, whose refund no card took, is forfeited to the platform with a journal of its own.
 */
export function giveCredit(ctx: Context, tx: Transaction, uid: string, currency: string, amountMinor: number): void {
  giveBack(ctx, tx, uid, { currency, creditMinor: amountMinor, uses: [] });
}

/**
 * Gives back the credit and the uses of promotions that an order had taken, in one write. An erased customer has
 * neither: the credit is forfeited, and the uses count on with the devices and cards of the account.
 */
export function giveBack(
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

/** Writes the journal that gives credit of a customer who leaves or has left to the platform. */
export function forfeit(ctx: Context, tx: Transaction, uid: string, currency: string, amountMinor: number): void {
  const id = `leaving-${accountIdOf(uid)}-${currency}-${ctx.newId()}`;
  tx.create(paths.journal(ctx.db, id), creditJournal(uid, currency, -amountMinor, ctx.now()));
}
