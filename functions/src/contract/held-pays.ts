import { z } from 'zod';
import { Currency, DocumentId, EpochMs, LIMITS, Stamp, Uid } from './common.js';

/** What speaks against a delivery: its speed, the courier's position stream, a photo that was given before. */
export const DOUBTS = ['speed', 'position_missing', 'position_stale', 'position_far', 'photo_seen'] as const;
export const Doubt = z.enum(DOUBTS);
export type Doubt = z.infer<typeof Doubt>;

/**
 * `heldPays/{orderId}`: for operators. What a courier would have earned by a delivery that is not credible, on an account
 * of its own until an operator decides.
 */
export const HeldPay = z.strictObject({
  courierId: Uid,
  currency: Currency,
  amountMinor: z.int().min(1),
  doubts: z.array(Doubt).min(1).max(DOUBTS.length),
  atMs: EpochMs,
  decision: z
    .strictObject({
      by: Uid,
      atMs: EpochMs,
      verdict: z.enum(['release', 'refuse']),
      reason: z.string().max(LIMITS.reasonChars),
    })
    .nullable(),
});
export type HeldPay = z.infer<typeof HeldPay>;

/** `proofDigests/{digest}`: server only. A photo that proved a delivery, by its pixels; as long as photos are kept. */
export const ProofDigest = z.strictObject({ orderId: DocumentId, expireAt: Stamp });
export type ProofDigest = z.infer<typeof ProofDigest>;
