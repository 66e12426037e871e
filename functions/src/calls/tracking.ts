import { z } from 'zod';
import { DocumentId } from '../contract/common.js';
import { ANY_ROLE, defineCallable } from './define-callable.js';

export const ShareTrackingInput = z.strictObject({ orderId: DocumentId, answer: z.enum(['share', 'revoke']) });
/** The page is `track?t=<token>`; null once it is revoked. */
export const ShareTrackingOutput = z.strictObject({ token: z.string().nullable() });

export const TRACKING_CALLS = {
  shareTracking: defineCallable({
    description:
      'Creates or revokes a link (`track?t=<token>`) to a small public page of the order, valid until the delivery',
    audience: 'customer',
    input: ShareTrackingInput,
    output: ShareTrackingOutput,
    roles: ANY_ROLE,
    reasons: ['ORDER_NOT_FOUND', 'MOVE_NOT_ALLOWED'],
    example: {
      input: { orderId: 'Hk3VYq0sWm8RtZ1bNcX7', answer: 'share' },
      output: { token: 'pV3kXw9TqLr0ZsBn7YcGhA4418207365' },
    },
    handler: async () => (await import('../tracking/share.js')).shareTracking,
  }),
};
