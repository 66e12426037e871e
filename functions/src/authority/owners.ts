import type { Transaction } from 'firebase-admin/firestore';
import { MAX_MEMBERS } from '../contract/staff-keys.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { Refusal } from '../core/outcome.js';
import type { StaffRole } from './staff.js';

/**
 * Throws LAST_OWNER for a change that would leave the restaurant without an owner who can act: who is neither blocked nor
 * has an account that is being erased. Reads the erasures in the transaction: of two owners who leave at the same time,
 * the second one is refused.
 */
export async function requireOwnerAfter(
  ctx: Context,
  tx: Transaction,
  restaurantId: string,
  { uid, before, after }: { uid: string; before: StaffRole | undefined; after: StaffRole | null },
): Promise<void> {
  if (before !== 'owner' || after === 'owner') return;
  const owners = await tx.get(paths.members(ctx.db, restaurantId).where('role', '==', 'owner').limit(MAX_MEMBERS));
  const others = owners.docs.filter((owner) => owner.id !== uid && owner.get('blocked') !== true);
  const [first, ...rest] = others.map(({ id }) => paths.erasure(ctx.db, id));
  const erasures = first ? await tx.getAll(first, ...rest) : [];
  if (!erasures.some(({ exists }) => !exists)) throw new Refusal('LAST_OWNER', { restaurantId });
}
