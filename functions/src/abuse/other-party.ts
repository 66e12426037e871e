import { findConflict } from './links.js';
import { isSameParty } from './model/parties.js';
import type { Order } from '../contract/orders.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { Refusal } from '../core/outcome.js';
import { readOne } from '../platform/isolate.js';

/**
 * Throws OTHER_OPERATOR_REQUIRED where the operator is one of the users concerned, or shares a device or card with one
 * of them.
 */
export async function requireOtherUser(
  ctx: Context,
  operator: string,
  users: readonly (string | null)[],
): Promise<void> {
  if (users.includes(operator)) throw new Refusal('OTHER_OPERATOR_REQUIRED');
  const stored = await paths.links(ctx.db, operator).get();
  const links = await readOne(ctx, 'ownMatter', stored);
  // A link that cannot be read may be a link with one of the users concerned.
  if (stored.exists && !links) throw new Refusal('OTHER_OPERATOR_REQUIRED');
  const linked = links?.data.linked ?? [];
  if (users.some((uid) => uid !== null && linked.includes(uid))) throw new Refusal('OTHER_OPERATOR_REQUIRED');
}

/**
 * Throws OTHER_OPERATOR_REQUIRED where the operator is related to the order's customer, its courier or the restaurant's
 * staff.
 */
export async function requireOtherParty(
  ctx: Context,
  operator: string,
  { customerId, courierId, restaurantId }: Pick<Order, 'customerId' | 'courierId' | 'restaurantId'>,
): Promise<void> {
  await requireOtherUser(ctx, operator, [customerId, courierId]);
  await requireOtherStaff(ctx, operator, restaurantId);
}

/** Throws OTHER_OPERATOR_REQUIRED where the operator is related to a restaurant's staff. */
export async function requireOtherStaff(ctx: Context, operator: string, restaurantId: string): Promise<void> {
  const conflict = await findConflict(ctx, operator, restaurantId);
  if (isSameParty(conflict) || conflict === 'unknown') throw new Refusal('OTHER_OPERATOR_REQUIRED');
}
