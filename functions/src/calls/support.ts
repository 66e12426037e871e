import { z } from 'zod';
import { DocumentId, IdempotencyKey, LIMITS, NonNegativeMinor, text } from '../contract/common.js';
import { ShownReason } from '../contract/moves.js';
import { RefundLiable, RefundLines, RefundWish } from '../contract/payments.js';
import { Claim, ClaimKind, ClaimPhotoPath } from '../contract/support.js';
import { ANY_ROLE, defineCallable } from './define-callable.js';

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
  openClaim: defineCallable({
    description:
      'Claims lines that were missing, wrong or damaged, with a photo in `claims/{orderId}/{uid}/`; small claims are refunded at once, others, and photos seen with another order, go to an operator',
    audience: 'customer',
    input: OpenClaimInput,
    output: OpenClaimOutput,
    roles: ANY_ROLE,
    secrets: ['STRIPE_SECRET_KEY', 'PIN_SECRET'],
    decodesPhotos: true,
    handler: async () => (await import('../support/open-claim.js')).openClaim,
  }),
  decideClaim: defineCallable({
    description: 'Refunds an escalated claim in full or in part, or rejects it, with a reason',
    audience: 'operator',
    input: DecideClaimInput,
    output: DecideClaimOutput,
    roles: ['operator'],
    secrets: ['STRIPE_SECRET_KEY'],
    handler: async () => (await import('../support/decide-claim.js')).decideClaim,
  }),
};
