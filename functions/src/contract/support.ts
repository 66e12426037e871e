import { z } from 'zod';
import { Currency, DocumentId, EpochMs, IdempotencyKey, LIMITS, NonNegativeMinor, Stamp, Uid } from './common.js';
import { RefundLiable, RefundLines } from './payments.js';

export const CLAIM_KINDS = ['missing', 'wrong', 'damaged', 'late', 'quality'] as const;
export const ClaimKind = z.enum(CLAIM_KINDS);
export type ClaimKind = z.infer<typeof ClaimKind>;

/** Uploaded before by the customer, to this path only. */
export const ClaimPhotoPath = z
  .string()
  .regex(/^claims\/[A-Za-z0-9_-]{1,64}\/[A-Za-z0-9_-]{1,128}\/photo(-[2-5])?\.(jpg|png|webp)$/);

/** Why an operator has to review a claim. `amount`: it is large, or leaves the courier's ride unpaid. */
export const ESCALATIONS = ['kind', 'photo', 'photo_seen', 'late', 'amount', 'history'] as const;

/**
 * `orders/{orderId}/claims/{idempotencyKey}`: a customer's complaint about an order, line by line; the server writes
 * it, its customer and operators read it. The id of its refund follows from its own: see `toClaimRefundId`. Personal:
 * `text`, and the photo in Storage.
 */
export const Claim = z.strictObject({
  customerId: Uid,
  kind: ClaimKind,
  lines: RefundLines,
  text: z.string().max(LIMITS.messageChars),
  photoPath: ClaimPhotoPath.nullable(),
  /** The amount charged for the lines. */
  amountMinor: NonNegativeMinor,
  currency: Currency,
  /** The liable party for this kind of claim; an operator may decide otherwise. */
  liable: RefundLiable,
  status: z.enum(['escalated', 'refunded', 'rejected']),
  escalation: z.enum(ESCALATIONS).nullable(),
  createdAtMs: EpochMs,
  /** Null until an operator has decided, and where no decision is required. */
  decision: z.strictObject({ by: Uid, atMs: EpochMs, reason: z.string().max(LIMITS.reasonChars) }).nullable(),
});
export type Claim = z.infer<typeof Claim>;

/** The number of a customer's latest claims that are kept, independent of their outcome. */
export const REMEMBERED_CLAIMS = 50;
/** `users/{uid}/private/claims`: server only. The latest claims, so that concurrent ones see each other. */
export const ClaimHistory = z.strictObject({
  claims: z.array(z.strictObject({ id: IdempotencyKey, orderId: z.string(), atMs: EpochMs })).max(REMEMBERED_CLAIMS),
});
export type ClaimHistory = z.infer<typeof ClaimHistory>;

/**
 * `conversations/{uid}`: a person's conversation with the operators, one for each person: the person and the operators
 * read it. Its messages are in `conversations/{uid}/supportMessages`.
 */
export const Conversation = z.strictObject({
  /** It waits for an operator, or its last answer is not closed. */
  open: z.boolean(),
  /** Who wrote last: an open conversation whose person wrote last waits for an answer. */
  lastFrom: z.enum(['person', 'operator']),
  lastAtMs: EpochMs,
  /** The operator who answers; null: no one yet. */
  ownerId: Uid.nullable(),
});
export type Conversation = z.infer<typeof Conversation>;

/** A message is kept as long. */
export const SUPPORT_KEPT_DAYS = 180;

/**
 * `conversations/{uid}/supportMessages/{messageId}`: the TTL policy deletes it after 180 days. It does not name the operator,
 * whom the audit names.
 */
export const SupportMessage = z.strictObject({
  from: z.enum(['person', 'operator']),
  text: z.string().min(1).max(LIMITS.messageChars),
  /** The order that it is about. */
  orderId: DocumentId.nullable(),
  atMs: EpochMs,
  expireAt: Stamp,
});
export type SupportMessage = z.infer<typeof SupportMessage>;
