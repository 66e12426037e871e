import { z } from 'zod';
import { Currency, DocumentId, IdempotencyKey, Uid } from '../common.js';
import { Reason } from '../moves.js';
import { Promotion } from '../zones.js';

export const SavePromotionInput = z.strictObject({ zoneId: DocumentId, promotion: Promotion });
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
  savePromotion: { input: SavePromotionInput, output: SavePromotionOutput },
  grantCredit: { input: GrantCreditInput, output: GrantCreditOutput },
} as const;
