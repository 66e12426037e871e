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
} from '../contract/common.js';
import { Reason, ShownReason } from '../contract/moves.js';
import { Payment } from '../contract/orders.js';
import { Dispute, DisputeId, Refund, RefundLiable, RefundWish, Tip } from '../contract/payments.js';
import { ANY_ROLE, defineCallable } from './define-callable.js';

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
  /** Either the amount, or its part of the price of the food. */
  amountMinor: Tip.shape.amountMinor.optional(),
  ratePpm: z.int().min(1).max(1_000_000).optional(),
  /** A saved card; without one the app confirms the PaymentIntent with Stripe's own sheet. */
  paymentMethodId: PaymentMethodId.optional(),
});
export const AddTipOutput = z.strictObject({
  tipId: IdempotencyKey,
  amountMinor: Tip.shape.amountMinor,
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
  /** For the audit. */
  reason: Reason.optional(),
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
  /** For the audit. */
  reason: Reason.optional(),
});
export const SubmitDisputeEvidenceOutput = z.strictObject({
  status: Dispute.shape.status,
  evidenceDueAtMs: EpochMs.nullable(),
});

export const PAYMENT_CALLS = {
  refundOrder: defineCallable({
    description:
      'Refunds lines, an amount or the rest of an order, to the card or as credit, at the cost of the liable party; a restaurant refunds its own lines, thirty times per order at most (`LIMIT_REACHED`), as long as the customer still pays the courier’s ride (`OPERATOR_REQUIRED`)',
    audience: 'owner, manager, operator',
    input: RefundOrderInput,
    output: RefundOrderOutput,
    roles: ['merchant', 'operator'],
    secrets: ['STRIPE_SECRET_KEY'],
    limitedUse: true,
    reasons: [
      'ORDER_NOT_FOUND',
      'ROLE_NOT_ALLOWED',
      'PARTY_CONFLICT',
      'OTHER_OPERATOR_REQUIRED',
      'NOT_CHARGED',
      'NOTHING_TO_REFUND',
      'REFUND_TOO_LARGE',
      'LINE_UNKNOWN',
      'LINE_REFUNDED',
      'CREDIT_ONLY',
      'ORDER_DISPUTED',
      'COURIER_REQUIRED',
      'OPERATOR_REQUIRED',
      'QUOTE_NOT_FOUND',
    ],
    example: {
      input: {
        orderId: 'Hk3VYq0sWm8RtZ1bNcX7',
        idempotencyKey: '5c1a7f0e-8f6d-4c1e-9f0b-2f5d3c9e7a41',
        what: { type: 'lines', lines: [{ line: 0, quantity: 1 }] },
        liable: 'merchant',
        reason: 'One pizza was missing',
        to: 'card',
      },
      output: {
        refundId: '5c1a7f0e-8f6d-4c1e-9f0b-2f5d3c9e7a41',
        amountMinor: 1050,
        creditMinor: 0,
        status: 'done',
        replayed: false,
      },
    },
    handler: async () => (await import('../payments/refund-order.js')).refundOrder,
  }),
  addTip: defineCallable({
    description:
      'Adds a tip up to 24 hours after the delivery, with a PaymentIntent of its own; called again after the payment sheet, it answers the tip’s status. An order takes ten tips at most, together no more than its food cost',
    audience: 'customer',
    input: AddTipInput,
    output: AddTipOutput,
    roles: ANY_ROLE,
    secrets: ['STRIPE_SECRET_KEY'],
    limitedUse: true,
    reasons: [
      'ORDER_NOT_FOUND',
      'USER_NOT_FOUND',
      'NOT_DELIVERED',
      'TOO_LATE',
      'TIP_PENDING',
      'TIP_OUT_OF_RANGE',
      'TIP_NOT_POSSIBLE',
      'PARTY_CONFLICT',
      'PAYMENT_DECLINED',
    ],
    example: {
      input: {
        orderId: 'Hk3VYq0sWm8RtZ1bNcX7',
        idempotencyKey: '5c1a7f0e-8f6d-4c1e-9f0b-2f5d3c9e7a41',
        amountMinor: 300,
      },
      output: {
        tipId: '5c1a7f0e-8f6d-4c1e-9f0b-2f5d3c9e7a41',
        amountMinor: 300,
        status: 'pending',
        payment: { intentId: 'pi_3QxYbT2eZvKYlo2C', clientSecret: 'pi_3QxYbT2eZvKYlo2C_secret_Vd8' },
      },
    },
    handler: async () => (await import('../payments/add-tip.js')).addTip,
  }),
  listCards: defineCallable({
    description: 'Lists the caller’s saved cards: brand, last four digits and expiry',
    audience: 'any role',
    input: ListCardsInput,
    output: ListCardsOutput,
    roles: ANY_ROLE,
    secrets: ['STRIPE_SECRET_KEY'],
    reasons: [],
    example: {
      input: {},
      output: {
        cards: [{ paymentMethodId: 'pm_1QxYdH2eZvKYlo2C', brand: 'visa', last4: '4242', expMonth: 4, expYear: 2029 }],
      },
    },
    handler: async () => (await import('../payments/cards.js')).listCards,
  }),
  removeCard: defineCallable({
    description: 'Removes a saved card',
    audience: 'any role',
    input: RemoveCardInput,
    output: RemoveCardOutput,
    roles: ANY_ROLE,
    secrets: ['STRIPE_SECRET_KEY'],
    reasons: ['CARD_NOT_FOUND'],
    example: { input: { paymentMethodId: 'pm_1QxYdH2eZvKYlo2C' }, output: { removed: true } },
    handler: async () => (await import('../payments/cards.js')).removeCard,
  }),
  recordCashDeposit: defineCallable({
    description: 'Records cash that a courier paid in',
    audience: 'operator',
    input: RecordCashDepositInput,
    output: RecordCashDepositOutput,
    roles: ['operator'],
    limitedUse: true,
    reasons: ['USER_NOT_FOUND', 'DEPOSIT_TOO_LARGE', 'ZONE_NOT_FOUND', 'OTHER_OPERATOR_REQUIRED'],
    example: {
      input: { courierId: 'courier-1', amountMinor: 5000, idempotencyKey: '5c1a7f0e-8f6d-4c1e-9f0b-2f5d3c9e7a41' },
      output: { cashMinor: 2424, replayed: false },
    },
    handler: async () => (await import('../payments/cash-deposit.js')).recordCashDeposit,
  }),
  submitDisputeEvidence: defineCallable({
    description:
      'Answers a bank’s dispute with the order’s own record; a day before its deadline the backend does so itself. The payout of a disputed order waits',
    audience: 'operator',
    input: SubmitDisputeEvidenceInput,
    output: SubmitDisputeEvidenceOutput,
    roles: ['operator'],
    secrets: ['STRIPE_SECRET_KEY'],
    reasons: ['DISPUTE_NOT_FOUND', 'DISPUTE_CLOSED', 'ORDER_NOT_FOUND', 'OTHER_OPERATOR_REQUIRED'],
    example: {
      input: { disputeId: 'dp_1QxYeL2eZvKYlo2C', note: 'The customer confirmed the delivery by chat.' },
      output: { status: 'underReview', evidenceDueAtMs: 1_773_316_800_000 },
    },
    handler: async () => (await import('../payments/disputes.js')).submitDisputeEvidence,
  }),
  retryPayment: defineCallable({
    description: 'Pays a scheduled order whose card was refused when its slot came near',
    audience: 'customer',
    input: RetryPaymentInput,
    output: RetryPaymentOutput,
    roles: ANY_ROLE,
    secrets: ['STRIPE_SECRET_KEY'],
    limitedUse: true,
    reasons: ['ORDER_NOT_FOUND', 'MOVE_NOT_ALLOWED', 'PAYMENT_DECLINED', 'ZONE_NOT_FOUND'],
    example: {
      input: { orderId: 'Hk3VYq0sWm8RtZ1bNcX7', paymentMethodId: 'pm_1QxYdH2eZvKYlo2C' },
      output: {
        orderId: 'Hk3VYq0sWm8RtZ1bNcX7',
        paymentStatus: 'authorized',
        payment: { intentId: 'pi_3QxYbT2eZvKYlo2C', clientSecret: 'pi_3QxYbT2eZvKYlo2C_secret_Vd8' },
      },
    },
    handler: async () => (await import('../orders/flow/deferred-charge.js')).retryPayment,
  }),
  setUpPayment: defineCallable({
    description: 'Returns the Stripe customer, a SetupIntent and an ephemeral key for Stripe’s payment sheet',
    audience: 'any role',
    input: SetUpPaymentInput,
    output: SetUpPaymentOutput,
    roles: ANY_ROLE,
    secrets: ['STRIPE_SECRET_KEY'],
    limitedUse: true,
    reasons: [],
    example: {
      input: {},
      output: {
        customerId: 'cus_SbT2eZvKYlo2C',
        setupIntentClientSecret: 'seti_1QxYfN2eZvKYlo2C_secret_Tq4',
        ephemeralKeySecret: 'ek_test_YWNjdF8xUXg',
      },
    },
    handler: async () => (await import('../payments/set-up-payment.js')).setUpPayment,
  }),
};
