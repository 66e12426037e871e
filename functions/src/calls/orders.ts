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
import { Cancellation, Move, PickUpCode, ShownReason } from '../contract/moves.js';
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
  /** When the kitchen has to replace something and nobody answers. */
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
  lines: z.array(PricedLine),
  totals: Totals,
  trace: z.array(TraceEntry),
  distanceMeters: z.int(),
  promisedInSeconds: z.int(),
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
  }),
]);

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
});
export const AnswerEditInput = z.strictObject({
  orderId: DocumentId,
  idempotencyKey: IdempotencyKey,
  answer: z.enum(['approve', 'decline']),
  /** `edit.event` of the proposal that the customer saw. Absent: the proposal that is open when the call arrives. */
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
    handler: async () => (await import('../orders/flow/quote.js')).quote,
  }),
  placeOrder: defineCallable({
    description:
      'Places a quote: answers `placed` with the PIN and the PaymentIntent’s client secret, or `changed` with a new quote to confirm',
    audience: 'any role',
    input: PlaceOrderInput,
    output: PlaceOrderOutput,
    roles: ANY_ROLE,
    secrets: ['STRIPE_SECRET_KEY', 'PIN_SECRET', 'ROUTES_KEY'],
    limitedUse: true,
    handler: async () => (await import('../orders/flow/place-order.js')).placeOrder,
  }),
  moveOrder: defineCallable({
    description:
      'Moves an order: `accept`, `reject`, `startPreparing`, `markReady`, `pickUp`, `arrive`, `contact`, `deliver`, `collect`, `fail`, `return`, `unassign` or `restore`',
    audience: 'merchant, courier, operator',
    input: MoveOrderInput,
    output: MoveOutput,
    roles: ['merchant', 'courier', 'operator'],
    secrets: ['STRIPE_SECRET_KEY', 'PIN_SECRET'],
    handler: async () => (await import('../orders/flow/move-order.js')).moveOrder,
  }),
  cancelOrder: defineCallable({
    description: 'Cancels an order by the cancellation policy of its status; an operator names the liable party',
    audience: 'a party, operator',
    input: CancelOrderInput,
    output: MoveOutput,
    roles: ANY_ROLE,
    secrets: ['STRIPE_SECRET_KEY', 'PIN_SECRET'],
    handler: async () => (await import('../orders/flow/move-order.js')).cancelOrder,
  }),
  readPickUpCode: defineCallable({
    description:
      'Returns the code that the courier types at the counter, for the kitchen’s screen and the bag’s label; no document holds it',
    audience: 'the order’s restaurant',
    input: ReadPickUpCodeInput,
    output: ReadPickUpCodeOutput,
    roles: ['merchant'],
    secrets: ['PIN_SECRET'],
    handler: async () => (await import('../orders/flow/move-order.js')).readPickUpCode,
  }),
  editOrder: defineCallable({
    description: 'Reduces a line at once, or replaces it, after the customer’s approval where that costs more',
    audience: 'merchant, operator',
    input: EditOrderInput,
    output: MoveOutput,
    roles: ['merchant', 'operator'],
    secrets: ['STRIPE_SECRET_KEY', 'PIN_SECRET'],
    handler: async () => (await import('../orders/flow/edit-order.js')).editOrder,
  }),
  answerEdit: defineCallable({
    description: 'Approves or declines a proposed edit within 5 minutes; the difference is a PaymentIntent of its own',
    audience: 'customer',
    input: AnswerEditInput,
    output: AnswerEditOutput,
    roles: ANY_ROLE,
    secrets: ['STRIPE_SECRET_KEY', 'PIN_SECRET'],
    limitedUse: true,
    handler: async () => (await import('../orders/flow/edit-order.js')).answerEdit,
  }),
};
