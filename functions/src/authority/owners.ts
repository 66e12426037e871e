import type { Transaction } from 'firebase-admin/firestore';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { Refusal } from '../core/outcome.js';
import type { StaffRole } from './staff.js';

/** Throws LAST_OWNER for a change that would leave the restaurant without an owner. */
export async function requireOwnerAfter(
  ctx: Context,
  tx: Transaction,
  restaurantId: string,
  { before, after }: { before: StaffRole | undefined; after: StaffRole | null },
): Promise<void> {
  if (before !== 'owner' || after === 'owner') return;
  const owners = await tx.get(paths.members(ctx.db, restaurantId).where('role', '==', 'owner').limit(2));
  if (owners.size < 2) throw new Refusal('LAST_OWNER');
}
