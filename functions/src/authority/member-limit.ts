import type { Transaction } from 'firebase-admin/firestore';
import { MAX_MEMBERS } from '../contract/staff-keys.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { Refusal } from '../core/outcome.js';

/** Throws LIMIT_REACHED where a restaurant has as many members as it may have. */
export async function requireMemberLimit(ctx: Context, tx: Transaction, restaurantId: string): Promise<void> {
  const members = await tx.get(paths.members(ctx.db, restaurantId).limit(MAX_MEMBERS));
  if (members.size >= MAX_MEMBERS) throw new Refusal('LIMIT_REACHED', { limit: MAX_MEMBERS });
}
