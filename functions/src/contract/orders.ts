import { z } from 'zod';
import { Currency, DocumentId, DropOff, EpochMs, Minor, Name, NonNegativeMinor, Place, Role, Uid } from './common.js';
import { Pricing, SettlementScope, Totals } from './pricing.js';
import { CartLine } from './restaurants.js';

export const ORDER_STATUSES = [
  'pending_payment', 'scheduled', 'placed', 'accepted', 'preparing', 'ready', 'picked_up', 'delivered', 'collected',
  'undeliverable', 'returned', 'completed', 'expired', 'rejected', 'cancelled',
] as const; // prettier-ignore
export const OrderStatus = z.enum(ORDER_STATUSES);
export type OrderStatus = z.infer<typeof OrderStatus>;

export const ORDER_KINDS = ['delivery', 'pickup'] as const;
export const OrderKind = z.enum(ORDER_KINDS);
export type OrderKind = z.infer<typeof OrderKind>;

/** The verbs that move an order. Not every verb changes the status: see the table in orders/order-state.ts. */
export const ORDER_ACTIONS = [
  'confirmPayment', 'expire', 'release', 'remind', 'accept', 'reject', 'startPreparing', 'markReady', 'assign',
  'unassign', 'pickUp', 'deliver', 'collect', 'fail', 'return', 'escalate', 'complete', 'cancel', 'settle', 'restore',
] as const; // prettier-ignore
export const OrderAction = z.enum(ORDER_ACTIONS);
export type OrderAction = z.infer<typeof OrderAction>;

export const LIABLE_PARTIES = ['customer', 'merchant', 'courier', 'platform'] as const;
export const LiableParty = z.enum(LIABLE_PARTIES);
export type LiableParty = z.infer<typeof LiableParty>;

/** What happens to an order's next deadline when it comes. */
export const DUE_KINDS = ['expire', 'release', 'remind', 'reject', 'overdue', 'noCourier', 'escalate', 'noShow', 'complete', 'settle'] as const; // prettier-ignore
export const Due = z.strictObject({ kind: z.enum(DUE_KINDS), atMs: EpochMs });
export type Due = z.infer<typeof Due>;

/** Money to be moved at Stripe after the commit; the journal of it is in the same commit. */
export const MoneyEffect = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('void') }),
  z.strictObject({ type: z.literal('capture'), amountMinor: NonNegativeMinor }),
  z.strictObject({ type: z.literal('transfer'), amountMinor: NonNegativeMinor }),
]);
export type MoneyEffect = z.infer<typeof MoneyEffect>;

/** One numbered step of an order: 1..n without a gap; replaying them gives the order's status. */
export const OrderEvent = z.strictObject({
  n: z.int().min(1),
  action: z.union([z.literal('place'), OrderAction]),
  from: OrderStatus.nullable(),
  to: OrderStatus,
  by: Role,
  atMs: EpochMs,
  /** What asked for it: idempotency key, command id, Stripe event id, deadline. Applied once. */
  causeId: z.string().max(200),
  reason: z.string().max(200).optional(),
  liable: LiableParty.optional(),
  /** How much of the order is charged, where a policy said so. */
  scope: SettlementScope.optional(),
  money: MoneyEffect.optional(),
  /** For `assign` and `unassign`: who carries, or carried. */
  courierId: Uid.optional(),
  /** Set by a retry after a crash or failure: its effects are done, another retry has nothing to do. */
  effectsDoneAtMs: EpochMs.optional(),
});
export type OrderEvent = z.infer<typeof OrderEvent>;

export const PAYMENT_STATUSES = ['none', 'unpaid', 'authorized', 'capturing', 'captured', 'voiding', 'voided'] as const;
export const Payment = z.strictObject({
  /** `none`: nothing to pay, so no PaymentIntent. The …ing states last until Stripe confirms. */
  status: z.enum(PAYMENT_STATUSES),
  intentId: z.string().max(100).nullable(),
  authorizedMinor: NonNegativeMinor,
  capturedMinor: NonNegativeMinor,
  refundedMinor: NonNegativeMinor,
});
export type Payment = z.infer<typeof Payment>;

export const OrderLine = z.strictObject({
  itemId: DocumentId,
  name: z.string(),
  quantity: z.int().min(1),
  modifierNames: z.array(z.string()),
  note: z.string().optional(),
  grossMinor: NonNegativeMinor,
});

/**
 * `orders/{orderId}`: all that its parties see, with its events, next deadline and payment inside, so that one
 * write and one listener read carry a step. Its id is its quote's: a quote can be placed once. Address, phone and
 * the split of the money are in `quotes/{orderId}`, which no client reads.
 */
export const Order = z.strictObject({
  status: OrderStatus,
  kind: OrderKind,
  /** Short, for people: on the bag, at the counter. */
  code: z.string(),
  customerId: Uid,
  customerName: Name,
  restaurantId: DocumentId,
  restaurantName: Name,
  pickUpAt: Place,
  zoneId: DocumentId,
  courierId: Uid.nullable(),
  courierName: Name.nullable(),
  currency: Currency,
  lines: z.array(OrderLine),
  totals: Totals,
  payment: Payment,
  distanceMeters: z.int().min(0),
  travelSeconds: z.int().min(0),
  prepMinutes: z.int().min(1),
  /** As the restaurant had it when the order was placed. */
  acceptance: z.enum(['manual', 'auto']),
  createdAtMs: EpochMs,
  /** The slot asked for; null is as soon as possible. */
  scheduledForMs: EpochMs.nullable(),
  /** When the kitchen expects to be ready; known from acceptance on. */
  readyAtMs: EpochMs.nullable(),
  /** Promised arrival (delivery) or collection (pickup); known from placement on. */
  promisedAtMs: EpochMs,
  due: Due.nullable(),
  /** Wrong PINs so far; absent before the first. */
  wrongPins: z.int().min(1).optional(),
  events: z.array(OrderEvent).min(1).max(200),
});
export type Order = z.infer<typeof Order>;

/** `quotes/{quoteId}`: server only. What was asked, priced and where it goes; kept until `expireAt` by a TTL policy. */
export const Quote = z.strictObject({
  customerId: Uid,
  restaurantId: DocumentId,
  zoneId: DocumentId,
  zoneVersion: z.int().min(1),
  menuVersion: z.int().min(1),
  kind: OrderKind,
  lines: z.array(CartLine),
  promotionCodes: z.array(z.string()),
  tipPpm: z.int().min(0),
  dropOff: DropOff.nullable(),
  distanceMeters: z.int().min(0),
  travelSeconds: z.int().min(0),
  scheduledForMs: EpochMs.nullable(),
  surgePpm: z.int().min(0),
  pricing: Pricing,
  commissionPpm: z.int().min(0),
  createdAtMs: EpochMs,
  /** Until then it can be placed without being priced again. */
  expiresAtMs: EpochMs,
  /** The TTL policy deletes the document then: a timestamp in Firestore. */
  expireAt: EpochMs,
});
export type Quote = z.infer<typeof Quote>;

/** `ledger/{journalId}`: one balanced journal; debits are positive, credits negative, the sum is 0. */
export const Journal = z.strictObject({
  orderId: DocumentId,
  kind: z.enum(['settlement', 'payout']),
  currency: Currency,
  atMs: EpochMs,
  entries: z
    .array(z.strictObject({ account: z.string().max(200), amountMinor: Minor }))
    .min(2)
    .refine((entries) => entries.reduce((sum, entry) => sum + entry.amountMinor, 0) === 0, 'JOURNAL_UNBALANCED'),
});
export type Journal = z.infer<typeof Journal>;
