import type { Transaction } from 'firebase-admin/firestore';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { Refusal } from '../core/outcome.js';

/**
 * Reads whether the user's account is being erased. In the transaction: an erasure that starts at the same time conflicts
 * with it.
 */
export async function isBeingErased({ db }: Context, tx: Transaction, uid: string): Promise<boolean> {
  return (await tx.get(paths.erasure(db, uid))).exists;
}

/**
 * Throws USER_NOT_FOUND for a user whose account is being erased: a new permission would outlive the account, and a
 * restaurant could get an owner who cannot sign in.
 */
export async function requireStayingUser(ctx: Context, tx: Transaction, uid: string): Promise<void> {
  if (await isBeingErased(ctx, tx, uid)) throw new Refusal('USER_NOT_FOUND', { uid });
}
