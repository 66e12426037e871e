import { z } from 'zod';
import { DocumentId, EpochMs, IdempotencyKey, Note, Uid } from './common.js';
import { Push } from './notifications.js';
import { DisputeId, RefundId } from './payments.js';

/** What a timed call is for. The handler checks the state again, so an early, late or double one does no harm. */
export const WakeUp = z.discriminatedUnion('type', [
  /** Run the effects of the event with this cause, unless they are done: the guard against a crash after a commit. */
  z.strictObject({ type: z.literal('effects'), orderId: DocumentId, causeId: z.string() }),
  /** The offer to this courier has lapsed. */
  z.strictObject({ type: z.literal('offer'), courierId: Uid, orderId: DocumentId }),
  /** The window that ends then is over: match what waits in the zone. */
  z.strictObject({ type: z.literal('match'), zoneId: DocumentId, atMs: EpochMs }),
  /** Items or options were sold out: tell the carts that hold them. */
  z.strictObject({ type: z.literal('soldOut'), restaurantId: DocumentId, ids: z.array(DocumentId) }),
  /** Tell the provider of the refund, unless it was told. */
  z.strictObject({ type: z.literal('refund'), orderId: DocumentId, refundId: RefundId }),
  /** Has the tip been paid? */
  z.strictObject({ type: z.literal('tip'), orderId: DocumentId, tipId: IdempotencyKey }),
  /** The bank wants its evidence soon. */
  z.strictObject({ type: z.literal('dispute'), disputeId: DisputeId }),
  /** A push that the provider did not take. */
  z.strictObject({ type: z.literal('push'), uid: Uid, push: Push, attempt: z.int().min(1) }),
  /** An operator wrote to a party of an order. */
  z.strictObject({
    type: z.literal('message'),
    orderId: DocumentId,
    to: z.discriminatedUnion('type', [
      z.strictObject({ type: z.literal('user'), uid: Uid }),
      z.strictObject({ type: z.literal('restaurant'), restaurantId: DocumentId }),
    ]),
    text: Note,
    id: z.string(),
  }),
  /** A sweep ran out of time: the next one goes on. */
  z.strictObject({ type: z.literal('sweep') }),
  /** A role or membership was changed: derive the claims from the documents. */
  z.strictObject({ type: z.literal('claims'), uid: Uid }),
  /** A member of a restaurant was changed a minute ago. */
  z.strictObject({ type: z.literal('staffKeys'), restaurantId: DocumentId }),
  /** Two hours after the order's end its courier and restaurant no longer read its chat. */
  z.strictObject({ type: z.literal('closeChat'), orderId: DocumentId }),
  /** Somebody wants to be forgotten. */
  z.strictObject({ type: z.literal('erase'), uid: Uid }),
]);
export type WakeUp = z.infer<typeof WakeUp>;
