import { z } from 'zod';
import {
  DocumentId,
  EpochMs,
  IdempotencyKey,
  LIMITS,
  NonNegativeMinor,
  PaymentMethodId,
  text,
  Uid,
} from '../common.js';
import { ShownReason } from '../moves.js';
import { Payment } from '../orders.js';
import { Dispute, DisputeId, Refund, RefundLiable, RefundWish, Tip } from '../payments.js';

export const SetUpPaymentInput = z.strictObject({});
export const SetUpPaymentOutput = z.strictObject({
  customerId: z.string(),
  setupIntentClientSecret: z.string(),
  ephemeralKeySecret: z.string(),
});

/** The card of a scheduled order was refused when its slot came near: another saved card, or Stripe's sheet. */
export const RetryPaymentInput = z.strictObject({
  orderId: DocumentId,
  paymentMethodId: PaymentMethodId.optional(),
});
export const RetryPaymentOutput = z.strictObject({
  orderId: DocumentId,
  paymentStatus: Payment.shape.status,
  payment: z.strictObject({ intentId: z.string(), clientSecret: z.string() }),
});

/** Lines are those of the order, by index. A merchant's owner or manager gives lines back at the merchant's cost. */
export const RefundOrderInput = z.strictObject({
  orderId: DocumentId,
  idempotencyKey: IdempotencyKey,
  what: RefundWish,
  liable: RefundLiable,
  reason: ShownReason,
  to: z.enum(['card', 'credit']),
});
export const RefundOrderOutput = z.strictObject({
  refundId: IdempotencyKey,
  amountMinor: NonNegativeMinor,
  /** Of that, as credit. */
  creditMinor: NonNegativeMinor,
  /** `pending`: the provider did not answer yet, and will be asked again. */
  status: Refund.shape.status,
  replayed: z.boolean(),
});

/** Asked again with the same key, it says what became of the tip: after Stripe's sheet, or with another card. */
export const AddTipInput = z.strictObject({
  orderId: DocumentId,
  idempotencyKey: IdempotencyKey,
  amountMinor: Tip.shape.amountMinor,
  /** A saved card; without one the app confirms the PaymentIntent with Stripe's own sheet. */
  paymentMethodId: PaymentMethodId.optional(),
});
export const AddTipOutput = z.strictObject({
  tipId: IdempotencyKey,
  status: Tip.shape.status,
  /** Null once it was paid, or its time to be paid is over. */
  payment: z.strictObject({ intentId: z.string(), clientSecret: z.string() }).nullable(),
});

export const ListCardsInput = z.strictObject({});
export const ListCardsOutput = z.strictObject({
  cards: z.array(
    z.strictObject({
      paymentMethodId: PaymentMethodId,
      brand: z.string(),
      last4: z.string(),
      expMonth: z.int(),
      expYear: z.int(),
    }),
  ),
});
export const RemoveCardInput = z.strictObject({ paymentMethodId: PaymentMethodId });
export const RemoveCardOutput = z.strictObject({ removed: z.boolean() });

/** Cash that a courier paid in. */
export const RecordCashDepositInput = z.strictObject({
  courierId: Uid,
  amountMinor: z.int().min(1).max(99_999_999),
  idempotencyKey: IdempotencyKey,
});
export const RecordCashDepositOutput = z.strictObject({
  /** What the courier still carries. */
  cashMinor: NonNegativeMinor,
  replayed: z.boolean(),
});

export const SubmitDisputeEvidenceInput = z.strictObject({
  disputeId: DisputeId,
  /** What an operator has to add to the order's own record. */
  note: text(LIMITS.noteChars * 10).optional(),
});
export const SubmitDisputeEvidenceOutput = z.strictObject({
  status: Dispute.shape.status,
  evidenceDueAtMs: EpochMs.nullable(),
});

export const PAYMENT_CALLS = {
  refundOrder: { input: RefundOrderInput, output: RefundOrderOutput },
  addTip: { input: AddTipInput, output: AddTipOutput },
  listCards: { input: ListCardsInput, output: ListCardsOutput },
  removeCard: { input: RemoveCardInput, output: RemoveCardOutput },
  recordCashDeposit: { input: RecordCashDepositInput, output: RecordCashDepositOutput },
  submitDisputeEvidence: { input: SubmitDisputeEvidenceInput, output: SubmitDisputeEvidenceOutput },
  retryPayment: { input: RetryPaymentInput, output: RetryPaymentOutput },
  setUpPayment: { input: SetUpPaymentInput, output: SetUpPaymentOutput },
} as const;
