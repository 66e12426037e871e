/**
 * Every reason that a client can receive: the callable code that it is sent with, what it means and what the app does.
 * The reason is the stable key: apps translate it and fill in the `details`, whose fields the sentence names. A reason
 * missing here does not compile.
 */
export const REASONS = {
  // the caller
  SIGN_IN_REQUIRED: { code: 'unauthenticated', meaning: 'The call has no valid ID token: ask the user to sign in.' },
  SESSION_REVOKED: {
    code: 'unauthenticated',
    meaning: 'The session has ended, for example after a block or `signOutEverywhere`: ask the user to sign in again.',
  },
  ROLE_REQUIRED: {
    code: 'permission-denied',
    meaning: 'The caller has none of `roles`: hide the action, or refresh the ID token after a role was granted.',
  },
  SIGN_IN_AGAIN: {
    code: 'unauthenticated',
    meaning: 'The sign-in is older than 10 minutes: ask the user to sign in again, then repeat the call.',
  },
  DEVICE_BLOCKED: {
    code: 'permission-denied',
    meaning: 'The device belongs to a blocked user: show that no account can be created on it.',
  },
  TOO_MANY_REQUESTS: {
    code: 'resource-exhausted',
    meaning: 'The caller or the address has reached a rate limit: repeat the call after `retryAfterSeconds`.',
  },
  // the input
  PHOTO_INVALID: {
    code: 'invalid-argument',
    meaning: 'The uploaded file is not a readable photo of at least 64 pixels a side: upload another one.',
  },
  PHOTO_NOT_FOUND: {
    code: 'failed-precondition',
    meaning:
      'The restaurant has no photo `photo` that is ready: upload it and wait for its `hash`, or choose another one.',
  },
  DOCUMENT_INVALID: {
    code: 'invalid-argument',
    meaning:
      'The uploaded paper is no readable image or PDF without active content, or is too large: upload another one.',
  },
  INPUT_INVALID: {
    code: 'invalid-argument',
    meaning: 'The input does not match its type at `path`, as `problem` says: correct the field.',
  },
  INPUT_TOO_LARGE: {
    code: 'invalid-argument',
    meaning: 'The request, or a list that it extends, would be too large: send less.',
  },
  USER_NOT_FOUND: {
    code: 'not-found',
    meaning: 'The user does not exist or has deleted the account: check the user id.',
  },
  RESTAURANT_NOT_FOUND: {
    code: 'not-found',
    meaning: 'The restaurant does not exist, or the caller does not work there: check the id.',
  },
  ZONE_NOT_FOUND: {
    code: 'not-found',
    meaning: 'The zone does not exist, or no zone serves the place: check the id, or name a zone.',
  },
  ORDER_NOT_FOUND: {
    code: 'not-found',
    meaning: 'The order does not exist, or the caller is not a party of it: check the id and the signed-in account.',
  },
  QUOTE_NOT_FOUND: {
    code: 'not-found',
    meaning: 'The quote does not exist, was deleted or belongs to another customer: call `quote` again.',
  },
  // quote and place
  RESTAURANT_CLOSED: {
    code: 'failed-precondition',
    meaning: 'The restaurant does not accept such orders now: show its hours, or offer a slot.',
  },
  KIND_NOT_OFFERED: {
    code: 'failed-precondition',
    meaning: 'The restaurant does not offer orders of the `kind`: offer one of its `kinds`.',
  },
  OUTSIDE_AREA: {
    code: 'failed-precondition',
    meaning:
      'The drop-off is outside the delivery area of the restaurant or its zone: ask for another address, or offer pickup.',
  },
  ITEM_NOT_SERVED_NOW: {
    code: 'failed-precondition',
    meaning: 'The item is not served at this time of day: remove it, or offer another slot.',
  },
  ITEM_UNKNOWN: {
    code: 'failed-precondition',
    meaning: 'The menu does not have the item: reload the menu and remove the line.',
  },
  ITEM_SOLD_OUT: {
    code: 'failed-precondition',
    meaning: 'The item or its option `soldOutId` is sold out: remove it from the cart.',
  },
  MODIFIER_UNKNOWN: {
    code: 'failed-precondition',
    meaning: 'The item does not have the option `optionId`: reload the menu and ask for the options again.',
  },
  MODIFIER_COUNT: {
    code: 'failed-precondition',
    meaning:
      'Too few or too many options are chosen: ask for `min` to `max` of them; with `distinct`, of different ones.',
  },
  DROP_OFF_REQUIRED: { code: 'invalid-argument', meaning: 'A delivery requires `dropOff`: ask for the address.' },
  TOO_FAR: {
    code: 'failed-precondition',
    meaning: 'The drop-off is farther away than the zone delivers: ask for another address, or offer pickup.',
  },
  BASKET_BELOW_MINIMUM: {
    code: 'failed-precondition',
    meaning: 'The items cost less than `minimumMinor`: ask the customer to add items.',
  },
  TOTAL_BELOW_PAYMENT_MINIMUM: {
    code: 'failed-precondition',
    meaning: 'The total is lower than Stripe can charge: ask the customer to add items.',
  },
  AMOUNT_TOO_LARGE: {
    code: 'out-of-range',
    meaning: 'The total is higher than can be charged (`maximumMinor`): ask for a smaller order.',
  },
  PROMOTION_UNKNOWN: {
    code: 'failed-precondition',
    meaning: 'No running promotion has the code: ask the customer to check it.',
  },
  PROMOTION_USED_UP: { code: 'failed-precondition', meaning: 'The promotion has no uses left: remove the code.' },
  PROMOTION_NOT_FOR_SLOT: {
    code: 'failed-precondition',
    meaning:
      'The promotion has a total limit and the slot is more than six days ahead: remove the code or offer an earlier slot.',
  },
  PROMOTION_NOT_FOUND: { code: 'not-found', meaning: 'The restaurant has no such promotion of its own.' },
  PROMOTION_ENDED: {
    code: 'failed-precondition',
    meaning: 'The promotion was ended, or its end has passed: save a new one under another id.',
  },
  PROMOTION_CODE_TAKEN: {
    code: 'already-exists',
    meaning: 'The platform or another promotion of the restaurant has this code: choose another one.',
  },
  STORE_PROMOTION_LIMIT: {
    code: 'failed-precondition',
    meaning: 'The promotion exceeds a limit of the zone: `limit` names it, `max` is its value.',
  },
  PROMOTION_LIMIT_REACHED: {
    code: 'failed-precondition',
    meaning: 'The customer has used the promotion as often as allowed (`perUserLimit`): remove the code.',
  },
  FIRST_ORDER_ONLY: {
    code: 'failed-precondition',
    meaning:
      'The promotion is for the first order, and the customer or the household has ordered before, or the household is not known (pickup; cash without a telephone number): remove the code.',
  },
  KITCHEN_FULL: {
    code: 'failed-precondition',
    meaning: 'The kitchen has no place left in the slot or before closing: offer another slot.',
  },
  CREDIT_SPENT: {
    code: 'failed-precondition',
    meaning: 'The customer has only `available` of credit: use a smaller amount.',
  },
  CASH_NOT_TAKEN: {
    code: 'failed-precondition',
    meaning: 'The order cannot be paid in cash, or not above `maxOrderMinor`: offer card payment or a smaller order.',
  },
  AGE_UNKNOWN: {
    code: 'failed-precondition',
    meaning: 'An item is sold from the age of `ageLimit` only: ask for the date of birth, send it as `birthDate`.',
  },
  AGE_TOO_LOW: {
    code: 'failed-precondition',
    meaning: 'The customer is younger than `ageLimit`: remove the items with an age limit.',
  },
  AGE_LIMIT_RAISED: {
    code: 'failed-precondition',
    meaning: 'The substitute has a higher age limit than the order (`ageLimit`): choose another one.',
  },
  ID_CHECK_REQUIRED: {
    code: 'failed-precondition',
    meaning: 'The order is handed only to a person of `ageLimit`: check an ID, then send `idChecked`; else `fail`.',
  },
  HAND_OVER_REQUIRED: {
    code: 'failed-precondition',
    meaning:
      'The customer wishes to be met, the order has an age limit, or it is paid in cash: hand it over in person, against the PIN.',
  },
  NO_AGE_LIMIT: {
    code: 'failed-precondition',
    meaning: 'The order has no age limit, so no ID is checked: report the delivery or the failure without it.',
  },
  CARD_REQUIRED: {
    code: 'failed-precondition',
    meaning: 'A slot more than six days ahead requires a saved card: call `setUpPayment`, send `paymentMethodId`.',
  },
  SLOT_INVALID: { code: 'failed-precondition', meaning: 'The restaurant cannot serve the slot: offer one of `slots`.' },
  TOTAL_NOT_CONFIRMED: {
    code: 'failed-precondition',
    meaning: 'The confirmed total is not the quote’s `totalMinor`: ask the customer to confirm that one.',
  },
  ALREADY_PLACED: {
    code: 'already-exists',
    meaning: 'The quote was placed with another idempotency key: show the order `orderId`.',
  },
  TOO_MANY_OPEN_ORDERS: {
    code: 'resource-exhausted',
    meaning: 'The account has `max` open orders of this `kind`: ask the customer to pay for one, or to wait.',
  },
  // merchants and menus
  APPLICATION_NOT_FOUND: {
    code: 'not-found',
    meaning: 'The application does not exist, or its id belongs to another user: check the id, or choose another one.',
  },
  APPLICATION_DECIDED: {
    code: 'failed-precondition',
    meaning: 'The application has the `status`, in which the call is not possible: reload it.',
  },
  DOCUMENT_NOT_FOUND: {
    code: 'failed-precondition',
    meaning: 'A required paper (`kind`) is not in the caller’s folder: upload it, then repeat the call.',
  },
  CANNOT_GO_ONLINE: {
    code: 'failed-precondition',
    meaning:
      'The restaurant is not approved, or Stripe does not pay out to it yet: call `connectAccount` and open its form.',
  },
  INVITATION_GONE: {
    code: 'not-found',
    meaning: 'The invitation does not exist, has expired, was accepted or is for another person: ask for a new one.',
  },
  LAST_OWNER: {
    code: 'failed-precondition',
    meaning: 'The restaurant would lose its only owner: make another member an owner first.',
  },
  MENU_INVALID: {
    code: 'failed-precondition',
    meaning: 'The draft menu has errors: show the first one, which the details describe, in the editor.',
  },
  MENU_TOO_LARGE: {
    code: 'failed-precondition',
    meaning: 'The menu has `bytes` of at most `maxBytes`: shorten texts, or remove items.',
  },
  MENU_CHANGED: {
    code: 'aborted',
    meaning: 'Version `menuVersion` was published meanwhile: reload the menu and make the changes again.',
  },
  TIME_ZONE_UNKNOWN: {
    code: 'invalid-argument',
    meaning: 'The server does not know the time zone: offer a list of IANA names.',
  },
  // accounts
  ORDERS_OPEN: {
    code: 'failed-precondition',
    meaning: 'An order of the user is under way or waits for its settlement: repeat the call when it has ended.',
  },
  CASH_CARRIED: {
    code: 'failed-precondition',
    meaning: 'The courier carries `cashMinor` in cash: ask the courier to pay it in first.',
  },
  PAY_OWED: {
    code: 'failed-precondition',
    meaning:
      'The user’s pay (`owedMinor`) is not settled: repeat the call after the payout, or request an instant one.',
  },
  CREDIT_OWED: {
    code: 'failed-precondition',
    meaning: 'The user has credit (`creditMinor`) that must be paid out first: show how to contact support.',
  },
  // operators
  ZONE_INVALID: {
    code: 'failed-precondition',
    meaning: 'Quotes or orders of the zone could not work with these settings: correct what `problem` names.',
  },
  VERSION_CHANGED: {
    code: 'aborted',
    meaning: 'A newer version was saved meanwhile: reload it, review it and repeat the call.',
  },
  VERSION_NOT_FOUND: { code: 'not-found', meaning: 'The version does not exist: offer the stored versions.' },
  // an order's steps
  COURIER_AT_COUNTER: {
    code: 'failed-precondition',
    meaning: 'The courier is at the counter, so no further delay can be announced: show that the courier waits.',
  },
  DELAY_TOO_LONG: {
    code: 'failed-precondition',
    meaning: 'A delay of at most `maxMinutes` may be announced: offer fewer minutes, or the cancellation.',
  },
  TOO_MANY_DELAYS: {
    code: 'resource-exhausted',
    meaning: 'The delay of the order was announced `max` times: offer the cancellation.',
  },
  REASON_REQUIRED: {
    code: 'invalid-argument',
    meaning: 'An operator gives a `reason` for the step: ask for it, then repeat the call.',
  },
  EDIT_PENDING: {
    code: 'failed-precondition',
    meaning: 'The customer has not answered an edit yet: wait for the answer.',
  },
  EDIT_GONE: {
    code: 'failed-precondition',
    meaning: 'The edit was answered, has expired or was replaced: reload the order.',
  },
  TOP_UP_REQUIRED: {
    code: 'failed-precondition',
    meaning: 'The payment does not cover the edit: call `answerEdit` again and pay the difference.',
  },
  COST_NOT_AGREED: {
    code: 'failed-precondition',
    meaning:
      'The cancellation now costs more than the customer agreed to: show `costMinor`, and send it as `mostMinor` if the customer agrees.',
  },
  ORDER_CHANGED: {
    code: 'failed-precondition',
    meaning:
      'The order changed after the app had read it, by a restoration or an edit: reload the order and ask the user again.',
  },
  LINE_UNKNOWN: {
    code: 'invalid-argument',
    meaning: 'The order does not have the line, or not more than the quantity: reload the order.',
  },
  LAST_LINE: {
    code: 'failed-precondition',
    meaning:
      'The edit would leave nothing that can be sold: no line, or a total that cannot be charged (`because`). Cancel the order.',
  },
  MOVE_NOT_ALLOWED: {
    code: 'failed-precondition',
    meaning: 'The order’s status does not allow the step: reload the order.',
  },
  ROLE_NOT_ALLOWED: {
    code: 'permission-denied',
    meaning: 'The caller’s role at this order or restaurant does not allow the action: hide the action.',
  },
  PARTY_CONFLICT: {
    code: 'permission-denied',
    meaning: 'The caller would be two parties of one order, for example customer and staff: another person must act.',
  },
  CODE_WRONG: {
    code: 'failed-precondition',
    meaning:
      'The pick-up code is wrong: ask the restaurant for it again; the fifth wrong code of a courier locks it for that courier.',
  },
  CODE_LOCKED: {
    code: 'resource-exhausted',
    meaning: 'Too many pick-up codes were wrong: ask the restaurant to confirm the pick-up.',
  },
  PIN_WRONG: {
    code: 'failed-precondition',
    meaning: 'The PIN is wrong: ask the customer for it again; the fifth wrong PIN locks it.',
  },
  PIN_LOCKED: {
    code: 'resource-exhausted',
    meaning: 'Too many PINs were wrong: deliver with a photo, or contact an operator.',
  },
  FIX_REQUIRED: { code: 'invalid-argument', meaning: 'The step requires the position of the phone: send `fix`.' },
  FIX_TOO_OLD: {
    code: 'failed-precondition',
    meaning: 'The position is older than `maxAgeMs`, or the phone’s clock is wrong: send a new `fix`.',
  },
  TOO_FAR_FROM_STOP: {
    code: 'failed-precondition',
    meaning: 'The courier is not at the stop or has not sent `arrive` there: repeat the call at the stop.',
  },
  ALREADY_TOLD: {
    code: 'failed-precondition',
    meaning: 'The other party was notified of this arrival before: continue.',
  },
  PROOF_NOT_FOUND: {
    code: 'failed-precondition',
    meaning: 'The photo is not in the caller’s folder of the order: upload it, then repeat the call.',
  },
  HELD_PAY_NOT_FOUND: {
    code: 'not-found',
    meaning: 'The order has no pay that waits for a decision: reload the list.',
  },
  HELD_PAY_DECIDED: {
    code: 'failed-precondition',
    meaning: 'An operator has decided on the pay (`verdict`): reload it.',
  },
  TOO_EARLY: {
    code: 'failed-precondition',
    meaning:
      'The courier must wait longer or call the customer more often (`minutes`, `contacts`): repeat the step later.',
  },
  LIABLE_PARTY_REQUIRED: { code: 'invalid-argument', meaning: 'An operator must say who is liable: send `liable`.' },
  OPERATOR_REQUIRED: {
    code: 'failed-precondition',
    meaning: 'An operator must decide who pays for the order: ask the courier or the restaurant to contact support.',
  },
  HOLD_GONE: {
    code: 'failed-precondition',
    meaning:
      'The cancellation cannot be undone, because its time is over or the payment was released: ask for a new order.',
  },
  COURIER_NOT_FOUND: {
    code: 'not-found',
    meaning: 'The courier does not exist or is not approved: choose another courier.',
  },
  COURIER_ASSIGNED: {
    code: 'failed-precondition',
    meaning:
      'The order has a courier: remove the offer from the screen; an operator unassigns the courier before assigning another.',
  },
  COURIER_REQUIRED: {
    code: 'failed-precondition',
    meaning: 'The order has no courier, or the courier has not arrived at the counter: reload the order.',
  },
  RIDER_REQUIRED: {
    code: 'failed-precondition',
    meaning:
      'No rider carries the order, or not the restaurant’s own: a courier reports the delivery, operators tell an outside rider the address.',
  },
  CASH_NEEDS_COURIER: {
    code: 'failed-precondition',
    meaning: 'The order is paid in cash, which only a courier collects: assign a courier by hand, or cancel the order.',
  },
  FEE_TOO_HIGH: {
    code: 'failed-precondition',
    meaning: 'A rider costs at most `maxMinor`, the price of the food: agree on less, or cancel the order.',
  },
  // dispatch
  SHIFT_NOT_FOUND: { code: 'not-found', meaning: 'The courier’s zone does not have the shift: reload the list.' },
  SHIFT_FULL: { code: 'failed-precondition', meaning: 'The shift has no place left: offer another one.' },
  SHIFT_CLASH: {
    code: 'failed-precondition',
    meaning:
      'The shift is over, too long, overlaps another one, or is taken by couriers: choose another one or other hours.',
  },
  OFFER_GONE: {
    code: 'failed-precondition',
    meaning: 'The offer has expired or another courier has the order: remove the offer from the screen.',
  },
  COURIER_FULL: {
    code: 'failed-precondition',
    meaning:
      'The courier carries as many orders as are allowed (`max`): finish a delivery first, or choose another courier.',
  },
  // after the order
  NOT_CHARGED: {
    code: 'failed-precondition',
    meaning: 'The order was not charged: show that there is nothing to refund.',
  },
  NOTHING_TO_REFUND: {
    code: 'failed-precondition',
    meaning: 'Nothing of the charge is left to refund: show the earlier refunds.',
  },
  REFUND_TOO_LARGE: {
    code: 'failed-precondition',
    meaning: 'Only `refundableMinor` of the charge is left: refund no more than that.',
  },
  LINE_REFUNDED: {
    code: 'failed-precondition',
    meaning: 'Only the quantity `left` of the line has not been refunded: refund no more than that.',
  },
  CREDIT_ONLY: {
    code: 'failed-precondition',
    meaning: 'A cash order is refunded as credit only: send `credit` as `to`.',
  },
  ORDER_DISPUTED: {
    code: 'failed-precondition',
    meaning: 'The customer’s bank disputes the payment: wait for its decision.',
  },
  NOT_DELIVERED: {
    code: 'failed-precondition',
    meaning:
      'The order has not been delivered or collected, and the customer was not charged without it: offer the action after that.',
  },
  TOO_LATE: { code: 'failed-precondition', meaning: 'The time for the action is over: hide the action.' },
  TIP_PENDING: {
    code: 'failed-precondition',
    meaning: 'An earlier tip is not paid yet: finish its payment, or wait until it expires.',
  },
  TIP_OUT_OF_RANGE: {
    code: 'out-of-range',
    meaning: 'The tip cannot be charged: ask for an amount from `minMinor` to `maxMinor`.',
  },
  TIP_NOT_POSSIBLE: {
    code: 'failed-precondition',
    meaning:
      'The order takes no tip, since no courier brought it or an operator decides on its delivery: hide the action.',
  },
  FLOAT_EXCEEDED: {
    code: 'failed-precondition',
    meaning: 'The courier would carry more cash than the zone allows: ask the courier to pay in cash first.',
  },
  DEPOSIT_TOO_LARGE: {
    code: 'failed-precondition',
    meaning: 'The courier carries only `cashMinor`: correct the amount.',
  },
  // couriers' pay
  PAYOUT_HELD: {
    code: 'failed-precondition',
    meaning: 'The courier is suspended or blocked, and is paid by an operator: show how to contact support.',
  },
  PAYOUT_ACCOUNT_NOT_READY: {
    code: 'failed-precondition',
    meaning: 'The courier has no account that Stripe can pay out: open the link of `connectCourierAccount`.',
  },
  INSTANT_PAYOUT_UNAVAILABLE: {
    code: 'failed-precondition',
    meaning: 'The zone or the courier’s bank has no instant payouts: show the day of the next run.',
  },
  NOT_ENOUGH_PAY: {
    code: 'failed-precondition',
    meaning:
      'Of what is available (`availableMinor`) nothing is left after the fee, at least `feeMinor`: wait for more.',
  },
  PAYOUT_FAILED: {
    code: 'failed-precondition',
    meaning:
      'The bank did not accept the payout (`failureCode`), and the amount is owed again: check the bank account.',
  },
  PAYOUT_NOT_FOUND: {
    code: 'not-found',
    meaning: 'There is no such payment by hand (`payoutId`): check the id.',
  },
  NOTHING_OWED: {
    code: 'failed-precondition',
    meaning: 'The order’s rider is owed nothing: the order has not ended, or it ended without a ride.',
  },
  DEBT_SMALLER: {
    code: 'failed-precondition',
    meaning: 'The courier owes the platform only `owedMinor`: correct the amount.',
  },
  PAYMENT_TOO_LARGE: {
    code: 'failed-precondition',
    meaning: 'The courier can be paid only `availableMinor`: correct the amount.',
  },
  IBAN_INVALID: {
    code: 'invalid-argument',
    meaning: 'The IBAN is not complete, or its check digits are wrong: ask the courier to correct it.',
  },
  BANK_DETAILS_MISSING: {
    code: 'not-found',
    meaning: 'The courier has saved no bank account that can be read: ask the courier to save it again.',
  },
  PAYOUT_UNDER_WAY: {
    code: 'failed-precondition',
    meaning: 'A payout (`amountMinor`) has not arrived yet: repeat the call once it has.',
  },
  CARD_NOT_FOUND: { code: 'not-found', meaning: 'The caller has not saved the card: offer the cards of `listCards`.' },
  DISPUTE_NOT_FOUND: { code: 'not-found', meaning: 'The dispute does not exist: check the id.' },
  DISPUTE_CLOSED: {
    code: 'failed-precondition',
    meaning: 'The bank accepts no evidence for the dispute (`status`): show its status.',
  },
  // support
  ALREADY_REVIEWED: { code: 'already-exists', meaning: 'The order has a different review: show that one.' },
  CONTENT_NOT_FOUND: {
    code: 'not-found',
    meaning: 'The content or file does not exist, or the caller may not see it: remove it from the screen.',
  },
  REPORT_NOT_FOUND: {
    code: 'not-found',
    meaning: 'The report does not exist, or the content is not the caller’s: check the id.',
  },
  REPORT_DECIDED: {
    code: 'failed-precondition',
    meaning: 'The report has the `state`, in which the call is not possible: reload it.',
  },
  OTHER_OPERATOR_REQUIRED: {
    code: 'permission-denied',
    meaning: 'The operator is a party, is linked with one, or made the earlier decision: another operator must act.',
  },
  CLAIM_NOT_FOUND: { code: 'not-found', meaning: 'The order does not have the claim: check the id.' },
  VERSION_INVALID: {
    code: 'failed-precondition',
    meaning: 'The minimum is higher than the current version: correct one of them.',
  },
  CONVERSATION_NOT_FOUND: {
    code: 'not-found',
    meaning: 'The person has not written to the operators: write to a party of an order with `messageParty`.',
  },
  TASK_NOT_FOUND: { code: 'not-found', meaning: 'The operator task does not exist: reload the list.' },
  TASK_NEEDS_DECISION: {
    code: 'failed-precondition',
    meaning:
      'A decision about its subject closes a task of this `kind`, for good: open the claim, the report or the held pay.',
  },
  CLAIM_DECIDED: {
    code: 'failed-precondition',
    meaning: 'The claim has the `status` and needs no decision: reload it.',
  },
  CLAIMS_TOO_MANY: {
    code: 'resource-exhausted',
    meaning: 'The order has as many claims as allowed (`max`): show how to contact support.',
  },
  // reports
  PERIOD_EMPTY: {
    code: 'not-found',
    meaning: 'No amount moved in the `month`: ask for another one.',
  },
  PERIOD_INVALID: {
    code: 'invalid-argument',
    meaning: 'The period ends before it begins, or has more than `maxDays` days: ask for other days.',
  },
  // limits of one order
  TOO_MANY_EDITS: {
    code: 'resource-exhausted',
    meaning: 'The order was edited as often as allowed: cancel it, or deliver it as it is.',
  },
  TOO_MANY_TOP_UPS: {
    code: 'resource-exhausted',
    meaning: 'The order has as many payments of differences as allowed: decline the edit.',
  },
  TOO_MANY_CONTACTS: {
    code: 'resource-exhausted',
    meaning: 'The courier has called as often as allowed: report the failed delivery with `fail`.',
  },
  TOO_MANY_STEPS: {
    code: 'resource-exhausted',
    meaning: 'The order has as many events as allowed for such steps: contact an operator.',
  },
  // documents
  DOCUMENT_UNREADABLE: {
    code: 'data-loss',
    meaning: 'A stored document does not match its schema, and operators are notified: show a general error.',
  },
  LIMIT_REACHED: {
    code: 'resource-exhausted',
    meaning: 'A list or a document is full: remove entries, or contact an operator.',
  },
  // providers
  PAYMENT_DECLINED: {
    code: 'failed-precondition',
    meaning: 'The card was declined (`declineCode`): ask for another card.',
  },
  PAYMENT_PENDING: {
    code: 'failed-precondition',
    meaning: 'A payout of the backend waits for its payment: apps do not receive this reason.',
  },
  PROVIDER_UNAVAILABLE: {
    code: 'unavailable',
    meaning: 'Stripe did not respond: repeat the call later with the same idempotency key.',
  },
  BUSY: {
    code: 'aborted',
    meaning: 'Other calls change the same documents: repeat the call with the same idempotency key.',
  },
} as const satisfies Record<string, { code: CallableCode; meaning: string }>;

export type ErrorReason = keyof typeof REASONS;

/** What every callable may answer: the runner of the callables, and what all handlers use, throw these. */
export const COMMON_REASONS = [
  'SIGN_IN_REQUIRED',
  'SESSION_REVOKED',
  'ROLE_REQUIRED',
  'INPUT_INVALID',
  'INPUT_TOO_LARGE',
  'TOO_MANY_REQUESTS',
  'DOCUMENT_UNREADABLE',
  'LIMIT_REACHED',
  'PROVIDER_UNAVAILABLE',
  'BUSY',
] as const satisfies readonly ErrorReason[];

/** What only some callables answer: their definitions list it. */
export type OwnReason = Exclude<ErrorReason, (typeof COMMON_REASONS)[number]>;

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

/** Codes for which a retry may succeed. */
const CURABLE: readonly CallableCode[] = ['unavailable', 'aborted'];

/** True for a refusal that a retry may not meet again. */
export const isCurable = (reason: ErrorReason): boolean => CURABLE.includes(REASONS[reason].code);
