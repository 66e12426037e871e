import { FieldValue, type Transaction } from 'firebase-admin/firestore';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { merge } from '../platform/stored.js';

/** Adds to what a customer may spend; an increment, so that nothing need be read. The journal of it is the caller's. */
export function giveCredit(ctx: Context, tx: Transaction, uid: string, currency: string, amountMinor: number): void {
  if (amountMinor === 0) return;
  merge(tx, paths.standing(ctx.db, uid), { credits: { [currency]: FieldValue.increment(amountMinor) } });
}
