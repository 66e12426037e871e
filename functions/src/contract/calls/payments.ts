import { z } from 'zod';

export const SetUpPaymentInput = z.strictObject({});
export const SetUpPaymentOutput = z.strictObject({
  customerId: z.string(),
  setupIntentClientSecret: z.string(),
  ephemeralKeySecret: z.string(),
});

export const PAYMENT_CALLS = {
  setUpPayment: { input: SetUpPaymentInput, output: SetUpPaymentOutput },
} as const;
