import type { z } from 'zod';
import type { RespondToOfferInput, RespondToOfferOutput } from '../calls/dispatch.js';
import { transition } from '../orders/flow/transition.js';
import type { Caller, Context } from '../platform/context.js';
import type { ErrorReason } from '../core/errors.js';
import { Refusal } from '../core/outcome.js';
import { dropTask } from '../platform/tasks.js';
import { endOffer } from '../dispatch/end-offer.js';
import { toOfferTaskName } from '../dispatch/offer.js';

/** An acceptance that is refused for these counts as an unused offer: it came too late, or beside too many orders. */
const BY_COURIER: readonly ErrorReason[] = ['OFFER_GONE', 'COURIER_FULL'];

/**
 * Handles a courier's answer to an offer. The first courier to accept gets the order; after a decline the next one gets
 * an offer.
 */
export async function respondToOffer(
  ctx: Context,
  caller: Caller,
  { orderId, idempotencyKey, answer, reason }: z.infer<typeof RespondToOfferInput>,
): Promise<z.infer<typeof RespondToOfferOutput>> {
  if (answer === 'decline') {
    await endOffer(ctx, caller.uid, orderId, { end: 'declined', ...(reason && { reason }) });
    return { orderId, assigned: false };
  }
  const { uid } = caller;
  const command = { action: 'assign' as const };
  try {
    const asking = { orderId, command, causeId: idempotencyKey, actor: () => ({ role: 'courier' as const, uid }) };
    const { order, accepted } = await transition(ctx, asking);
    // A replay may carry another courier's key: the courier who carries the order now counts.
    if (order.courierId === uid) {
      if (accepted) await dropTask(ctx, toOfferTaskName(accepted, uid));
      return { orderId, assigned: true };
    }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    // The order is not available to this courier, so its offer ends too.
    await endOffer(ctx, uid, orderId, { end: 'declined' }, { isUnused: BY_COURIER.includes(error.reason) });
    throw error;
  }
  throw new Refusal('OFFER_GONE', { orderId });
}
