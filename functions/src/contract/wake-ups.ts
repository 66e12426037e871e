import { z } from 'zod';
import { DocumentId, Uid } from './common.js';

/** What a timed call is for. The handler checks the state again, so an early, late or double one does no harm. */
export const WakeUp = z.discriminatedUnion('type', [
  /** Run the effects of the event with this cause, unless they are done: the guard against a crash after a commit. */
  z.strictObject({ type: z.literal('effects'), orderId: DocumentId, causeId: z.string() }),
  /** The offer to this courier has lapsed. */
  z.strictObject({ type: z.literal('offer'), courierId: Uid, orderId: DocumentId }),
  /** Look for a courier again. */
  z.strictObject({ type: z.literal('dispatch'), orderId: DocumentId }),
  /** Items or options were sold out: tell the carts that hold them. */
  z.strictObject({ type: z.literal('soldOut'), restaurantId: DocumentId, ids: z.array(DocumentId) }),
]);
export type WakeUp = z.infer<typeof WakeUp>;
