import type { ErrorReason } from './errors.js';

/** The types of facts: an amount in minor units, a time in milliseconds since 1970, and others. */
export type DetailType = 'text' | 'integer' | 'decimal' | 'boolean' | 'minor' | 'time';

interface Values {
  text: string;
  integer: number;
  decimal: number;
  boolean: boolean;
  minor: number;
  time: number;
}

/**
 * The facts that refusals carry for the client, nothing personal. Each may be absent or null: an app shows a text of the
 * reason without it.
 */
export const ERROR_DETAILS = {
  ROLE_REQUIRED: { roles: 'text', operatorRoles: 'text' },
  TOO_MANY_REQUESTS: { retryAfterSeconds: 'integer' },
  PHOTO_INVALID: { problem: 'text', width: 'integer', height: 'integer' },
  PHOTO_NOT_FOUND: { photo: 'text' },
  DOCUMENT_INVALID: { problem: 'text', name: 'text' },
  INPUT_INVALID: { path: 'text', problem: 'text' },
  INPUT_TOO_LARGE: { max: 'integer', maxBytes: 'integer' },
  USER_NOT_FOUND: { uid: 'text' },
  RESTAURANT_NOT_FOUND: { restaurantId: 'text' },
  ZONE_NOT_FOUND: { zoneId: 'text' },
  ORDER_NOT_FOUND: { orderId: 'text' },
  QUOTE_NOT_FOUND: { quoteId: 'text', orderId: 'text' },
  RESTAURANT_CLOSED: { restaurantId: 'text' },
  KIND_NOT_OFFERED: { kind: 'text' },
  ITEM_NOT_SERVED_NOW: { itemId: 'text' },
  ITEM_UNKNOWN: { itemId: 'text' },
  ITEM_SOLD_OUT: { itemId: 'text', soldOutId: 'text', left: 'integer' },
  MODIFIER_UNKNOWN: { optionId: 'text' },
  MODIFIER_COUNT: { optionId: 'text', groupId: 'text', count: 'integer', min: 'integer', max: 'integer' },
  TOO_FAR: { distanceMeters: 'decimal' },
  BASKET_BELOW_MINIMUM: { minimumMinor: 'minor', itemsMinor: 'minor' },
  TOTAL_BELOW_PAYMENT_MINIMUM: { totalMinor: 'minor', minimumMinor: 'minor' },
  AMOUNT_TOO_LARGE: { totalMinor: 'minor', maximumMinor: 'minor' },
  PROMOTION_UNKNOWN: { code: 'text' },
  PROMOTION_USED_UP: { promotionId: 'text' },
  PROMOTION_NOT_FOR_SLOT: { promotionId: 'text' },
  PROMOTION_LIMIT_REACHED: { promotionId: 'text', perUserLimit: 'integer' },
  PROMOTION_NOT_FOUND: { promotionId: 'text' },
  PROMOTION_ENDED: { promotionId: 'text' },
  PROMOTION_CODE_TAKEN: { code: 'text' },
  STORE_PROMOTION_LIMIT: { limit: 'text', max: 'integer' },
  FIRST_ORDER_ONLY: { promotionId: 'text' },
  KITCHEN_FULL: { slotMs: 'time', readyMs: 'time' },
  COST_NOT_AGREED: { costMinor: 'minor' },
  ORDER_CHANGED: { events: 'integer' },
  DELAY_TOO_LONG: { maxMinutes: 'integer' },
  FEE_TOO_HIGH: { maxMinor: 'minor' },
  TOO_MANY_DELAYS: { max: 'integer' },
  CREDIT_SPENT: { available: 'minor' },
  CASH_NOT_TAKEN: { totalMinor: 'minor', maxOrderMinor: 'minor' },
  SLOT_INVALID: { scheduledForMs: 'time' },
  TOTAL_NOT_CONFIRMED: { totalMinor: 'minor' },
  ALREADY_PLACED: { orderId: 'text' },
  TOO_MANY_OPEN_ORDERS: { kind: 'text', max: 'integer' },
  APPLICATION_NOT_FOUND: { applicationId: 'text', uid: 'text' },
  APPLICATION_DECIDED: { status: 'text' },
  DOCUMENT_NOT_FOUND: { kind: 'text' },
  LAST_OWNER: { restaurantId: 'text' },
  MENU_INVALID: { problem: 'text', id: 'text', flaws: 'integer' },
  MENU_TOO_LARGE: { bytes: 'integer', maxBytes: 'integer' },
  MENU_CHANGED: { menuVersion: 'integer' },
  TIME_ZONE_UNKNOWN: { timeZone: 'text' },
  CASH_CARRIED: { cashMinor: 'minor' },
  PAY_OWED: { currency: 'text', owedMinor: 'minor' },
  CREDIT_OWED: { currency: 'text', creditMinor: 'minor' },
  ZONE_INVALID: { problem: 'text' },
  VERSION_CHANGED: { version: 'integer' },
  EDIT_PENDING: { untilMs: 'time' },
  LINE_UNKNOWN: { line: 'integer' },
  LAST_LINE: { because: 'text' },
  MOVE_NOT_ALLOWED: { status: 'text', action: 'text' },
  ROLE_NOT_ALLOWED: { role: 'text', action: 'text' },
  PARTY_CONFLICT: { role: 'text', conflict: 'text', promotionId: 'text' },
  CODE_LOCKED: { attempts: 'integer' },
  PIN_LOCKED: { attempts: 'integer' },
  FIX_TOO_OLD: { maxAgeMs: 'integer' },
  TOO_FAR_FROM_STOP: { meters: 'decimal', maxMeters: 'integer' },
  HELD_PAY_DECIDED: { verdict: 'text' },
  HELD_PAY_NOT_FOUND: { orderId: 'text' },
  COURIER_REQUIRED: { orderId: 'text' },
  TOO_EARLY: { minutes: 'integer', contacts: 'integer' },
  SHIFT_NOT_FOUND: { shiftId: 'text' },
  SHIFT_CLASH: { held: 'integer', taken: 'integer', maxMs: 'integer' },
  OFFER_GONE: { orderId: 'text' },
  NOT_CHARGED: { status: 'text' },
  REFUND_TOO_LARGE: { refundableMinor: 'minor' },
  LINE_REFUNDED: { line: 'integer', left: 'integer' },
  NOT_DELIVERED: { status: 'text' },
  TOO_LATE: { hours: 'integer', days: 'integer' },
  TIP_OUT_OF_RANGE: { minMinor: 'minor', maxMinor: 'minor' },
  DEPOSIT_TOO_LARGE: { cashMinor: 'minor' },
  COURIER_FULL: { max: 'integer' },
  FLOAT_EXCEEDED: { cashMinor: 'minor', dueMinor: 'minor', floatMinor: 'minor' },
  CARD_NOT_FOUND: { paymentMethodId: 'text' },
  DISPUTE_NOT_FOUND: { disputeId: 'text' },
  DISPUTE_CLOSED: { status: 'text' },
  REPORT_NOT_FOUND: { reportId: 'text' },
  REPORT_DECIDED: { state: 'text' },
  CLAIM_NOT_FOUND: { claimId: 'text' },
  CONVERSATION_NOT_FOUND: { uid: 'text' },
  TASK_NOT_FOUND: { taskId: 'text' },
  TASK_NEEDS_DECISION: { kind: 'text' },
  CLAIM_DECIDED: { status: 'text' },
  CLAIMS_TOO_MANY: { max: 'integer' },
  NOT_ENOUGH_PAY: { availableMinor: 'minor', feeMinor: 'minor' },
  PAYOUT_FAILED: { failureCode: 'text' },
  PAYOUT_NOT_FOUND: { payoutId: 'text' },
  DEBT_SMALLER: { owedMinor: 'minor' },
  PAYMENT_TOO_LARGE: { availableMinor: 'minor' },
  PAYOUT_UNDER_WAY: { currency: 'text', amountMinor: 'minor' },
  PERIOD_EMPTY: { month: 'text' },
  PERIOD_INVALID: { maxDays: 'integer' },
  TOO_MANY_EDITS: { max: 'integer' },
  TOO_MANY_TOP_UPS: { max: 'integer' },
  TOO_MANY_CONTACTS: { max: 'integer' },
  TOO_MANY_STEPS: { max: 'integer' },
  DOCUMENT_UNREADABLE: { document: 'text' },
  LIMIT_REACHED: {
    tips: 'integer',
    refunds: 'integer',
    limit: 'integer',
    bytes: 'integer',
    maxBytes: 'integer',
    document: 'text',
  },
  PAYMENT_DECLINED: { orderId: 'text', declineCode: 'text' },
} as const satisfies Partial<Record<ErrorReason, Readonly<Record<string, DetailType>>>>;

/** The facts of one reason. */
export type DetailsOf<R extends ErrorReason> = R extends keyof typeof ERROR_DETAILS
  ? { readonly [K in keyof (typeof ERROR_DETAILS)[R]]?: Value<(typeof ERROR_DETAILS)[R][K]> | null | undefined }
  : Readonly<Record<string, never>>;

type Value<T> = T extends DetailType ? Values[T] : never;
