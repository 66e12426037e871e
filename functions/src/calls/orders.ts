import { z } from 'zod';
import {
  DocumentId,
  DropOff,
  EpochMs,
  IdempotencyKey,
  line,
  LIMITS,
  NonNegativeMinor,
  PaymentMethodId,
} from '../contract/common.js';
import { AgeLimit } from '../contract/food-facts.js';
import { Cancellation, Move, PickUpCode, SeenEvents, ShownReason } from '../contract/moves.js';
import { IfUnavailable, LineChange, OrderKind, OrderStatus, Payment } from '../contract/orders.js';
import { PricedLine, Totals, TraceEntry } from '../contract/pricing.js';
import { CartLine } from '../contract/restaurants.js';
import { ANY_ROLE, defineCallable } from './define-callable.js';

export const QuoteInput = z.strictObject({
  restaurantId: DocumentId,
  kind: OrderKind,
  lines: z.array(CartLine).min(1).max(LIMITS.linesPerOrder),
  /** Where to; null for an order that the customer collects. */
  dropOff: DropOff.nullable(),
  promotionCodes: z.array(line(40).min(1)).max(LIMITS.promotionCodesPerOrder).default([]),
  tipPpm: z.int().min(0).max(1_000_000).default(0),
  scheduledForMs: EpochMs.nullable().default(null),
  /** When the kitchen has to replace an item and the customer does not answer. */
  ifUnavailable: IfUnavailable.default('refund'),
  /** Cash only where the zone takes it. */
  paymentMethod: z.enum(['card', 'cash']).default('card'),
  /** Pay with the customer's credit first. */
  useCredit: z.boolean().default(false),
});
export const QuoteOutput = z.strictObject({
  quoteId: DocumentId,
  expiresAtMs: EpochMs,
  currency: z.string(),
  /** Without the restaurant's earnings and its part of the discounts. */
  lines: z.array(PricedLine.omit({ merchantMinor: true, merchantFundedMinor: true })),
  totals: Totals,
  trace: z.array(TraceEntry),
  distanceMeters: z.int(),
  promisedInSeconds: z.int(),
  /** The highest age limit of the items: `placeOrder` needs the customer's `birthDate`. Absent: none. */
  ageLimit: AgeLimit.optional(),
});

export const PlaceOrderInput = z.strictObject({
  quoteId: DocumentId,
  idempotencyKey: IdempotencyKey,
  /** The total that the customer agreed to: another one is shown as a difference, not charged. */
  confirmedTotalMinor: NonNegativeMinor,
  /** The payment sheet is to offer the customer's saved cards; costs one read, so only say so after `setUpPayment`. */
  useSavedCards: z.boolean().default(false),
  /** A saved card; without one the app confirms the PaymentIntent with Stripe's own sheet. */
  paymentMethodId: PaymentMethodId.optional(),
  /** The customer's date of birth, for an order with an `ageLimit` only: it is compared and not stored. */
  birthDate: z.iso.date().optional(),
});
export const PlaceOrderOutput = z.discriminatedUnion('outcome', [
  z.strictObject({
    outcome: z.literal('placed'),
    orderId: DocumentId,
    status: OrderStatus,
    totalMinor: NonNegativeMinor,
    /** For the customer alone: the courier asks for it at the door. */
    pin: z.string(),
    /** Null when there is nothing to pay. */
    payment: z.strictObject({ intentId: z.string(), clientSecret: z.string() }).nullable(),
  }),
  /** Something changed since the quote: nothing is placed, the app asks and places the new quote. */
  z.strictObject({
    outcome: z.literal('changed'),
    quoteId: DocumentId,
    expiresAtMs: EpochMs,
    before: Totals,
    after: Totals,
    changedItemIds: z.array(DocumentId),
    /** Of the new quote. */
    ageLimit: AgeLimit.optional(),
  }),
]);

/** The actions of `moveOrder`. */
const MOVES = Move.options.map(({ shape }) => shape.action.value);

export const MoveOrderInput = z.strictObject({ orderId: DocumentId, idempotencyKey: IdempotencyKey, move: Move });
export const CancelOrderInput = z.strictObject({
  orderId: DocumentId,
  idempotencyKey: IdempotencyKey,
  ...Cancellation.shape,
});
/** The order after the step; `replayed` when this very request had been applied before. */
export const MoveOutput = z.strictObject({
  orderId: DocumentId,
  status: OrderStatus,
  event: z.int().min(1),
  paymentStatus: Payment.shape.status,
  replayed: z.boolean(),
  /** For the kitchen of a delivery, from `accept` to `markReady`: what the courier has to type at the counter. */
  pickUpCode: PickUpCode.optional(),
});
export type MoveOutput = z.infer<typeof MoveOutput>;

export const ReadPickUpCodeInput = z.strictObject({ orderId: DocumentId });
/** For the kitchen's screen and the bag's label. */
export const ReadPickUpCodeOutput = z.strictObject({ orderId: DocumentId, code: z.string(), pickUpCode: PickUpCode });

export const EditOrderInput = z.strictObject({
  orderId: DocumentId,
  idempotencyKey: IdempotencyKey,
  changes: z.array(LineChange).min(1).max(LIMITS.linesPerOrder),
  reason: ShownReason,
  /** Compared with the last edit, and the last answer to one: two phones may remove the same line. */
  events: SeenEvents,
});
export const AnswerEditInput = z.strictObject({
  orderId: DocumentId,
  idempotencyKey: IdempotencyKey,
  answer: z.enum(['approve', 'decline']),
  /**
   * `edit.event` of the proposal that the customer saw. Absent: the proposal that is open when the call arrives, unless it
   * followed another less than ten seconds before (EDIT_GONE).
   */
  event: z.int().min(1).optional(),
  /** A saved card for what the edit costs more; without one the app confirms the PaymentIntent of the answer. */
  paymentMethodId: PaymentMethodId.optional(),
});
/** The order after the answer; `payment` when the difference is still to be paid, with Stripe's own sheet. */
export const AnswerEditOutput = z.strictObject({
  ...MoveOutput.shape,
  payment: z.strictObject({ intentId: z.string(), clientSecret: z.string() }).nullable(),
});

export const ORDER_CALLS = {
  quote: defineCallable({
    description: 'Prices a cart from server data; the quote is valid for 15 minutes',
    audience: 'any role',
    input: QuoteInput,
    output: QuoteOutput,
    roles: ANY_ROLE,
    secrets: ['ROUTES_KEY'],
    reasons: [
      'RESTAURANT_NOT_FOUND',
      'ZONE_NOT_FOUND',
      'RESTAURANT_CLOSED',
      'KIND_NOT_OFFERED',
      'KITCHEN_FULL',
      'SLOT_INVALID',
      'DROP_OFF_REQUIRED',
      'OUTSIDE_AREA',
      'TOO_FAR',
      'ITEM_UNKNOWN',
      'ITEM_NOT_SERVED_NOW',
      'ITEM_SOLD_OUT',
      'MODIFIER_UNKNOWN',
      'MODIFIER_COUNT',
      'BASKET_BELOW_MINIMUM',
      'TOTAL_BELOW_PAYMENT_MINIMUM',
      'AMOUNT_TOO_LARGE',
      'HAND_OVER_REQUIRED',
      'CASH_NOT_TAKEN',
      'PROMOTION_UNKNOWN',
      'PROMOTION_USED_UP',
      'PROMOTION_NOT_FOR_SLOT',
      'PROMOTION_LIMIT_REACHED',
      'FIRST_ORDER_ONLY',
      'PARTY_CONFLICT',
    ],
    example: {
      input: {
        restaurantId: 'restaurant-1',
        kind: 'delivery',
        lines: [{ itemId: 'pizza-1', quantity: 2, modifiers: [{ optionId: 'regular', quantity: 1 }] }],
        dropOff: { lat: 48.21545, lng: 16.37229, addressLine: 'Station Road 23', contactName: 'Olga Kowalski' },
      },
      output: {
        quoteId: 'Hk3VYq0sWm8RtZ1bNcX7',
        expiresAtMs: 1_772_475_300_000,
        currency: 'EUR',
        lines: [
          {
            itemId: 'pizza-1',
            name: 'Margherita',
            quantity: 2,
            modifiers: [{ optionId: 'regular', quantity: 1, modifiers: [] }],
            modifierNames: ['Regular'],
            unitMinor: 1050,
            grossMinor: 2100,
            itemDiscountMinor: 0,
            orderDiscountMinor: 0,
            netMinor: 2100,
            taxCategory: 'food',
            taxes: [{ ratePpm: 100_000, mode: 'inclusive', baseMinor: 2100, taxMinor: 191 }],
            taxMinor: 191,
            addedTaxMinor: 0,
          },
        ],
        totals: {
          itemsMinor: 2100,
          discountMinor: 0,
          deliveryMinor: 199,
          smallOrderMinor: 0,
          serviceMinor: 105,
          bagMinor: 20,
          taxMinor: 0,
          includedTaxMinor: 242,
          tipMinor: 0,
          creditMinor: 0,
          roundingMinor: 0,
          totalMinor: 2424,
        },
        trace: [
          { rule: 'item:pizza-1', version: 1, target: 'line:0', amountMinor: 2100 },
          { rule: 'fee:delivery', version: 1, target: 'fee:delivery', amountMinor: 199 },
          { rule: 'fee:service', version: 1, target: 'fee:service', amountMinor: 105 },
          { rule: 'fee:bag', version: 1, target: 'fee:bag', amountMinor: 20 },
        ],
        distanceMeters: 830,
        promisedInSeconds: 516,
      },
    },
    handler: async () => (await import('../orders/flow/quote.js')).quote,
  }),
  placeOrder: defineCallable({
    description:
      'Places a quote: answers `placed` with the PIN and the PaymentIntent’s client secret, or `changed` with a new quote to confirm',
    audience: 'any role',
    input: PlaceOrderInput,
    output: PlaceOrderOutput,
    roles: ANY_ROLE,
    secrets: ['STRIPE_SECRET_KEY', 'ROUTES_KEY'],
    limitedUse: true,
    reasons: [
      'QUOTE_NOT_FOUND',
      'TOTAL_NOT_CONFIRMED',
      'ALREADY_PLACED',
      'RESTAURANT_NOT_FOUND',
      'ZONE_NOT_FOUND',
      'RESTAURANT_CLOSED',
      'KIND_NOT_OFFERED',
      'KITCHEN_FULL',
      'SLOT_INVALID',
      'OUTSIDE_AREA',
      'TOO_FAR',
      'ITEM_UNKNOWN',
      'ITEM_SOLD_OUT',
      'MODIFIER_UNKNOWN',
      'MODIFIER_COUNT',
      'BASKET_BELOW_MINIMUM',
      'TOTAL_BELOW_PAYMENT_MINIMUM',
      'AMOUNT_TOO_LARGE',
      'HAND_OVER_REQUIRED',
      'CASH_NOT_TAKEN',
      'AGE_UNKNOWN',
      'AGE_TOO_LOW',
      'CARD_REQUIRED',
      'CARD_NOT_FOUND',
      'TOO_MANY_OPEN_ORDERS',
      'MOVE_NOT_ALLOWED',
      'PAYMENT_DECLINED',
    ],
    example: {
      input: {
        quoteId: 'Hk3VYq0sWm8RtZ1bNcX7',
        idempotencyKey: '5c1a7f0e-8f6d-4c1e-9f0b-2f5d3c9e7a41',
        confirmedTotalMinor: 2424,
      },
      output: {
        outcome: 'placed',
        orderId: 'Hk3VYq0sWm8RtZ1bNcX7',
        status: 'pending_payment',
        totalMinor: 2424,
        pin: '4821',
        payment: { intentId: 'pi_3QxYbT2eZvKYlo2C', clientSecret: 'pi_3QxYbT2eZvKYlo2C_secret_Vd8' },
      },
    },
    handler: async () => (await import('../orders/flow/place-order.js')).placeOrder,
  }),
  moveOrder: defineCallable({
    description: `Moves an order: ${MOVES.map((action) => `\`${action}\``).join(', ')}`,
    audience: 'merchant, courier, operator',
    input: MoveOrderInput,
    output: MoveOutput,
    roles: ['merchant', 'courier', 'operator'],
    secrets: ['STRIPE_SECRET_KEY'],
    decodesPhotos: true,
    reasons: [
      'ORDER_NOT_FOUND',
      'MOVE_NOT_ALLOWED',
      'ROLE_NOT_ALLOWED',
      'PARTY_CONFLICT',
      'OTHER_OPERATOR_REQUIRED',
      'OPERATOR_REQUIRED',
      'COURIER_REQUIRED',
      'RIDER_REQUIRED',
      'EDIT_PENDING',
      'CODE_WRONG',
      'CODE_LOCKED',
      'PIN_WRONG',
      'PIN_LOCKED',
      'FIX_REQUIRED',
      'FIX_TOO_OLD',
      'TOO_FAR_FROM_STOP',
      'ALREADY_TOLD',
      'TOO_EARLY',
      'ID_CHECK_REQUIRED',
      'HAND_OVER_REQUIRED',
      'NO_AGE_LIMIT',
      'PROOF_NOT_FOUND',
      'PHOTO_INVALID',
      'HOLD_GONE',
      'TOO_MANY_CONTACTS',
      'COURIER_AT_COUNTER',
      'DELAY_TOO_LONG',
      'TOO_MANY_DELAYS',
      'ORDER_CHANGED',
      'REASON_REQUIRED',
      'TOO_MANY_STEPS',
      'QUOTE_NOT_FOUND',
      'ZONE_NOT_FOUND',
    ],
    example: {
      input: {
        orderId: 'Hk3VYq0sWm8RtZ1bNcX7',
        idempotencyKey: '5c1a7f0e-8f6d-4c1e-9f0b-2f5d3c9e7a41',
        move: { action: 'accept', prepMinutes: 12 },
      },
      output: {
        orderId: 'Hk3VYq0sWm8RtZ1bNcX7',
        status: 'accepted',
        event: 3,
        paymentStatus: 'authorized',
        replayed: false,
        pickUpCode: '7306',
      },
    },
    handler: async () => (await import('../orders/flow/move-order.js')).moveOrder,
  }),
  cancelOrder: defineCallable({
    description: 'Cancels an order by the cancellation policy of its status; an operator names the liable party',
    audience: 'a party, operator',
    input: CancelOrderInput,
    output: MoveOutput,
    roles: ANY_ROLE,
    secrets: ['STRIPE_SECRET_KEY'],
    reasons: [
      'ORDER_NOT_FOUND',
      'MOVE_NOT_ALLOWED',
      'ROLE_NOT_ALLOWED',
      'PARTY_CONFLICT',
      'OTHER_OPERATOR_REQUIRED',
      'LIABLE_PARTY_REQUIRED',
      'COURIER_REQUIRED',
      'COST_NOT_AGREED',
      'ORDER_CHANGED',
      'QUOTE_NOT_FOUND',
      'ZONE_NOT_FOUND',
    ],
    example: {
      input: {
        orderId: 'Hk3VYq0sWm8RtZ1bNcX7',
        idempotencyKey: '5c1a7f0e-8f6d-4c1e-9f0b-2f5d3c9e7a41',
        reason: 'Ordered by mistake',
        mostMinor: 0,
        events: 2,
      },
      output: {
        orderId: 'Hk3VYq0sWm8RtZ1bNcX7',
        status: 'cancelled',
        event: 3,
        paymentStatus: 'voiding',
        replayed: false,
      },
    },
    handler: async () => (await import('../orders/flow/move-order.js')).cancelOrder,
  }),
  readPickUpCode: defineCallable({
    description:
      'Returns the code that the courier types at the counter, for the kitchen’s screen and the bag’s label; no document holds it',
    audience: 'the order’s restaurant',
    input: ReadPickUpCodeInput,
    output: ReadPickUpCodeOutput,
    roles: ['merchant'],
    reasons: ['ORDER_NOT_FOUND', 'MOVE_NOT_ALLOWED', 'PARTY_CONFLICT'],
    example: {
      input: { orderId: 'Hk3VYq0sWm8RtZ1bNcX7' },
      output: { orderId: 'Hk3VYq0sWm8RtZ1bNcX7', code: 'TX2Y', pickUpCode: '7306' },
    },
    handler: async () => (await import('../orders/flow/move-order.js')).readPickUpCode,
  }),
  editOrder: defineCallable({
    description: 'Reduces a line at once, or replaces it, after the customer’s approval where that costs more',
    audience: 'merchant, operator',
    input: EditOrderInput,
    output: MoveOutput,
    roles: ['merchant', 'operator'],
    secrets: ['STRIPE_SECRET_KEY'],
    reasons: [
      'ORDER_NOT_FOUND',
      'MOVE_NOT_ALLOWED',
      'ROLE_NOT_ALLOWED',
      'PARTY_CONFLICT',
      'OTHER_OPERATOR_REQUIRED',
      'EDIT_PENDING',
      'LINE_UNKNOWN',
      'ORDER_CHANGED',
      'LAST_LINE',
      'AGE_LIMIT_RAISED',
      'ITEM_UNKNOWN',
      'MODIFIER_UNKNOWN',
      'MODIFIER_COUNT',
      'CASH_NOT_TAKEN',
      'TOTAL_BELOW_PAYMENT_MINIMUM',
      'AMOUNT_TOO_LARGE',
      'TOO_MANY_EDITS',
      'TOO_MANY_STEPS',
      'QUOTE_NOT_FOUND',
      'RESTAURANT_NOT_FOUND',
      'ZONE_NOT_FOUND',
    ],
    example: {
      input: {
        orderId: 'Hk3VYq0sWm8RtZ1bNcX7',
        idempotencyKey: '5c1a7f0e-8f6d-4c1e-9f0b-2f5d3c9e7a41',
        changes: [{ type: 'reduce', line: 0, itemId: 'margherita', quantity: 1 }],
        reason: 'Only one Margherita is left',
      },
      output: {
        orderId: 'Hk3VYq0sWm8RtZ1bNcX7',
        status: 'preparing',
        event: 5,
        paymentStatus: 'authorized',
        replayed: false,
      },
    },
    handler: async () => (await import('../orders/flow/edit-order.js')).editOrder,
  }),
  answerEdit: defineCallable({
    description: 'Approves or declines a proposed edit within 5 minutes; the difference is a PaymentIntent of its own',
    audience: 'customer',
    input: AnswerEditInput,
    output: AnswerEditOutput,
    roles: ANY_ROLE,
    secrets: ['STRIPE_SECRET_KEY'],
    limitedUse: true,
    reasons: [
      'ORDER_NOT_FOUND',
      'MOVE_NOT_ALLOWED',
      'EDIT_GONE',
      'TOP_UP_REQUIRED',
      'PAYMENT_DECLINED',
      'CASH_NOT_TAKEN',
      'TOTAL_BELOW_PAYMENT_MINIMUM',
      'TOO_MANY_EDITS',
      'TOO_MANY_TOP_UPS',
      'TOO_MANY_STEPS',
      'QUOTE_NOT_FOUND',
      'ZONE_NOT_FOUND',
    ],
    example: {
      input: {
        orderId: 'Hk3VYq0sWm8RtZ1bNcX7',
        idempotencyKey: '5c1a7f0e-8f6d-4c1e-9f0b-2f5d3c9e7a41',
        answer: 'approve',
        event: 5,
      },
      output: {
        orderId: 'Hk3VYq0sWm8RtZ1bNcX7',
        status: 'preparing',
        event: 6,
        paymentStatus: 'authorized',
        replayed: false,
        payment: { intentId: 'pi_3QxYbT2eZvKYlo2C', clientSecret: 'pi_3QxYbT2eZvKYlo2C_secret_Vd8' },
      },
    },
    handler: async () => (await import('../orders/flow/edit-order.js')).answerEdit,
  }),
};
