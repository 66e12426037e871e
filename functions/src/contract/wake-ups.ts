import { z } from 'zod';
import { DocumentId, EpochMs, IdempotencyKey, Note, Uid } from './common.js';
import { Push } from './notifications.js';
import { DisputeId, RefundId } from './payments.js';

/** The purpose of a timed call. The handler checks the state again, so an early, late or repeated call does no harm. */
export const WakeUp = z.discriminatedUnion('type', [
  /**
   * Runs the effects of the event with this cause, unless they are done: the recovery task for a crash after a commit.
   */
  z.strictObject({ type: z.literal('effects'), orderId: DocumentId, causeId: z.string() }),
  /** The offer to this courier has expired. */
  z.strictObject({ type: z.literal('offer'), courierId: Uid, orderId: DocumentId }),
  /** The window that ends then is over: matches the waiting orders of the zone. */
  z.strictObject({ type: z.literal('match'), zoneId: DocumentId, atMs: EpochMs }),
  /** Items or options were sold out: notifies the carts that contain them. */
  z.strictObject({ type: z.literal('soldOut'), restaurantId: DocumentId, ids: z.array(DocumentId) }),
  /** Sends the refund to the provider, unless it was sent. */
  z.strictObject({ type: z.literal('refund'), orderId: DocumentId, refundId: RefundId }),
  /** Checks whether the tip has been paid. */
  z.strictObject({ type: z.literal('tip'), orderId: DocumentId, tipId: IdempotencyKey }),
  /** The deadline for the bank's evidence is near. */
  z.strictObject({ type: z.literal('dispute'), disputeId: DisputeId }),
  /** Retries a push that the provider did not accept. */
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
  /** An operator answered a person. */
  z.strictObject({ type: z.literal('supportAnswer'), uid: Uid, key: IdempotencyKey }),
  /** A sweep ran out of time: the next one continues. */
  z.strictObject({ type: z.literal('sweep') }),
  /** A role or membership was changed: derives the claims from the documents. */
  z.strictObject({ type: z.literal('claims'), uid: Uid }),
  /** A member of a restaurant was changed a minute ago. */
  z.strictObject({ type: z.literal('staffKeys'), restaurantId: DocumentId }),
  /** Two hours after the order's end: ends the access of its courier and restaurant to its chat. */
  z.strictObject({ type: z.literal('closeChat'), orderId: DocumentId }),
  /** Continues a payout to a courier with its steps outside of the database. */
  z.strictObject({ type: z.literal('courierPayout'), payoutId: DocumentId }),
  /** A run of payouts ran out of time: continues with the couriers of the zone after this one. */
  z.strictObject({ type: z.literal('payCouriers'), zoneId: DocumentId, day: z.iso.date(), after: z.string() }),
  /** A user requested the erasure of the account. */
  z.strictObject({ type: z.literal('erase'), uid: Uid }),
]);
export type WakeUp = z.infer<typeof WakeUp>;
