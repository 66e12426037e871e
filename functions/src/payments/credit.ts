import { FieldValue, type Transaction } from 'firebase-admin/firestore';
import { accountIdOf, isPseudonym } from '../ledger/model/account-id.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { merge } from '../platform/stored.js';
import { creditJournal } from '../ledger/model/journals.js';

/**
 * Adds to what a customer may spend; an increment, so that nothing need be read. The journal of it is the caller's. Credit of
 * an erased customer, whose refund no card took, is forfeited to the platform with a journal of its own.
 */
export function giveCredit(ctx: Context, tx: Transaction, uid: string, currency: string, amountMinor: number): void {
  if (amountMinor === 0) return;
  if (isPseudonym(uid)) return forfeit(ctx, tx, uid, currency, amountMinor);
  merge(tx, paths.standing(ctx.db, uid), { credits: { [currency]: FieldValue.increment(amountMinor) } });
}

/** Writes the journal that gives credit of a customer who leaves or has left to the platform. */
export function forfeit(ctx: Context, tx: Transaction, uid: string, currency: string, amountMinor: number): void {
  const id = `leaving-${accountIdOf(uid)}-${currency}-${ctx.newId()}`;
  tx.create(paths.journal(ctx.db, id), creditJournal(uid, currency, -amountMinor, ctx.now()));
}
