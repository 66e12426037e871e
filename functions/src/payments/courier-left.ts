import type { Transaction } from 'firebase-admin/firestore';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';

/**
 * Reads whether the courier's account is erased, or being erased. An order may name the courier by the uid or by the
 * pseudonym.
 */
export async function hasCourierLeft({ db }: Context, tx: Transaction, courierId: string): Promise<boolean> {
  const [courier, erasure] = await Promise.all([
    tx.get(paths.courier(db, courierId)),
    tx.get(paths.erasure(db, courierId)),
  ]);
  return !courier.exists || erasure.exists;
}
