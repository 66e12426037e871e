import type { z } from 'zod';
import type { ReadDropOffOutput, ReadRiderAddressInput } from '../../calls/dispatch.js';
import { STAFFED_STATUSES } from '../../contract/orders.js';
import { readStaffRole } from '../../authority/staff.js';
import { Refusal } from '../../core/outcome.js';
import type { Caller, Context } from '../../platform/context.js';
import { paths } from '../../platform/firestore.js';
import { isOwnParty } from '../model/actors.js';

/**
 * Returns the delivery address to the staff of the restaurant whose own rider brings the order, until its end. Throws
 * ORDER_NOT_FOUND, also for other restaurants; PARTY_CONFLICT, MOVE_NOT_ALLOWED, RIDER_REQUIRED or QUOTE_NOT_FOUND.
 */
export async function readRiderAddress(
  ctx: Context,
  caller: Caller,
  { orderId }: z.infer<typeof ReadRiderAddressInput>,
): Promise<z.infer<typeof ReadDropOffOutput>> {
  const order = (await paths.order(ctx.db, orderId).get()).data();
  const isStaff = order && (await readStaffRole(ctx, order.restaurantId, caller.uid)) !== null;
  if (!isStaff) throw new Refusal('ORDER_NOT_FOUND', { orderId });
  if (isOwnParty(order, caller.uid)) throw new Refusal('PARTY_CONFLICT', { role: 'merchant' });
  const { status, rider } = order;
  if (!STAFFED_STATUSES.includes(status)) throw new Refusal('MOVE_NOT_ALLOWED', { status });
  if (rider?.type !== 'own') throw new Refusal('RIDER_REQUIRED');
  const dropOff = (await paths.quote(ctx.db, orderId).get()).data()?.dropOff;
  if (!dropOff) throw new Refusal('QUOTE_NOT_FOUND', { orderId });
  return { orderId, dropOff };
}
