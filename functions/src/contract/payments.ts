import { z } from 'zod';
import { Currency, DocumentId, EpochMs, LIMITS, NonNegativeMinor, Role, Uid } from './common.js';

const PositiveMinor = z.int().min(1).max(99_999_999);

/** Units of an order's lines, by the line's index. */
export const RefundLines = z
  .array(z.strictObject({ line: z.int().min(0), quantity: z.int().min(1) }))
  .min(1)
  .max(LIMITS.linesPerOrder)
  .refine((lines) => new Set(lines.map(({ line }) => line)).size === lines.length, 'LINE_TWICE');

/** The part of an order that is refunded. `whole` is all that is left of it, fees and tip included. */
export const RefundWish = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('lines'),
    lines: RefundLines,
  }),
  z.strictObject({ type: z.literal('amount'), amountMinor: PositiveMinor }),
  z.strictObject({ type: z.literal('whole') }),
]);
export type RefundWish = z.infer<typeof RefundWish>;

/** The party that bears a refund; never the customer. */
export const RefundLiable = z.enum(['merchant', 'courier', 'platform']);
export type RefundLiable = z.infer<typeof RefundLiable>;

/** The amount that one PaymentIntent refunds. */
export const RefundPart = z.strictObject({
  intentId: z.string().max(100),
  amountMinor: NonNegativeMinor,
  /** `failed`: the card did not accept it, and the customer received it as credit. */
  status: z.enum(['pending', 'sent', 'failed']),
});
export type RefundPart = z.infer<typeof RefundPart>;

/** A refund without a claim has its caller's key as its id; such a key never contains a colon. */
const CLAIM = 'claim:';
export const RefundId = z.string().regex(/^(claim:)?[A-Za-z0-9_-]{8,64}$/);
/**
 * Returns the id of the refund of a claim: distinct from that of every other refund, independent of the callers' keys.
 */
export const toClaimRefundId = (claimId: string): string => `${CLAIM}${claimId}`;

/** A refund of an order, with all of its fields: see `RefundDocument` for what its customer and restaurant read. */
export const Refund = z.strictObject({
  customerId: Uid,
  restaurantId: DocumentId,
  by: Role,
  what: RefundWish,
  liable: RefundLiable,
  reason: z.string().max(LIMITS.reasonChars),
  currency: Currency,
  atMs: EpochMs,
  /** Money and credit together. */
  amountMinor: PositiveMinor,
  taxMinor: NonNegativeMinor,
  /** The merchant's part of it. */
  merchantMinor: NonNegativeMinor,
  /** The courier's part of it. */
  courierMinor: NonNegativeMinor.default(0),
  /** The part that reverses the platform's promotions. */
  promotionMinor: NonNegativeMinor.default(0),
  /** Of `merchantMinor`: already paid out, so reversed from its connected account. */
  reversalMinor: NonNegativeMinor,
  /** Of `merchantMinor`: beyond what was transferred, deducted from the merchant's next payouts. */
  debtMinor: NonNegativeMinor.optional(),
  /** Refunded units, by line. */
  lines: z.array(z.strictObject({ line: z.int().min(0), quantity: z.int().min(1) })),
  /** Refunds to cards. */
  parts: z.array(RefundPart).max(10),
  /** Refund to the customer's credit. */
  creditMinor: NonNegativeMinor,
  /** Set when the customer was notified while the merchant's part is still to be reversed. */
  notifiedAtMs: EpochMs.optional(),
  /** `pending` until the provider has accepted it. */
  status: z.enum(['pending', 'done']),
});
export type Refund = z.infer<typeof Refund>;

/** What the customer and the restaurant need not read of each other: who bears a refund, and ids at the provider. */
export const HIDDEN_OF_REFUND = {
  merchantMinor: true,
  courierMinor: true,
  promotionMinor: true,
  reversalMinor: true,
  debtMinor: true,
  parts: true,
} as const;

/** `orders/{orderId}/refunds/{refundId}` as it is stored: the rest is in `sealed`, as of an order. */
export const RefundDocument = Refund.omit(HIDDEN_OF_REFUND).extend({ sealed: z.string().max(20_000) });
export type RefundDocument = z.infer<typeof RefundDocument>;

/** The decrypted content of a refund's `sealed`. */
export const SealedRefund = Refund.pick(HIDDEN_OF_REFUND);

/** `returned`: the customer has it back, since the courier's account was erased before it was paid. */
export const TIP_STATUSES = ['pending', 'paid', 'lapsed', 'returned'] as const;
/** `orders/{orderId}/tips/{idempotencyKey}`: a tip after the delivery, a payment of its own. */
export const Tip = z.strictObject({
  customerId: Uid,
  courierId: Uid,
  amountMinor: PositiveMinor,
  currency: Currency,
  status: z.enum(TIP_STATUSES),
  atMs: EpochMs,
});
export type Tip = z.infer<typeof Tip>;

/** As Stripe names it; `du_` in newer versions. */
export const DisputeId = z.string().regex(/^(dp|du)_[A-Za-z0-9_]{1,60}$/);

export const DISPUTE_STATUSES = ['needsResponse', 'underReview', 'won', 'lost', 'closed'] as const;
/** `disputes/{id}`: for operators. The id is the provider's. */
export const Dispute = z.strictObject({
  orderId: DocumentId,
  intentId: z.string().max(100),
  /** As the provider has it: `fraudulent`, `product_not_received`, … */
  reason: z.string().max(100),
  status: z.enum(DISPUTE_STATUSES),
  currency: Currency,
  amountMinor: NonNegativeMinor,
  /** Evidence is accepted until then; null where none is requested. */
  evidenceDueAtMs: EpochMs.nullable(),
  /** The amount that the provider took (negative) and returned for it so far, its fee included, as journalled. */
  providerMinor: z.int(),
  /** The number of journals written for it. */
  journals: z.int().min(0),
  updatedAtMs: EpochMs,
});
export type Dispute = z.infer<typeof Dispute>;
