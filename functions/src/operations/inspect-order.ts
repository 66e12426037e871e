import type { z } from 'zod';
import { requireOtherParty } from '../abuse/other-party.js';
import type { InspectOrderInput, InspectOrderOutput } from '../calls/bills.js';
import { Refusal } from '../core/outcome.js';
import { writeAudit } from '../platform/audit.js';
import type { Caller, Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';

/**
 * Returns all fields of an order to an operator, and records that they were read. Throws ORDER_NOT_FOUND, or
 * OTHER_OPERATOR_REQUIRED for a party of the order and for a competitor of the restaurant.
 */
export async function inspectOrder(
  ctx: Context,
  { uid: by }: Caller,
  { orderId, reason }: z.infer<typeof InspectOrderInput>,
): Promise<z.infer<typeof InspectOrderOutput>> {
  const ref = paths.order(ctx.db, orderId);
  return ctx.db.runTransaction(async (tx) => {
    const order = (await tx.get(ref)).data();
    if (!order) throw new Refusal('ORDER_NOT_FOUND', { orderId });
    await requireOtherParty(ctx, by, order);
    writeAudit(ctx, tx, { by, action: 'inspectOrder', subject: ref.path, reason, before: null, after: null });
    return { orderId, order };
  });
}
