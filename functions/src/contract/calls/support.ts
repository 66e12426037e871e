import { z } from 'zod';
import { DocumentId, IdempotencyKey, LIMITS, NonNegativeMinor, text } from '../common.js';
import { ShownReason } from '../moves.js';
import { RefundLiable, RefundLines, RefundWish } from '../payments.js';
import { Claim, ClaimKind, ClaimPhotoPath } from '../support.js';

export const OpenClaimInput = z.strictObject({
  orderId: DocumentId,
  /** The claim's id. */
  idempotencyKey: IdempotencyKey,
  kind: ClaimKind,
  lines: RefundLines,
  text: text(LIMITS.messageChars).default(''),
  photoPath: ClaimPhotoPath.optional(),
});
export const OpenClaimOutput = z.strictObject({
  claimId: IdempotencyKey,
  /** `escalated`: an operator decides. */
  status: Claim.shape.status,
  /** What the lines were charged: given back with `refunded`. */
  amountMinor: NonNegativeMinor,
});

export const DecideClaimInput = z.strictObject({
  orderId: DocumentId,
  claimId: IdempotencyKey,
  decision: z.discriminatedUnion('type', [
    z.strictObject({
      type: z.literal('refund'),
      /** The claim's lines, unless another amount is fair. */
      what: RefundWish.optional(),
      /** As the claim has it, unless somebody else is to bear it. */
      liable: RefundLiable.optional(),
      to: z.enum(['card', 'credit']),
    }),
    z.strictObject({ type: z.literal('reject') }),
  ]),
  reason: ShownReason,
});
export const DecideClaimOutput = z.strictObject({ status: Claim.shape.status });

export const SUPPORT_CALLS = {
  openClaim: { input: OpenClaimInput, output: OpenClaimOutput },
  decideClaim: { input: DecideClaimInput, output: DecideClaimOutput },
} as const;
