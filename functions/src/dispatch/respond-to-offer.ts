import type { z } from 'zod';
import type { RespondToOfferInput, RespondToOfferOutput } from '../contract/callables.js';
import { transition } from '../orders/transition.js';
import type { Caller, Context } from '../platform/context.js';
import { Refusal } from '../platform/outcome.js';
import { endOffer } from './end-offer.js';

/** A courier's answer to an offer. The first to accept has the order; a decline asks the next. */
export async function respondToOffer(
  ctx: Context,
  caller: Caller,
  { orderId, idempotencyKey, answer }: z.infer<typeof RespondToOfferInput>,
): Promise<z.infer<typeof RespondToOfferOutput>> {
  if (answer === 'decline') {
    await endOffer(ctx, caller.uid, orderId, 'declined');
    return { orderId, assigned: false };
  }
  const { uid } = caller;
  const { order } = await transition(ctx, {
    orderId,
    command: { action: 'assign' },
    causeId: idempotencyKey,
    actor: () => ({ role: 'courier', uid }),
  });
  // A replay may come from somebody else's key: what counts is who carries the order now.
  if (order.courierId !== uid) throw new Refusal('OFFER_GONE', { orderId });
  return { orderId, assigned: true };
}
