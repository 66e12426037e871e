import type { z } from 'zod';
import { requireOtherParty } from '../abuse/other-party.js';
import type { ReadDropOffInput, ReadDropOffOutput } from '../calls/dispatch.js';
import { STAFFED_STATUSES } from '../contract/orders.js';
import { Refusal } from '../core/outcome.js';
import { writeAudit } from '../platform/audit.js';
import type { Caller, Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';

/**
 * Returns the delivery address of an order under way to an operator, and records that it was read. Throws
 * MOVE_NOT_ALLOWED once the order has ended, and QUOTE_NOT_FOUND for a pickup order, which has no address.
 */
export async function readDropOff(
  ctx: Context,
  { uid: by }: Caller,
  { orderId, reason }: z.infer<typeof ReadDropOffInput>,
): Promise<z.infer<typeof ReadDropOffOutput>> {
  const ref = paths.order(ctx.db, orderId);
  return ctx.db.runTransaction(async (tx) => {
    const order = (await tx.get(ref)).data();
    if (!order) throw new Refusal('ORDER_NOT_FOUND', { orderId });
    await requireOtherParty(ctx, by, order);
    const { status } = order;
    if (!STAFFED_STATUSES.includes(status)) throw new Refusal('MOVE_NOT_ALLOWED', { status });
    const dropOff = (await tx.get(paths.quote(ctx.db, orderId))).data()?.dropOff;
    if (!dropOff) throw new Refusal('QUOTE_NOT_FOUND', { orderId });
    writeAudit(ctx, tx, { by, action: 'readDropOff', subject: ref.path, reason, before: null, after: null });
    return { orderId, dropOff };
  });
}
