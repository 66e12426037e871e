/**
 * Every reason a client can be given, with the callable code it travels under. The reason is the stable key:
 * apps translate it and fill in the `details`. A reason missing here does not compile.
 */
export const REASONS = {
  // who asks
  SIGN_IN_REQUIRED: 'unauthenticated',
  SESSION_REVOKED: 'unauthenticated',
  ROLE_REQUIRED: 'permission-denied',
  SIGN_IN_AGAIN: 'unauthenticated',
  DEVICE_BLOCKED: 'permission-denied',
  TOO_MANY_REQUESTS: 'resource-exhausted',
  // what is asked
  PHOTO_INVALID: 'invalid-argument',
  DOCUMENT_INVALID: 'invalid-argument',
  INPUT_INVALID: 'invalid-argument',
  INPUT_TOO_LARGE: 'invalid-argument',
  USER_NOT_FOUND: 'not-found',
  RESTAURANT_NOT_FOUND: 'not-found',
  ZONE_NOT_FOUND: 'not-found',
  ORDER_NOT_FOUND: 'not-found',
  QUOTE_NOT_FOUND: 'not-found',
  // quote and place
  RESTAURANT_CLOSED: 'failed-precondition',
  OUTSIDE_AREA: 'failed-precondition',
  ITEM_NOT_SERVED_NOW: 'failed-precondition',
  ITEM_UNKNOWN: 'failed-precondition',
  ITEM_SOLD_OUT: 'failed-precondition',
  MODIFIER_UNKNOWN: 'failed-precondition',
  MODIFIER_COUNT: 'failed-precondition',
  DROP_OFF_REQUIRED: 'invalid-argument',
  TOO_FAR: 'failed-precondition',
  BASKET_BELOW_MINIMUM: 'failed-precondition',
  TOTAL_BELOW_PAYMENT_MINIMUM: 'failed-precondition',
  AMOUNT_TOO_LARGE: 'out-of-range',
  PROMOTION_UNKNOWN: 'failed-precondition',
  PROMOTION_USED_UP: 'failed-precondition',
  PROMOTION_LIMIT_REACHED: 'failed-precondition',
  FIRST_ORDER_ONLY: 'failed-precondition',
  KITCHEN_FULL: 'failed-precondition',
  CREDIT_SPENT: 'failed-precondition',
  CASH_NOT_TAKEN: 'failed-precondition',
  CARD_REQUIRED: 'failed-precondition',
  SLOT_INVALID: 'failed-precondition',
  TOTAL_NOT_CONFIRMED: 'failed-precondition',
  ALREADY_PLACED: 'already-exists',
  TOO_MANY_OPEN_ORDERS: 'resource-exhausted',
  // merchants and menus
  APPLICATION_NOT_FOUND: 'not-found',
  APPLICATION_DECIDED: 'failed-precondition',
  DOCUMENT_NOT_FOUND: 'failed-precondition',
  CANNOT_GO_ONLINE: 'failed-precondition',
  INVITATION_GONE: 'not-found',
  LAST_OWNER: 'failed-precondition',
  MENU_INVALID: 'failed-precondition',
  MENU_TOO_LARGE: 'failed-precondition',
  MENU_CHANGED: 'aborted',
  TIME_ZONE_UNKNOWN: 'invalid-argument',
  // accounts
  ORDERS_OPEN: 'failed-precondition',
  CASH_CARRIED: 'failed-precondition',
  PAY_OWED: 'failed-precondition',
  CREDIT_OWED: 'failed-precondition',
  // operators
  ZONE_INVALID: 'failed-precondition',
  VERSION_CHANGED: 'aborted',
  VERSION_NOT_FOUND: 'not-found',
  // the order's way
  EDIT_PENDING: 'failed-precondition',
  EDIT_GONE: 'failed-precondition',
  TOP_UP_REQUIRED: 'failed-precondition',
  LINE_UNKNOWN: 'invalid-argument',
  LAST_LINE: 'failed-precondition',
  MOVE_NOT_ALLOWED: 'failed-precondition',
  ROLE_NOT_ALLOWED: 'permission-denied',
  PARTY_CONFLICT: 'permission-denied',
  CODE_WRONG: 'failed-precondition',
  CODE_LOCKED: 'resource-exhausted',
  PIN_WRONG: 'failed-precondition',
  PIN_LOCKED: 'resource-exhausted',
  FIX_REQUIRED: 'invalid-argument',
  FIX_TOO_OLD: 'failed-precondition',
  TOO_FAR_FROM_STOP: 'failed-precondition',
  ALREADY_TOLD: 'failed-precondition',
  PROOF_NOT_FOUND: 'failed-precondition',
  HELD_PAY_NOT_FOUND: 'not-found',
  HELD_PAY_DECIDED: 'failed-precondition',
  TOO_EARLY: 'failed-precondition',
  LIABLE_PARTY_REQUIRED: 'invalid-argument',
  OPERATOR_REQUIRED: 'failed-precondition',
  HOLD_GONE: 'failed-precondition',
  COURIER_ASSIGNED: 'failed-precondition',
  COURIER_REQUIRED: 'failed-precondition',
  // dispatch
  SHIFT_NOT_FOUND: 'not-found',
  SHIFT_FULL: 'failed-precondition',
  SHIFT_CLASH: 'failed-precondition',
  OFFER_GONE: 'failed-precondition',
  COURIER_FULL: 'failed-precondition',
  // after the order
  NOT_CHARGED: 'failed-precondition',
  NOTHING_TO_REFUND: 'failed-precondition',
  REFUND_TOO_LARGE: 'failed-precondition',
  LINE_REFUNDED: 'failed-precondition',
  CREDIT_ONLY: 'failed-precondition',
  ORDER_DISPUTED: 'failed-precondition',
  NOT_DELIVERED: 'failed-precondition',
  TOO_LATE: 'failed-precondition',
  TIP_PENDING: 'failed-precondition',
  TIP_OUT_OF_RANGE: 'out-of-range',
  FLOAT_EXCEEDED: 'failed-precondition',
  DEPOSIT_TOO_LARGE: 'failed-precondition',
  CARD_NOT_FOUND: 'not-found',
  DISPUTE_NOT_FOUND: 'not-found',
  DISPUTE_CLOSED: 'failed-precondition',
  // support
  ALREADY_REVIEWED: 'already-exists',
  CONTENT_NOT_FOUND: 'not-found',
  REPORT_NOT_FOUND: 'not-found',
  REPORT_DECIDED: 'failed-precondition',
  OTHER_OPERATOR_REQUIRED: 'permission-denied',
  CLAIM_NOT_FOUND: 'not-found',
  CLAIM_DECIDED: 'failed-precondition',
  CLAIMS_TOO_MANY: 'resource-exhausted',
  // books
  PERIOD_INVALID: 'invalid-argument',
  // limits of one order
  TOO_MANY_EDITS: 'resource-exhausted',
  TOO_MANY_TOP_UPS: 'resource-exhausted',
  TOO_MANY_CONTACTS: 'resource-exhausted',
  TOO_MANY_STEPS: 'resource-exhausted',
  // documents
  DOCUMENT_UNREADABLE: 'data-loss',
  LIMIT_REACHED: 'resource-exhausted',
  // providers
  PAYMENT_DECLINED: 'failed-precondition',
  PAYMENT_PENDING: 'failed-precondition',
  PROVIDER_UNAVAILABLE: 'unavailable',
  BUSY: 'aborted',
} as const satisfies Record<string, CallableCode>;

export type ErrorReason = keyof typeof REASONS;

/** The codes of Firebase callables that a refusal may use; anything unexpected is `internal`. */
export type CallableCode =
  | 'invalid-argument'
  | 'failed-precondition'
  | 'out-of-range'
  | 'unauthenticated'
  | 'permission-denied'
  | 'not-found'
  | 'already-exists'
  | 'aborted'
  | 'resource-exhausted'
  | 'data-loss'
  | 'unavailable';
