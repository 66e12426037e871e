import { z } from 'zod';
import { DocumentId, EpochMs } from '../contract/common.js';
import { OrderStatus } from '../contract/orders.js';
import { ANY_ROLE, defineCallable } from './define-callable.js';

export const ShareTrackingInput = z.strictObject({ orderId: DocumentId, answer: z.enum(['share', 'revoke']) });
/** The page is `track?t=<token>`; null once it is revoked. */
export const ShareTrackingOutput = z.strictObject({ token: z.string().nullable() });

export const ReadEtaInput = z.strictObject({ orderId: DocumentId });
export const ReadEtaOutput = z.strictObject({
  orderId: DocumentId,
  status: OrderStatus,
  /** Half of such orders arrive before `p50AtMs`, nine in ten before `p90AtMs`; null where the order is not being delivered. */
  eta: z.strictObject({ p50AtMs: EpochMs, p90AtMs: EpochMs }).nullable(),
  /** When it was computed: up to ten seconds ago. */
  asOfMs: EpochMs,
});

export const TRACKING_CALLS = {
  readEta: defineCallable({
    description: 'Returns when an order arrives, by its courier’s position, the vehicle and the zone’s rides so far',
    audience: 'the customer, the restaurant and the courier of the order; operator',
    input: ReadEtaInput,
    output: ReadEtaOutput,
    roles: ANY_ROLE,
    reasons: ['ORDER_NOT_FOUND', 'ZONE_NOT_FOUND'],
    example: {
      input: { orderId: 'Hk3VYq0sWm8RtZ1bNcX7' },
      output: {
        orderId: 'Hk3VYq0sWm8RtZ1bNcX7',
        status: 'picked_up',
        eta: { p50AtMs: 1_772_475_600_000, p90AtMs: 1_772_475_780_000 },
        asOfMs: 1_772_475_300_000,
      },
    },
    handler: async () => (await import('../tracking/read-eta.js')).readEta,
  }),
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
