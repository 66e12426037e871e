import { z } from 'zod';
import { Currency, DocumentId, EpochMs, LIMITS, Stamp, Uid } from './common.js';

/**
 * Why a pay is held for an operator. Of a delivery: its speed, the courier's position stream, a photo that was used
 * before; `waiting`: no call at the door, with the courier located there, was long enough before a failure. `presumed`:
 * the delivery was not reported. `failure`: the failed delivery before the return was not credible. `unpaid`: the
 * customer is not charged, so the platform would pay; `conflict`: and that customer is, or is linked with, the
 * restaurant's staff. `not_at_counter`: the order ended before its courier had come to the counter. `dispute_lost`: the
 * customer's bank decided against the order before its payout.
 */
export const DOUBTS = [
  'speed',
  'position_missing',
  'position_stale',
  'position_far',
  'photo_seen',
  'waiting',
  'presumed',
  'failure',
  'unpaid',
  'conflict',
  'not_at_counter',
  'dispute_lost',
] as const;
export const Doubt = z.enum(DOUBTS);
export type Doubt = z.infer<typeof Doubt>;

export const PAYEES = ['courier', 'kitchen'] as const;
export const Payee = z.enum(PAYEES);
export type Payee = z.infer<typeof Payee>;

/**
 * `heldPays/{payId}`: for operators. The pay of an order's courier or kitchen, on an account of its own until an
 * operator decides. The id: see `toHeldPayId`.
 */
export const HeldPay = z.strictObject({
  orderId: DocumentId,
  payee: Payee,
  /** Null where there was no courier. */
  courierId: Uid.nullable(),
  restaurantId: DocumentId,
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

/** The operator task that a held pay opens. */
export const HELD_PAY_TASKS = { courier: 'courier_pay_held', kitchen: 'kitchen_pay_held' } as const;

/** Returns the id of the one held pay of each payee of an order. */
export const toHeldPayId = (orderId: string, payee: Payee): string => `${orderId}-${payee}`;

/**
 * `proofDigests/{digest}`: server only. A photo that proved a delivery or a claim, by the digest of its content; kept
 * as long as photos.
 */
export const ProofDigest = z.strictObject({ orderId: DocumentId, expireAt: Stamp });
export type ProofDigest = z.infer<typeof ProofDigest>;
