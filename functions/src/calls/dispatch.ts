import { z } from 'zod';
import { DocumentId, IdempotencyKey } from '../contract/common.js';
import { DeclineReason } from '../contract/dispatch.js';
import { defineCallable } from './define-callable.js';

export const RespondToOfferInput = z.strictObject({
  orderId: DocumentId,
  idempotencyKey: IdempotencyKey,
  answer: z.enum(['accept', 'decline']),
  /** For a decline. */
  reason: DeclineReason.optional(),
});
export const RespondToOfferOutput = z.strictObject({ orderId: DocumentId, assigned: z.boolean() });

export const DISPATCH_CALLS = {
  respondToOffer: defineCallable({
    description: 'Accepts or declines the caller’s open offer',
    audience: 'courier',
    input: RespondToOfferInput,
    output: RespondToOfferOutput,
    roles: ['courier'],
    secrets: ['STRIPE_SECRET_KEY', 'PIN_SECRET'],
    handler: async () => (await import('../couriers/respond-to-offer.js')).respondToOffer,
  }),
};
