import { z } from 'zod';
import { DocumentId, PaymentMethodId } from '../common.js';
import { Payment } from '../orders.js';

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

export const PAYMENT_CALLS = {
  retryPayment: { input: RetryPaymentInput, output: RetryPaymentOutput },
  setUpPayment: { input: SetUpPaymentInput, output: SetUpPaymentOutput },
} as const;
