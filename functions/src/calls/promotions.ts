import { z } from 'zod';
import { Currency, DocumentId, IdempotencyKey, Uid } from '../contract/common.js';
import { Reason } from '../contract/moves.js';
import { Promotion } from '../contract/zones.js';
import { defineCallable } from './define-callable.js';

export const SavePromotionInput = z.strictObject({
  zoneId: DocumentId,
  promotion: Promotion,
  /** For the audit. */
  reason: Reason.optional(),
});
export const SavePromotionOutput = z.strictObject({ id: DocumentId, version: z.int().min(1) });

export const GrantCreditInput = z.strictObject({
  uid: Uid,
  currency: Currency,
  /** Below 0 takes credit back, as far as there is some. */
  amountMinor: z
    .int()
    .min(-10_000_000)
    .max(10_000_000)
    .refine((amount) => amount !== 0),
  reason: Reason,
  idempotencyKey: IdempotencyKey,
});
export const GrantCreditOutput = z.strictObject({ balanceMinor: z.int(), replayed: z.boolean() });

export const PROMOTION_CALLS = {
  savePromotion: defineCallable({
    description: 'Creates a promotion or its next version, and distributes a total limit over its shards',
    audience: 'operator',
    input: SavePromotionInput,
    output: SavePromotionOutput,
    roles: ['operator'],
    reasons: ['ZONE_NOT_FOUND', 'OTHER_OPERATOR_REQUIRED'],
    example: {
      input: {
        zoneId: 'demoville',
        promotion: {
          id: 'welcome',
          version: 1,
          code: 'WELCOME',
          startsAtMs: 1_772_323_200_000,
          endsAtMs: 1_775_001_600_000,
          merchantFundedPpm: 0,
          totalLimit: 1000,
          firstOrderOnly: true,
          kind: 'order',
          benefit: { type: 'percent', ratePpm: 200_000 },
          capMinor: 800,
        },
      },
      output: { id: 'welcome', version: 1 },
    },
    handler: async () => (await import('../promotions/save-promotion.js')).savePromotion,
  }),
  grantCredit: defineCallable({
    description: 'Gives a customer credit, or takes unspent credit back',
    audience: 'operator',
    input: GrantCreditInput,
    output: GrantCreditOutput,
    roles: ['operator'],
    limitedUse: true,
    reasons: ['USER_NOT_FOUND', 'CREDIT_SPENT', 'OTHER_OPERATOR_REQUIRED'],
    example: {
      input: {
        uid: 'customer-1',
        currency: 'EUR',
        amountMinor: 500,
        reason: 'The order came an hour late',
        idempotencyKey: '5c1a7f0e-8f6d-4c1e-9f0b-2f5d3c9e7a41',
      },
      output: { balanceMinor: 500, replayed: false },
    },
    handler: async () => (await import('../payments/grant-credit.js')).grantCredit,
  }),
};
