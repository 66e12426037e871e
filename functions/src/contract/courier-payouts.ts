import { z } from 'zod';
import { Currency, DocumentId, EpochMs, LIMITS, Minor, Name, NonNegativeMinor, Uid } from './common.js';

/** A bank account outside of the payment provider. Its number is sealed: see `payouts/bank-details.ts`. */
export const BankAccount = z.strictObject({
  holder: Name,
  /** The last four characters of the IBAN. */
  last4: z.string().length(4),
  sealed: z.string().max(300),
  savedAtMs: EpochMs,
});

/** `courierAccounts/{uid}`: how a courier is paid. The courier and operators read it, the server writes it. */
export const CourierAccount = z.strictObject({
  /** The connected account at the payment provider; null: none. */
  stripeAccountId: z.string().max(100).nullable(),
  /** True where the provider can pay out from the connected account. */
  payoutsEnabled: z.boolean(),
  /** For payments by hand, where the provider cannot pay out. */
  bank: BankAccount.nullable(),
  /** Counts payouts and returns: each changes it, so that two of them never pay the same amount. */
  payouts: z.int().min(0),
});
export type CourierAccount = z.infer<typeof CourierAccount>;

/** `scheduled` by the zone's run, `instant` by the courier, `manual` by an operator's own transfer. */
export const PAYOUT_TYPES = ['scheduled', 'instant', 'manual'] as const;

/**
 * - `pending`: the provider has not accepted it yet.
 * - `sent`: the bank is to receive it.
 * - `paid`: the bank has it.
 * - `failed`: the provider refused it, or the bank failed or returned it; the amount is owed again.
 * - `settled`: only cash was set off; nothing was sent.
 */
export const PAYOUT_STATUSES = ['pending', 'sent', 'paid', 'failed', 'settled'] as const;
export const PayoutStatus = z.enum(PAYOUT_STATUSES);
export type PayoutStatus = z.infer<typeof PayoutStatus>;

/**
 * `courierPayouts/{payoutId}`: a payment to a courier. The id starts with the courier's ledger account and the
 * currency, then names the day of the run or the caller's key. Its courier and operators read it.
 */
export const CourierPayout = z.strictObject({
  courierId: Uid,
  zoneId: DocumentId,
  type: z.enum(PAYOUT_TYPES),
  currency: Currency,
  /** What was owed before it. */
  owedMinor: Minor,
  /** The courier's cash that was set off against the pay. */
  setOffMinor: NonNegativeMinor,
  /** The fee for an instant payout. */
  feeMinor: NonNegativeMinor,
  /** What is sent to the courier: without fee and set-off. */
  amountMinor: NonNegativeMinor,
  /** Null: not paid through the provider. */
  stripeAccountId: z.string().max(100).nullable(),
  /** The provider's id of the payout to the bank; null while it has none. */
  bankPayoutId: z.string().max(100).nullable(),
  status: PayoutStatus,
  /** Why it failed: the provider's code, or `returned` by an operator. Null: it did not fail. */
  failureCode: z.string().max(100).nullable(),
  /** The operator's reference of a manual payment. */
  reference: z.string().max(LIMITS.reasonChars).optional(),
  createdAtMs: EpochMs,
  /** When its journal was reversed; null: it was not. */
  failedAtMs: EpochMs.nullable(),
  /** True while steps outside of the database are left: at the provider, or notifications. */
  open: z.boolean(),
});
export type CourierPayout = z.infer<typeof CourierPayout>;
