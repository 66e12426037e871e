import { z } from 'zod';
import { Currency, EpochMs, IdempotencyKey, LIMITS, NonNegativeMinor, Uid } from './common.js';
import { RefundLiable, RefundLines } from './payments.js';

export const CLAIM_KINDS = ['missing', 'wrong', 'damaged', 'late', 'quality'] as const;
export const ClaimKind = z.enum(CLAIM_KINDS);
export type ClaimKind = z.infer<typeof ClaimKind>;

/** Uploaded before by the customer, to this path and no other. */
export const ClaimPhotoPath = z
  .string()
  .regex(/^claims\/[A-Za-z0-9_-]{1,64}\/[A-Za-z0-9_-]{1,128}\/photo(-[2-5])?\.(jpg|png|webp)$/);

/** Why a person has to look at a claim. */
export const ESCALATIONS = ['kind', 'photo', 'photo_seen', 'late', 'amount', 'history'] as const;

/**
 * `orders/{orderId}/claims/{idempotencyKey}`: what was wrong with an order, line by line; the server writes it, its
 * customer and operators read it. The id of its refund follows from its own: see `claimRefundId`. Personal: `text`, and
 * the photo in Storage.
 */
export const Claim = z.strictObject({
  customerId: Uid,
  kind: ClaimKind,
  lines: RefundLines,
  text: z.string().max(LIMITS.messageChars),
  photoPath: ClaimPhotoPath.nullable(),
  /** What the lines were charged. */
  amountMinor: NonNegativeMinor,
  currency: Currency,
  /** Who bears it, as the kind of claim has it; an operator may see it otherwise. */
  liable: RefundLiable,
  status: z.enum(['escalated', 'refunded', 'rejected']),
  escalation: z.enum(ESCALATIONS).nullable(),
  createdAtMs: EpochMs,
  /** Null while nobody has decided, and where nobody had to. */
  decision: z.strictObject({ by: Uid, atMs: EpochMs, reason: z.string().max(LIMITS.reasonChars) }).nullable(),
});
export type Claim = z.infer<typeof Claim>;

/** So many claims of a customer are remembered, whatever became of them. */
export const REMEMBERED_CLAIMS = 50;
/** `users/{uid}/private/claims`: server only. The latest claims, so that none opened at the same time is overlooked. */
export const ClaimHistory = z.strictObject({
  claims: z.array(z.strictObject({ id: IdempotencyKey, orderId: z.string(), atMs: EpochMs })).max(REMEMBERED_CLAIMS),
});
export type ClaimHistory = z.infer<typeof ClaimHistory>;
