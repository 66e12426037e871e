import { z } from 'zod';
import { Day } from '../contract/books.js';
import { Currency, DocumentId, IdempotencyKey, Minor, Name, NonNegativeMinor, Uid } from '../contract/common.js';
import { CourierPayout, PayoutStatus } from '../contract/courier-payouts.js';
import { MerchantApplication } from '../contract/merchants.js';
import { Reason } from '../contract/moves.js';
import { ANY_ROLE, defineCallable } from './define-callable.js';

export const ConnectCourierAccountInput = z.strictObject({
  /** Where the courier lives, ISO 3166-1: it is used when the account is created. */
  country: MerchantApplication.shape.venture.shape.country,
});
/** `url` is the provider's own form, valid for minutes. Null: nothing is missing. */
export const ConnectCourierAccountOutput = z.strictObject({ payoutsEnabled: z.boolean(), url: z.string().nullable() });

export const SaveBankDetailsInput = z.strictObject({ holder: Name, iban: z.string().min(15).max(60) });
export const SaveBankDetailsOutput = z.strictObject({ last4: z.string() });

export const ReadBankDetailsInput = z.strictObject({ courierId: Uid, reason: Reason });
export const ReadBankDetailsOutput = z.strictObject({ holder: Name, iban: z.string() });

export const CourierBalanceInput = z.strictObject({
  /** For operators; absent: the caller. */
  courierId: Uid.optional(),
});
export const CourierBalanceOutput = z.strictObject({
  /** `bank`: an operator pays by hand. `none`: the courier has to add an account. */
  method: z.enum(['provider', 'bank', 'none']),
  /** True where the courier is suspended or blocked: only an operator pays by hand. */
  isSuspended: z.boolean(),
  balances: z.array(
    z.strictObject({
      currency: Currency,
      /** Below 0: the courier owes the platform. */
      owedMinor: Minor,
      /** Waits for an operator's decision; not part of what is owed. */
      heldMinor: Minor,
      /** Collected in cash and not paid in. */
      cashMinor: Minor,
      /** Payouts that have not arrived yet; not part of what is owed. */
      underWayMinor: NonNegativeMinor,
      /** What may be paid now: what is owed less the cash. */
      availableMinor: NonNegativeMinor,
    }),
  ),
});

export const RequestInstantPayoutInput = z.strictObject({ idempotencyKey: IdempotencyKey });
export const RequestInstantPayoutOutput = z.strictObject({
  payoutId: DocumentId,
  status: PayoutStatus,
  currency: Currency,
  amountMinor: NonNegativeMinor,
  feeMinor: NonNegativeMinor,
  setOffMinor: NonNegativeMinor,
});

export const RecordCourierPaymentInput = z.strictObject({
  courierId: Uid,
  currency: Currency,
  amountMinor: z.int().min(1).max(99_999_999),
  /** Of the bank transfer. */
  reference: Reason,
  idempotencyKey: IdempotencyKey,
});
export const RecordCourierPaymentOutput = z.strictObject({
  payoutId: DocumentId,
  availableMinor: NonNegativeMinor,
  replayed: z.boolean(),
});

export const ReturnCourierPaymentInput = z.strictObject({ payoutId: DocumentId, reason: Reason });
export const ReturnCourierPaymentOutput = z.strictObject({ status: CourierPayout.shape.status, replayed: z.boolean() });

export const SettleCourierDebtInput = z.strictObject({
  courierId: Uid,
  currency: Currency,
  amountMinor: z.int().min(1).max(99_999_999),
  /** `repaid`: the platform's bank account received it. `writtenOff`: the platform bears it. */
  how: z.enum(['repaid', 'writtenOff']),
  reason: Reason,
  idempotencyKey: IdempotencyKey,
});
export const SettleCourierDebtOutput = z.strictObject({
  /** What the courier still owes the platform. */
  owedMinor: NonNegativeMinor,
  replayed: z.boolean(),
});

export const RecordRiderPaymentInput = z.strictObject({
  orderId: DocumentId,
  /** Of the payment: a bank's reference, or the number of a receipt. */
  reference: Reason,
});
export const RecordRiderPaymentOutput = z.strictObject({ paidMinor: NonNegativeMinor, replayed: z.boolean() });

export const CourierStatementInput = z.strictObject({
  /** For operators; absent: the caller. */
  courierId: Uid.optional(),
  /** UTC days, both included. */
  fromDay: Day,
  toDay: Day,
});
export const StatementLine = z.strictObject({
  day: Day,
  journalId: z.string(),
  orderId: DocumentId.nullable(),
  currency: Currency,
  account: z.enum(['pay', 'cash']),
  type: z.enum([
    'ride',
    'tip',
    'refund',
    'correction',
    'payout',
    'fee',
    'returnedPayout',
    'setOff',
    'collected',
    'deposit',
  ]),
  /** Pay: above 0 where it is owed to the courier. Cash: above 0 where the courier carries it. */
  amountMinor: Minor,
});
export type StatementLine = z.infer<typeof StatementLine>;
export const CourierStatementOutput = z.strictObject({
  balances: z.array(
    z.strictObject({
      currency: Currency,
      openingMinor: Minor,
      closingMinor: Minor,
      cashOpeningMinor: Minor,
      cashClosingMinor: Minor,
    }),
  ),
  lines: z.array(StatementLine),
  /** The lines as a file: a header and a line each, by RFC 4180. */
  csv: z.string(),
});

const PAYOUT_ID = '5f1f6a4e0e5b7a2c9d31-EUR-2026-03-09';

export const COURIER_PAYOUT_CALLS = {
  connectCourierAccount: defineCallable({
    description: 'Creates the courier’s Stripe account, once, and returns the link to Stripe’s form',
    audience: 'courier',
    input: ConnectCourierAccountInput,
    output: ConnectCourierAccountOutput,
    roles: ['courier'],
    secrets: ['STRIPE_SECRET_KEY'],
    limitedUse: true,
    reasons: ['PAYOUT_HELD'],
    example: {
      input: { country: 'AT' },
      output: { payoutsEnabled: false, url: 'https://connect.stripe.com/setup/e/acct_1Qy/ZpWm' },
    },
    handler: async () => (await import('../payouts/accounts.js')).connectCourierAccount,
  }),
  saveBankDetails: defineCallable({
    description: 'Saves the courier’s bank account for payments by hand; the number is stored encrypted',
    audience: 'courier, also when suspended',
    input: SaveBankDetailsInput,
    output: SaveBankDetailsOutput,
    roles: ANY_ROLE,
    limitedUse: true,
    reasons: ['IBAN_INVALID', 'USER_NOT_FOUND'],
    example: { input: { holder: 'Cora Lang', iban: 'AT61 1904 3002 3457 3201' }, output: { last4: '3201' } },
    handler: async () => (await import('../payouts/bank-details.js')).saveBankDetails,
  }),
  readBankDetails: defineCallable({
    description: 'Returns a courier’s whole bank account for a payment by hand; recorded in the audit',
    audience: 'operator',
    input: ReadBankDetailsInput,
    output: ReadBankDetailsOutput,
    roles: ['operator'],
    limitedUse: true,
    reasons: ['BANK_DETAILS_MISSING', 'OTHER_OPERATOR_REQUIRED'],
    example: {
      input: { courierId: 'courier-1', reason: 'The weekly payment by hand' },
      output: { holder: 'Cora Lang', iban: 'AT611904300234573201' },
    },
    handler: async () => (await import('../payouts/bank-details.js')).readBankDetails,
  }),
  courierBalance: defineCallable({
    description: 'Returns what a courier is owed by currency, from the ledger',
    audience: 'courier, also when suspended; operator',
    input: CourierBalanceInput,
    output: CourierBalanceOutput,
    roles: ANY_ROLE,
    reasons: ['USER_NOT_FOUND', 'ZONE_NOT_FOUND'],
    example: {
      input: {},
      output: {
        method: 'provider',
        isSuspended: false,
        balances: [
          {
            currency: 'EUR',
            owedMinor: 12_450,
            heldMinor: 0,
            cashMinor: 2424,
            underWayMinor: 0,
            availableMinor: 10_026,
          },
        ],
      },
    },
    handler: async () => (await import('../payouts/balance.js')).courierBalance,
  }),
  requestInstantPayout: defineCallable({
    description: 'Pays the available balance at once, less the zone’s fee; the cash carried is set off',
    audience: 'courier',
    input: RequestInstantPayoutInput,
    output: RequestInstantPayoutOutput,
    roles: ['courier'],
    secrets: ['STRIPE_SECRET_KEY'],
    limitedUse: true,
    reasons: [
      'USER_NOT_FOUND',
      'ZONE_NOT_FOUND',
      'PAYOUT_HELD',
      'PAYOUT_ACCOUNT_NOT_READY',
      'INSTANT_PAYOUT_UNAVAILABLE',
      'NOT_ENOUGH_PAY',
      'PAYOUT_FAILED',
    ],
    example: {
      input: { idempotencyKey: '7b0d6f2c-93a4-4d0e-8b57-0c1f5a2e9d63' },
      output: {
        payoutId: '5f1f6a4e0e5b7a2c9d31-EUR-instant-0c1f5a2e9d63b0d6',
        status: 'sent',
        currency: 'EUR',
        amountMinor: 9926,
        feeMinor: 100,
        setOffMinor: 2424,
      },
    },
    handler: async () => (await import('../payouts/instant-payout.js')).requestInstantPayout,
  }),
  recordCourierPayment: defineCallable({
    description: 'Records a bank transfer to a courier that was made by hand',
    audience: 'operator',
    input: RecordCourierPaymentInput,
    output: RecordCourierPaymentOutput,
    roles: ['operator'],
    limitedUse: true,
    reasons: ['USER_NOT_FOUND', 'ZONE_NOT_FOUND', 'PAYMENT_TOO_LARGE', 'OTHER_OPERATOR_REQUIRED'],
    example: {
      input: {
        courierId: 'courier-1',
        currency: 'EUR',
        amountMinor: 10_026,
        reference: 'SEPA 2026-03-09/17',
        idempotencyKey: 'f4a1c0de-2b7e-4c58-9a36-1d0e8f7b6c52',
      },
      output: { payoutId: '5f1f6a4e0e5b7a2c9d31-EUR-manual-1d0e8f7b6c52f4a1', availableMinor: 0, replayed: false },
    },
    handler: async () => (await import('../payouts/manual-payment.js')).recordCourierPayment,
  }),
  returnCourierPayment: defineCallable({
    description: 'Records that a payment by hand came back from the bank: the courier is owed it again',
    audience: 'operator',
    input: ReturnCourierPaymentInput,
    output: ReturnCourierPaymentOutput,
    roles: ['operator'],
    limitedUse: true,
    reasons: ['PAYOUT_NOT_FOUND', 'OTHER_OPERATOR_REQUIRED'],
    example: {
      input: { payoutId: PAYOUT_ID.replace('2026-03-09', 'manual-1d0e8f7b6c52f4a1'), reason: 'The account is closed' },
      output: { status: 'failed', replayed: false },
    },
    handler: async () => (await import('../payouts/manual-payment.js')).returnCourierPayment,
  }),
  settleCourierDebt: defineCallable({
    description:
      'Records that a courier repaid what the courier owes the platform, for example after a refund, or writes it off; then the account can be deleted',
    audience: 'operator',
    input: SettleCourierDebtInput,
    output: SettleCourierDebtOutput,
    roles: ['operator'],
    limitedUse: true,
    reasons: ['USER_NOT_FOUND', 'ZONE_NOT_FOUND', 'DEBT_SMALLER', 'OTHER_OPERATOR_REQUIRED'],
    example: {
      input: {
        courierId: 'courier-1',
        currency: 'EUR',
        amountMinor: 300,
        how: 'repaid',
        reason: 'SEPA 2026-03-09/18',
        idempotencyKey: 'c3d9a7e1-5b20-4f6e-8d14-7a9e0b1c2d3f',
      },
      output: { owedMinor: 0, replayed: false },
    },
    handler: async () => (await import('../payouts/courier-debt.js')).settleCourierDebt,
  }),
  recordRiderPayment: defineCallable({
    description: 'Records that the outside rider of an order was paid by hand: all that the order’s end credited, once',
    audience: 'operator',
    input: RecordRiderPaymentInput,
    output: RecordRiderPaymentOutput,
    roles: ['operator'],
    limitedUse: true,
    reasons: ['ORDER_NOT_FOUND', 'RIDER_REQUIRED', 'NOTHING_OWED', 'OTHER_OPERATOR_REQUIRED'],
    example: {
      input: { orderId: 'Hk3VYq0sWm8RtZ1bNcX7', reference: 'SEPA 2026-03-09/19' },
      output: { paidMinor: 900, replayed: false },
    },
    handler: async () => (await import('../payouts/rider-payment.js')).recordRiderPayment,
  }),
  courierStatement: defineCallable({
    description: 'Lists a courier’s rides, tips, corrections, cash and payouts of up to 31 days, also as CSV',
    audience: 'courier, also when suspended; operator',
    input: CourierStatementInput,
    output: CourierStatementOutput,
    roles: ANY_ROLE,
    reasons: ['USER_NOT_FOUND', 'PERIOD_INVALID'],
    example: {
      input: { fromDay: '2026-03-02', toDay: '2026-03-09' },
      output: {
        balances: [{ currency: 'EUR', openingMinor: 0, closingMinor: 0, cashOpeningMinor: 0, cashClosingMinor: 0 }],
        lines: [
          {
            day: '2026-03-02',
            journalId: 'Hk3VYq0sWm8RtZ1bNcX7-14',
            orderId: 'Hk3VYq0sWm8RtZ1bNcX7',
            currency: 'EUR',
            account: 'pay',
            type: 'ride',
            amountMinor: 520,
          },
          {
            day: '2026-03-09',
            journalId: `payout-${PAYOUT_ID}`,
            orderId: null,
            currency: 'EUR',
            account: 'pay',
            type: 'payout',
            amountMinor: -520,
          },
        ],
        csv: [
          'day,journal,order,account,type,currency,amount',
          '2026-03-02,Hk3VYq0sWm8RtZ1bNcX7-14,Hk3VYq0sWm8RtZ1bNcX7,pay,ride,EUR,5.20',
          `2026-03-09,payout-${PAYOUT_ID},,pay,payout,EUR,-5.20`,
          '',
        ].join('\r\n'),
      },
    },
    handler: async () => (await import('../payouts/statement.js')).courierStatement,
  }),
};
