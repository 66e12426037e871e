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
    reasons: [
      'OFFER_GONE',
      'ORDER_NOT_FOUND',
      'MOVE_NOT_ALLOWED',
      'PARTY_CONFLICT',
      'COURIER_FULL',
      'COURIER_ASSIGNED',
      'FLOAT_EXCEEDED',
      'TOO_MANY_STEPS',
      'QUOTE_NOT_FOUND',
      'ZONE_NOT_FOUND',
    ],
    example: {
      input: {
        orderId: 'Hk3VYq0sWm8RtZ1bNcX7',
        idempotencyKey: '5c1a7f0e-8f6d-4c1e-9f0b-2f5d3c9e7a41',
        answer: 'accept',
      },
      output: { orderId: 'Hk3VYq0sWm8RtZ1bNcX7', assigned: true },
    },
    handler: async () => (await import('../couriers/respond-to-offer.js')).respondToOffer,
  }),
};
