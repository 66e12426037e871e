import { z } from 'zod';
import { DocumentId, IdempotencyKey } from '../common.js';
import { DeclineReason } from '../dispatch.js';

export const RespondToOfferInput = z.strictObject({
  orderId: DocumentId,
  idempotencyKey: IdempotencyKey,
  answer: z.enum(['accept', 'decline']),
  /** For a decline. */
  reason: DeclineReason.optional(),
});
export const RespondToOfferOutput = z.strictObject({ orderId: DocumentId, assigned: z.boolean() });

export const DISPATCH_CALLS = {
  respondToOffer: { input: RespondToOfferInput, output: RespondToOfferOutput },
} as const;
