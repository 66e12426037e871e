import { z } from 'zod';
import { DocumentId, DropOff, EpochMs, IdempotencyKey, LIMITS, Name, NonNegativeMinor, Place, Uid } from './common.js';
import { LIABLE_PARTIES, OrderKind, OrderStatus, Payment } from './orders.js';
import { PricedLine, Totals, TraceEntry } from './pricing.js';
import { CartLine, MEMBER_ROLES } from './restaurants.js';

const Reason = z.string().trim().min(1).max(LIMITS.reasonChars);

/** Where the phone is, and how old that knowledge is: a delivery wants a fix younger than a minute. */
export const Fix = z.strictObject({ ...Place.shape, takenAtMs: EpochMs });
export type Fix = z.infer<typeof Fix>;

/** A photo of the delivery, uploaded before to this private path. */
export const ProofPath = z
  .string()
  .regex(/^proofs\/[A-Za-z0-9_-]{1,64}\/[A-Za-z0-9_-]{1,128}\/[A-Za-z0-9_-]{1,64}\.(jpg|png|webp)$/);

/** The steps of merchants and couriers, by callable and by command document alike. */
export const Move = z.discriminatedUnion('action', [
  z.strictObject({ action: z.literal('accept'), prepMinutes: z.int().min(1).max(180).optional() }),
  z.strictObject({
    action: z.literal('reject'),
    reason: z.enum(['too_busy', 'closing', 'out_of_stock', 'cannot_fulfil']),
    /** For `out_of_stock`: these items are sold out from now on. */
    itemIds: z.array(DocumentId).max(LIMITS.linesPerOrder).optional(),
  }),
  z.strictObject({ action: z.literal('startPreparing') }),
  z.strictObject({ action: z.literal('markReady') }),
  /** A courier gives the order's code; a merchant hands the order over. */
  z.strictObject({ action: z.literal('pickUp'), code: z.string().max(12).optional(), fix: Fix.optional() }),
  z.strictObject({
    action: z.literal('deliver'),
    fix: Fix,
    proof: z.discriminatedUnion('type', [
      z.strictObject({ type: z.literal('pin'), pin: z.string().regex(/^\d{4}$/) }),
      z.strictObject({ type: z.literal('photo'), path: ProofPath }),
    ]),
  }),
  z.strictObject({ action: z.literal('collect'), pin: z.string().regex(/^\d{4}$/) }),
  z.strictObject({
    action: z.literal('fail'),
    reason: Reason,
    contacts: z.int().min(0).max(20),
    waitedMinutes: z.int().min(0).max(240),
  }),
  z.strictObject({ action: z.literal('return'), liable: z.enum(LIABLE_PARTIES).optional() }),
  z.strictObject({ action: z.literal('unassign'), reason: Reason }),
  z.strictObject({ action: z.literal('restore'), reason: Reason }),
]);
export type Move = z.infer<typeof Move>;

export const Cancellation = z.strictObject({ reason: Reason, liable: z.enum(LIABLE_PARTIES).optional() });
export type Cancellation = z.infer<typeof Cancellation>;

export const CreateProfileInput = z.strictObject({ displayName: Name, locale: z.string().min(2).max(35) });
export const CreateProfileOutput = z.strictObject({ uid: Uid, claimsVersion: z.int() });

export const GrantRoleInput = z.strictObject({
  uid: Uid,
  role: z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('customer') }),
    z.strictObject({ type: z.literal('operator') }),
    z.strictObject({ type: z.literal('courier'), zoneId: DocumentId, vehicle: z.enum(['bicycle', 'scooter', 'car']) }),
    z.strictObject({ type: z.literal('merchant'), restaurantId: DocumentId, as: z.enum(MEMBER_ROLES) }),
  ]),
});
export const GrantRoleOutput = CreateProfileOutput;

export const QuoteInput = z.strictObject({
  restaurantId: DocumentId,
  kind: OrderKind,
  lines: z.array(CartLine).min(1).max(LIMITS.linesPerOrder),
  /** Where to; null for an order that the customer collects. */
  dropOff: DropOff.nullable(),
  promotionCodes: z.array(z.string().min(1).max(40)).max(LIMITS.promotionCodesPerOrder).default([]),
  tipPpm: z.int().min(0).max(1_000_000).default(0),
  scheduledForMs: EpochMs.nullable().default(null),
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
  paymentMethodId: z
    .string()
    .regex(/^pm_[A-Za-z0-9_]{1,60}$/)
    .optional(),
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
});
export type MoveOutput = z.infer<typeof MoveOutput>;

export const RespondToOfferInput = z.strictObject({
  orderId: DocumentId,
  idempotencyKey: IdempotencyKey,
  answer: z.enum(['accept', 'decline']),
});
export const RespondToOfferOutput = z.strictObject({ orderId: DocumentId, assigned: z.boolean() });

export const SetUpPaymentInput = z.strictObject({});
export const SetUpPaymentOutput = z.strictObject({
  customerId: z.string(),
  setupIntentClientSecret: z.string(),
  ephemeralKeySecret: z.string(),
});

const SCHEMAS = {
  createProfile: { input: CreateProfileInput, output: CreateProfileOutput },
  grantRole: { input: GrantRoleInput, output: GrantRoleOutput },
  setUpPayment: { input: SetUpPaymentInput, output: SetUpPaymentOutput },
  quote: { input: QuoteInput, output: QuoteOutput },
  placeOrder: { input: PlaceOrderInput, output: PlaceOrderOutput },
  moveOrder: { input: MoveOrderInput, output: MoveOutput },
  cancelOrder: { input: CancelOrderInput, output: MoveOutput },
  respondToOffer: { input: RespondToOfferInput, output: RespondToOfferOutput },
};
export type CallableName = keyof typeof SCHEMAS;
/** What an app sends: fields with a default may be left out. */
export type Requests = { [N in CallableName]: z.input<(typeof SCHEMAS)[N]['input']> };
export type Inputs = { [N in CallableName]: z.output<(typeof SCHEMAS)[N]['input']> };
export type Outputs = { [N in CallableName]: z.output<(typeof SCHEMAS)[N]['output']> };

/** Every callable's input and output: what the apps' code generators, the README and the tests read. */
export const CALLABLES: {
  readonly [N in CallableName]: { readonly input: z.ZodType<Inputs[N]>; readonly output: z.ZodType<Outputs[N]> };
} = SCHEMAS;
