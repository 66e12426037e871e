import { z } from 'zod';
import { DocumentId, IdempotencyKey, LIMITS, NonNegativeMinor, Note, text, Uid } from '../contract/common.js';
import { Reason, ShownReason } from '../contract/moves.js';
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
      /** As the claim says, unless another party is to bear it. */
      liable: RefundLiable.optional(),
      to: z.enum(['card', 'credit']),
    }),
    z.strictObject({ type: z.literal('reject') }),
  ]),
  reason: ShownReason,
});
export const DecideClaimOutput = z.strictObject({ status: Claim.shape.status });

export const WriteToSupportInput = z.strictObject({
  text: Note.min(1),
  /** An order of the caller: as customer, courier or staff. */
  orderId: DocumentId.optional(),
  idempotencyKey: IdempotencyKey,
});
export const WriteToSupportOutput = z.strictObject({ replayed: z.boolean() });

export const AnswerSupportInput = z.strictObject({
  uid: Uid,
  act: z.discriminatedUnion('type', [
    /** Also opens the conversation again; the caller becomes its owner. */
    z.strictObject({ type: z.literal('reply'), text: Note.min(1), orderId: DocumentId.optional() }),
    z.strictObject({ type: z.literal('take') }),
    z.strictObject({ type: z.literal('close') }),
  ]),
  reason: Reason,
  idempotencyKey: IdempotencyKey,
});
export const AnswerSupportOutput = z.strictObject({ open: z.boolean(), replayed: z.boolean() });

export const SUPPORT_CALLS = {
  writeToSupport: defineCallable({
    description: 'Writes to the operators; their answers come into the same conversation, with a notification',
    audience: 'any role',
    input: WriteToSupportInput,
    output: WriteToSupportOutput,
    roles: ANY_ROLE,
    reasons: ['ORDER_NOT_FOUND', 'USER_NOT_FOUND'],
    example: {
      input: {
        text: 'The courier does not answer.',
        orderId: 'Hk3VYq0sWm8RtZ1bNcX7',
        idempotencyKey: '5c1a7f0e-8f6d-4c1e-9f0b-2f5d3c9e7a41',
      },
      output: { replayed: false },
    },
    handler: async () => (await import('../support/conversations.js')).writeToSupport,
  }),
  answerSupport: defineCallable({
    description:
      'Answers a person who wrote to the operators, takes the conversation or closes it; the audit has the reason, not the text',
    audience: 'operator',
    input: AnswerSupportInput,
    output: AnswerSupportOutput,
    roles: ['operator'],
    reasons: ['CONVERSATION_NOT_FOUND', 'OTHER_OPERATOR_REQUIRED', 'USER_NOT_FOUND'],
    example: {
      input: {
        uid: 'customer-1',
        act: { type: 'reply', text: 'We have called the courier, who is on the way.' },
        reason: 'Late delivery',
        idempotencyKey: '5c1a7f0e-8f6d-4c1e-9f0b-2f5d3c9e7a41',
      },
      output: { open: true, replayed: false },
    },
    handler: async () => (await import('../support/conversations.js')).answerSupport,
  }),
  openClaim: defineCallable({
    description:
      'Claims lines that were missing, wrong or damaged, with a photo in `claims/{orderId}/{uid}/`; small claims are refunded at once, others, and photos seen with another order, go to an operator',
    audience: 'customer',
    input: OpenClaimInput,
    output: OpenClaimOutput,
    roles: ANY_ROLE,
    secrets: ['STRIPE_SECRET_KEY'],
    decodesPhotos: true,
    reasons: [
      'ORDER_NOT_FOUND',
      'NOT_DELIVERED',
      'TOO_LATE',
      'CLAIMS_TOO_MANY',
      'PROOF_NOT_FOUND',
      'PHOTO_INVALID',
      'PARTY_CONFLICT',
      'NOT_CHARGED',
      'NOTHING_TO_REFUND',
      'REFUND_TOO_LARGE',
      'LINE_UNKNOWN',
      'LINE_REFUNDED',
      'ORDER_DISPUTED',
      'QUOTE_NOT_FOUND',
      'ZONE_NOT_FOUND',
    ],
    example: {
      input: {
        orderId: 'Hk3VYq0sWm8RtZ1bNcX7',
        idempotencyKey: '5c1a7f0e-8f6d-4c1e-9f0b-2f5d3c9e7a41',
        kind: 'missing',
        lines: [{ line: 0, quantity: 1 }],
        text: 'Only one pizza was in the bag.',
      },
      output: { claimId: '5c1a7f0e-8f6d-4c1e-9f0b-2f5d3c9e7a41', status: 'refunded', amountMinor: 1050 },
    },
    handler: async () => (await import('../support/open-claim.js')).openClaim,
  }),
  decideClaim: defineCallable({
    description: 'Refunds an escalated claim in full or in part, or rejects it, with a reason',
    audience: 'operator',
    input: DecideClaimInput,
    output: DecideClaimOutput,
    roles: ['operator'],
    secrets: ['STRIPE_SECRET_KEY'],
    reasons: [
      'CLAIM_NOT_FOUND',
      'CLAIM_DECIDED',
      'ORDER_NOT_FOUND',
      'OTHER_OPERATOR_REQUIRED',
      'NOT_CHARGED',
      'NOTHING_TO_REFUND',
      'REFUND_TOO_LARGE',
      'LINE_UNKNOWN',
      'LINE_REFUNDED',
      'CREDIT_ONLY',
      'ORDER_DISPUTED',
      'COURIER_REQUIRED',
      'QUOTE_NOT_FOUND',
      'ZONE_NOT_FOUND',
    ],
    example: {
      input: {
        orderId: 'Hk3VYq0sWm8RtZ1bNcX7',
        claimId: '5c1a7f0e-8f6d-4c1e-9f0b-2f5d3c9e7a41',
        decision: { type: 'refund', what: { type: 'amount', amountMinor: 500 }, to: 'card' },
        reason: 'Half of the pizza was damaged',
      },
      output: { status: 'refunded' },
    },
    handler: async () => (await import('../support/decide-claim.js')).decideClaim,
  }),
};
