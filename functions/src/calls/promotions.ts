import { z } from 'zod';
import { Currency, DocumentId, IdempotencyKey, Uid } from '../contract/common.js';
import { Reason } from '../contract/moves.js';
import { PromotionTexts } from '../contract/shown-promotions.js';
import { isStorePromotionId, STORE_PROMOTION_STATES, StorePromotionTerms } from '../contract/store-promotions.js';
import { Promotion } from '../contract/zones.js';
import { defineCallable } from './define-callable.js';

export const SavePromotionInput = z.strictObject({
  zoneId: DocumentId,
  promotion: Promotion.refine(
    ({ id }) => !isStorePromotionId(id),
    'must not have the id of a restaurant’s own promotion',
  ),
  /** Present: customers see the promotion before they enter a code. Absent: they no longer do. */
  shown: PromotionTexts.optional(),
  /** For the audit. */
  reason: Reason.optional(),
});
export const SavePromotionOutput = z.strictObject({ id: DocumentId, version: z.int().min(1) });

export const SaveStorePromotionInput = z.strictObject({
  restaurantId: DocumentId,
  /** Chosen by the app, once for each promotion. */
  promotionId: DocumentId,
  promotion: StorePromotionTerms,
});
export const SaveStorePromotionOutput = z.strictObject({
  promotionId: DocumentId,
  /** By which prices and the restaurant's document name it. */
  id: DocumentId,
  version: z.int().min(1),
});

export const SwitchStorePromotionInput = z.strictObject({
  restaurantId: DocumentId,
  promotionId: DocumentId,
  /** `ended` is final. */
  to: z.enum(STORE_PROMOTION_STATES),
});
export const SwitchStorePromotionOutput = z.strictObject({
  promotionId: DocumentId,
  state: z.enum(STORE_PROMOTION_STATES),
});

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
        shown: { title: '20 % off your first order', description: 'Up to 8 euros.', showsCode: true },
      },
      output: { id: 'welcome', version: 1 },
    },
    handler: async () => (await import('../promotions/save-promotion.js')).savePromotion,
  }),
  saveStorePromotion: defineCallable({
    description:
      'Creates a promotion of the restaurant’s own or its next version, at the restaurant’s cost and within the zone’s limits',
    audience: 'owner, manager',
    input: SaveStorePromotionInput,
    output: SaveStorePromotionOutput,
    roles: ['merchant'],
    reasons: [
      'RESTAURANT_NOT_FOUND',
      'ROLE_NOT_ALLOWED',
      'ZONE_NOT_FOUND',
      'STORE_PROMOTION_LIMIT',
      'PROMOTION_CODE_TAKEN',
      'PROMOTION_ENDED',
    ],
    example: {
      input: {
        restaurantId: 'restaurant-1',
        promotionId: 'happy-hour',
        promotion: {
          kind: 'order',
          benefit: { type: 'percent', ratePpm: 200_000 },
          startsAtMs: 1_772_323_200_000,
          endsAtMs: 1_775_001_600_000,
          windows: [{ days: [0, 1, 2, 3], fromMinute: 900, toMinute: 1020 }],
          minimumItemsMinor: 1500,
        },
      },
      output: { promotionId: 'happy-hour', id: 'store_5d41402abc4b2a76b9719d911017c592', version: 1 },
    },
    handler: async () => (await import('../promotions/store-promotions.js')).saveStorePromotion,
  }),
  switchStorePromotion: defineCallable({
    description: 'Pauses, resumes or ends a promotion of the restaurant’s own',
    audience: 'owner, manager',
    input: SwitchStorePromotionInput,
    output: SwitchStorePromotionOutput,
    roles: ['merchant'],
    reasons: ['RESTAURANT_NOT_FOUND', 'ROLE_NOT_ALLOWED', 'PROMOTION_NOT_FOUND', 'PROMOTION_ENDED'],
    example: {
      input: { restaurantId: 'restaurant-1', promotionId: 'happy-hour', to: 'paused' },
      output: { promotionId: 'happy-hour', state: 'paused' },
    },
    handler: async () => (await import('../promotions/store-promotions.js')).switchStorePromotion,
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
