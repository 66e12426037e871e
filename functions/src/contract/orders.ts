import { z } from 'zod';
import {
  Currency,
  DocumentId,
  DropOff,
  EpochMs,
  Minor,
  Name,
  NonNegativeMinor,
  ORDER_KINDS,
  OrderKind,
  Place,
  Role,
  Stamp,
  Uid,
} from './common.js';
import { CourierBadge, Vehicle } from './couriers.js';
import { AgeLimit } from './food-facts.js';
import { Opening } from './hours.js';
import { Pricing, SettlementScope, Totals } from './pricing.js';
import { CartLine, Menu } from './restaurants.js';
import { StaffKeys } from './staff-keys.js';
import { TicketColumns } from './tickets.js';
import { Promotion, ZonePricing } from './zones.js';

export const ORDER_STATUSES = [
  'pending_payment',
  'scheduled',
  'placed',
  'accepted',
  'preparing',
  'ready',
  'picked_up',
  'delivered',
  'collected',
  'undeliverable',
  'returned',
  'completed',
  'expired',
  'rejected',
  'cancelled',
] as const;
export const OrderStatus = z.enum(ORDER_STATUSES);
export type OrderStatus = z.infer<typeof OrderStatus>;

/**
 * While an order has one of these statuses the restaurant's staff reads it by `staffKeys`; afterwards by the claims.
 */
export const STAFFED_STATUSES: readonly OrderStatus[] = [
  'pending_payment',
  'scheduled',
  'placed',
  'accepted',
  'preparing',
  'ready',
  'picked_up',
  'undeliverable',
];

export { ORDER_KINDS, OrderKind };

/** The verbs that move an order. Not every verb changes the status: see orders/model/actions. */
export const ORDER_ACTIONS = [
  'confirmPayment',
  'authorize',
  'failPayment',
  'expire',
  'release',
  'remind',
  'accept',
  'reject',
  'startPreparing',
  'markReady',
  'restartSearch',
  'delay',
  'assign',
  'unassign',
  'sendRider',
  'pickUp',
  'handOver',
  'deliver',
  'confirmDelivery',
  'collect',
  'fail',
  'return',
  'escalate',
  'complete',
  'cancel',
  'settle',
  'restore',
  'edit',
  'answerEdit',
  'presumeDelivered',
  'payOut',
  'arrive',
  'contact',
] as const;
export const OrderAction = z.enum(ORDER_ACTIONS);
export type OrderAction = z.infer<typeof OrderAction>;

export const LIABLE_PARTIES = ['customer', 'merchant', 'courier', 'platform'] as const;
export const LiableParty = z.enum(LIABLE_PARTIES);
export type LiableParty = z.infer<typeof LiableParty>;

/** What happens at an order's next deadline. */
export const DUE_KINDS = [
  'expire',
  'release',
  'remind',
  'reject',
  'overdue',
  'noCourier',
  'escalate',
  'noArrival',
  'noShow',
  'complete',
  'settle',
  'authorize',
  'fixPayment',
  'holdLapse',
  'editLapse',
  'payOut',
] as const;
export const Due = z.strictObject({ kind: z.enum(DUE_KINDS), atMs: EpochMs });
export type Due = z.infer<typeof Due>;

/** Money to be moved at Stripe after the commit; its journal is in the same commit. */
export const MoneyEffect = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('void') }),
  z.strictObject({ type: z.literal('capture'), amountMinor: NonNegativeMinor }),
  z.strictObject({
    type: z.literal('transfer'),
    amountMinor: NonNegativeMinor,
    /**
     * What the merchant earned and is still owed, where it has no connected account: nothing is transferred or
     * journalled.
     */
    owedMinor: NonNegativeMinor.optional(),
    /** Deducted, since the merchant owed it to the platform. */
    debtMinor: NonNegativeMinor.optional(),
  }),
]);
export type MoneyEffect = z.infer<typeof MoneyEffect>;

/** The party liable for a late order: the kitchen, dispatch or the courier. */
export const Leg = z.enum(['kitchen', 'dispatch', 'courier']);
export type Leg = z.infer<typeof Leg>;
/** Credit for a late order, granted once, in the commit that delivers the order. */
export const Late = z.strictObject({ minutes: z.int().min(1), leg: Leg, creditMinor: z.int().min(1) });
export type Late = z.infer<typeof Late>;

/** One numbered step of an order: 1..n without a gap; replaying them gives the order's status. */
export const OrderEvent = z.strictObject({
  n: z.int().min(1),
  action: z.union([z.literal('place'), OrderAction]),
  from: OrderStatus.nullable(),
  to: OrderStatus,
  by: Role,
  atMs: EpochMs,
  /** The cause of the step: idempotency key, command id, Stripe event id, deadline. Each is applied once. */
  causeId: z.string().max(200),
  reason: z.string().max(200).optional(),
  liable: LiableParty.optional(),
  /** How much of the order is charged, where a policy decides it. */
  scope: SettlementScope.optional(),
  money: MoneyEffect.optional(),
  /** How the delivery was proven. */
  proof: z.enum(['pin', 'photo']).optional(),
  /** For an order with an age limit: the ID of the person who took it was checked. */
  idChecked: z.literal(true).optional(),
  /** For `fail`: no person at the door could prove the age. */
  cause: z.literal('id_check').optional(),
  /** The photo that proved it: see `openFile`. */
  proofPath: z.string().max(300).optional(),
  late: Late.optional(),
  /**
   * For `fail`: the attempt is not credible, so that only an operator decides who pays for the return. For `contact`:
   * the courier was not located at the door. For `arrive`: the courier cannot have come there in that time, or was
   * located elsewhere, so the arrival does not count. For `edit` and `answerEdit`: since then the customer pays less than
   * the kitchen and the courier earn, so that their pays may wait for an operator.
   */
  review: z.literal(true).optional(),
  /** For `assign`: how far the courier was from the counter, by the last presence; absent where that was unknown. */
  awayMeters: z.int().min(0).optional(),
  /** For `delay`: when the kitchen expects the order to be ready, as it announced. */
  readyAtMs: EpochMs.optional(),
  /** For `assign` and `handOver`: the courier who carries the order from then on; for `unassign`: who carried it. */
  courierId: Uid.optional(),
  /** Set where another effect failed: the users were notified, and a retry must not notify them again. */
  notifiedAtMs: EpochMs.optional(),
  /** Set by a retry after a crash or failure: the effects are done, and a further retry has nothing to do. */
  effectsDoneAtMs: EpochMs.optional(),
});
export type OrderEvent = z.infer<typeof OrderEvent>;

export const HOLD_STATUSES = ['unpaid', 'authorized', 'capturing', 'captured', 'voiding', 'voided'] as const;
/**
 * A second PaymentIntent, for the amount by which an edit exceeds the first: captured before the first, and in full.
 */
export const TopUp = z.strictObject({
  intentId: z.string().max(100),
  authorizedMinor: NonNegativeMinor,
});
export type TopUp = z.infer<typeof TopUp>;

export const PAYMENT_STATUSES = ['none', 'cash', 'deferred', ...HOLD_STATUSES] as const;
export const Payment = z.strictObject({
  /**
   * `none`: nothing to pay, so no PaymentIntent. `cash`: the courier collects it. `deferred`: a saved card is charged
   * shortly before the slot. `voiding` lasts until Stripe confirms; `capturing` until the payout, which asks Stripe
   * once more: `capturedMinor` is the amount taken.
   */
  status: z.enum(PAYMENT_STATUSES),
  /** The first hold. */
  intentId: z.string().max(100).nullable(),
  /** All holds together, as are the other amounts. */
  authorizedMinor: NonNegativeMinor,
  capturedMinor: NonNegativeMinor,
  refundedMinor: NonNegativeMinor,
  /** When the first of the holds expires by itself; absent while there is none. */
  holdUntilMs: EpochMs.optional(),
  topUps: z.array(TopUp).max(5).optional(),
  /** Absent: by card. */
  method: z.literal('cash').optional(),
  /** The merchant's part of the refunds so far: its payout is reduced by it. Absent: nothing. */
  merchantBearsMinor: NonNegativeMinor.optional(),
  /** The customer's bank has taken the money back, or is about to: until then nothing can be refunded. */
  disputed: z.literal(true).optional(),
  /**
   * Every dispute that keeps money was lost: the bank's decision is final, and an operator decides on the kitchen's
   * pay.
   */
  disputeLost: z.literal(true).optional(),
});
export type Payment = z.infer<typeof Payment>;

/** What to do when the kitchen has to replace an item and the customer does not answer. */
export const UNAVAILABLE_CHOICES = ['refund', 'bestMatch', 'cancel'] as const;
export const IfUnavailable = z.enum(UNAVAILABLE_CHOICES);
export type IfUnavailable = z.infer<typeof IfUnavailable>;

const ChangedLine = {
  line: z.int().min(0),
  /** The line's item as the app shows it: refused as LINE_UNKNOWN where the index is another item's by now. */
  itemId: DocumentId.optional(),
};
/**
 * One change of an order's lines, by the line's index: a lower quantity (0 removes the line), or another item instead.
 */
export const LineChange = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('reduce'), ...ChangedLine, quantity: z.int().min(0) }),
  z.strictObject({ type: z.literal('substitute'), ...ChangedLine, by: CartLine }),
]);
export type LineChange = z.infer<typeof LineChange>;

/** An edit that waits for the customer's consent, or for the payment of the additional amount. */
export const PendingEdit = z.strictObject({
  /** The event that proposed it. */
  event: z.int().min(1),
  changes: z.array(LineChange).min(1),
  /** The lines for display, and the total to agree to. */
  lines: z.array(z.strictObject({ name: z.string(), quantity: z.int().min(1), grossMinor: NonNegativeMinor })),
  totalMinor: NonNegativeMinor,
  ifUnavailable: IfUnavailable,
  untilMs: EpochMs,
  /** The PaymentIntent for the difference, once the customer agreed and until it is paid. */
  topUpIntentId: z.string().max(100).optional(),
});
export type PendingEdit = z.infer<typeof PendingEdit>;

/**
 * The limited resources that the placing reserved, released in the commit that ends the order unpaid. Absent when
 * nothing was reserved.
 */
export const Reservation = z.strictObject({
  /**
   * Uses of limited promotions; `shard` is the counter of a total limit, null when only the user's uses are counted.
   */
  promotions: z.array(z.strictObject({ id: DocumentId, shard: z.int().min(0).nullable() })),
  /** The names under which the customer's uses are counted. */
  uses: z.array(z.string().max(64)),
  /** Start of the kitchen's quarter of an hour. */
  slotMs: EpochMs.nullable(),
  /** Counted portions, by item. */
  stock: z.record(DocumentId, z.int().min(1)),
  creditMinor: NonNegativeMinor,
});
export type Reservation = z.infer<typeof Reservation>;

export const OrderLine = z.strictObject({
  itemId: DocumentId,
  name: z.string(),
  quantity: z.int().min(1),
  modifierNames: z.array(z.string()),
  note: z.string().optional(),
  grossMinor: NonNegativeMinor,
});

/**
 * Why an order under way needs an operator. `risk`: see `isRisky`. All parties read the flags but those of
 * `HIDDEN_FLAGS`, so every other kind says nothing about them that they do not know.
 */
export const ORDER_FLAGS = [
  'acceptance_late',
  'kitchen_late',
  'no_courier',
  'pick_up_late',
  'delivery_late',
  'undeliverable',
  'proof_doubted',
  'codes_locked',
  'risk',
] as const;
export const OrderFlag = z.strictObject({ kind: z.enum(ORDER_FLAGS), sinceMs: EpochMs });
export type OrderFlag = z.infer<typeof OrderFlag>;

/**
 * Who carries a delivery instead of a courier, by an operator's decision; `courierName` has the name.
 * `own`: the restaurant's rider; the restaurant earns the courier's pay and the tip. `outside`: a rider without an
 * account; the platform pays the agreed fee and the tip by hand, at `paidAtMs`.
 */
export const OrderRider = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('own') }),
  z.strictObject({ type: z.literal('outside'), feeMinor: NonNegativeMinor, paidAtMs: EpochMs.optional() }),
]);
export type OrderRider = z.infer<typeof OrderRider>;

/**
 * An order, with its events, next deadline and payment inside, so that a step takes one write and one read of each
 * listener. `orders/{orderId}` stores it as `OrderDocument`: in plain what all its parties see. Its id is its quote's: a
 * quote can be placed once. Address, phone and the split of the money are in `quotes/{orderId}`, which clients cannot
 * read.
 */
export const Order = z.strictObject({
  status: OrderStatus,
  kind: OrderKind,
  /** A short number by which people name the order. It is not a secret: the pick-up code is in no document. */
  code: z.string(),
  customerId: Uid,
  customerName: Name,
  restaurantId: DocumentId,
  restaurantName: Name,
  pickUpAt: Place,
  zoneId: DocumentId,
  courierId: Uid.nullable(),
  courierName: Name.nullable(),
  /**
   * Couriers who had the order before and returned it, derived from `events`: for the query of an erasure. Absent:
   * none.
   */
  pastCourierIds: z.array(Uid).max(200).optional(),
  /** The courier's vehicle: how fast the courier is, and how the customer recognises them. */
  courierVehicle: Vehicle.nullable().default(null),
  /** Set while a rider carries the order, and after; absent for an order with a courier, or with none yet. */
  rider: OrderRider.optional(),
  /** Plate and photo, from the courier's acceptance to the end of the ride; absent where the courier has neither. */
  courierBadge: CourierBadge.optional(),
  currency: Currency,
  lines: z.array(OrderLine),
  totals: Totals,
  payment: Payment,
  /** The highest age limit of its items: it is handed over to a person who proves that age. Absent: none. */
  ageLimit: AgeLimit.optional(),
  distanceMeters: z.int().min(0),
  travelSeconds: z.int().min(0),
  prepMinutes: z.int().min(1),
  /** The restaurant's setting when the order was placed. */
  acceptance: z.enum(['manual', 'auto']),
  /** How the kitchen's tickets are printed, by the restaurant's settings at the placement; absent: none are. */
  tickets: z.strictObject({ columns: TicketColumns, timeZone: z.string().min(1).max(60) }).optional(),
  createdAtMs: EpochMs,
  /** The requested slot; null is as soon as possible. */
  scheduledForMs: EpochMs.nullable(),
  /**
   * When the kitchen is open, from the placement on or, for a slot, from the release on: its deadlines count open time
   * only. The last opening is treated as having no end. Absent or empty: always open.
   */
  openings: z.array(Opening).max(8).optional(),
  /** When the kitchen expects the order to be ready; known from acceptance on. */
  readyAtMs: EpochMs.nullable(),
  /**
   * Promised arrival (delivery) or collection (pickup); known from placement on. An acceptance counts the quoted
   * preparation again, or less; where the kitchen announces more, the customer's estimate is `readyAtMs` and the ride.
   */
  promisedAtMs: EpochMs,
  due: Due.nullable(),
  /** Keys of the restaurant's staff who read the order; empty once it has ended for the kitchen. */
  staffKeys: StaffKeys.default([]),
  /**
   * The address and the courier's pay, encrypted for the backend: functions that offer the order to couriers and assign
   * one need not read the quote. Removed afterwards.
   */
  sealedDelivery: z.string().max(8_000).optional(),
  /** The backend searches for a courier from then on; absent while none is needed. */
  searchFromMs: EpochMs.optional(),
  /** All waves of offers were used up then; absent while the search goes on. */
  searchEndedAtMs: EpochMs.optional(),
  /**
   * Known at the placement: the customer is linked to the restaurant's staff, or, in a zone with a triage, the order is
   * large and its account has completed none.
   */
  isRisky: z.literal(true).optional(),
  /**
   * A risky order for as soon as possible waits for an operator this long after its payment, as a scheduled order waits
   * for its slot. Absent: it does not wait.
   */
  triageMinutes: z.int().min(1).max(120).optional(),
  /** Computed from the order in each step; absent where there are none, and once the order has ended. */
  flags: z.array(OrderFlag).min(1).max(ORDER_FLAGS.length).optional(),
  /** The time of the oldest flag, for the query of operators; absent without flags. */
  flaggedSinceMs: EpochMs.optional(),
  reserved: Reservation.optional(),
  edit: PendingEdit.optional(),
  /**
   * The customer does not pay for the order, or the bank took the money back: an operator has not decided on the
   * kitchen's pay, or has refused it.
   */
  kitchenPay: z.enum(['held', 'refused']).optional(),
  /**
   * Different wrong PINs of the current courier, or of the kitchen of a pickup order, so far; absent before the first.
   */
  wrongPins: z.int().min(1).optional(),
  /** Different wrong pick-up codes of the current courier so far; absent before the first. */
  wrongCodes: z.int().min(1).optional(),
  /**
   * Digests of the counted PINs and codes, by a key of the server's: the same wrong one counts once. Absent before the
   * first.
   */
  wrongDigests: z.array(z.string().max(16)).max(10).optional(),
  events: z.array(OrderEvent).min(1).max(200),
});
export type Order = z.infer<typeof Order>;

/**
 * The rules that priced a quote, stored with it: an edit is priced by them, even if the current rules have changed.
 * `menu` is the part of the menu from which the lines are made, `promotions` are those that were considered.
 */
export const FrozenRules = z.strictObject({
  pricing: ZonePricing,
  menu: Menu,
  promotions: z.array(Promotion),
  /** In cash: the smallest coin. */
  coinMinor: z.int().min(1).optional(),
});
export type FrozenRules = z.infer<typeof FrozenRules>;

/**
 * `quotes/{quoteId}`: server only. The requested cart, its price and address; kept until `expireAt` by a TTL policy.
 */
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
  /** For a quote that replaces an earlier one: its surge is valid until then, the expiry of the first. */
  surgeUntilMs: EpochMs.optional(),
  ifUnavailable: IfUnavailable,
  paymentMethod: z.enum(['card', 'cash']),
  /** The customer's credit pays first; the pricing says how much is used. */
  useCredit: z.boolean(),
  /** From acceptance to ready, in minutes, at the kitchen's load. */
  prepMinutes: z.int().min(1),
  /** The kitchen's quarter of an hour; null where its capacity is unlimited. */
  slotMs: EpochMs.nullable(),
  rules: FrozenRules,
  /** How the customer is related to the restaurant's staff: the platform funded no promotion. */
  conflict: z.enum(['staff', 'linked', 'formerStaff', 'address', 'unknown']).optional(),
  /** The saved card of an order whose PaymentIntent is created shortly before its slot. */
  paymentMethodId: z.string().max(100).optional(),
  pricing: Pricing,
  commissionPpm: z.int().min(0),
  createdAtMs: EpochMs,
  /** Until then it can be placed without being priced again. */
  expiresAtMs: EpochMs,
  /** The TTL policy deletes the document then. */
  expireAt: Stamp,
});
export type Quote = z.infer<typeof Quote>;

export const JOURNAL_KINDS = [
  'settlement',
  'payout',
  'refund',
  'reversal',
  'tip',
  'credit',
  'deposit',
  'dispute',
  'correction',
  'fees',
  'setOff',
] as const;
export const JournalKind = z.enum(JOURNAL_KINDS);
export type JournalKind = z.infer<typeof JournalKind>;

/**
 * What a kitchen sold with an order: gross − included tax − discounts − commission + `riderMinor` is the amount that its
 * settlement credits.
 */
export const Sale = z.strictObject({
  restaurantId: DocumentId,
  /** False: the order was not fulfilled, yet the kitchen is paid. */
  fulfilled: z.boolean(),
  /** Menu prices, before discounts. */
  grossMinor: NonNegativeMinor,
  includedTaxMinor: NonNegativeMinor,
  /** The merchant's own part of discounts. */
  discountMinor: NonNegativeMinor,
  /** Below 0 where the merchant had promised more than it earned. */
  commissionMinor: Minor,
  /** All tax on the lines, the included one as well. */
  taxMinor: NonNegativeMinor,
  /** What the restaurant's own rider earned, the tip included; absent where a courier brought the order, or no one. */
  riderMinor: NonNegativeMinor.optional(),
});
export type Sale = z.infer<typeof Sale>;

/**
 * What a refund takes back of a sale, each figure as a positive amount: gross − included tax − discounts − commission −
 * `keptMinor` is what the merchant bears of the refund.
 */
export const Returned = z.strictObject({
  restaurantId: DocumentId,
  grossMinor: NonNegativeMinor,
  includedTaxMinor: NonNegativeMinor,
  discountMinor: NonNegativeMinor,
  commissionMinor: Minor,
  taxMinor: NonNegativeMinor,
  /** What the merchant had earned on it and keeps: another party bears the refund. */
  keptMinor: Minor,
});
export type Returned = z.infer<typeof Returned>;

/** The length of an account's name. */
export const ACCOUNT_CHARS = 200;

/** `ledger/{journalId}`: one balanced journal; debits are positive, credits negative, the sum is 0. */
export const Journal = z.strictObject({
  /** Null for a journal that no order caused. */
  orderId: DocumentId.nullable(),
  kind: JournalKind,
  currency: Currency,
  atMs: EpochMs,
  entries: z
    .array(z.strictObject({ account: z.string().max(ACCOUNT_CHARS), amountMinor: Minor }))
    .min(2)
    .refine((entries) => entries.reduce((sum, entry) => sum + entry.amountMinor, 0) === 0, 'JOURNAL_UNBALANCED'),
  /** The accounts of the entries, each once: for queries, written by the path's converter. */
  accounts: z.array(z.string()).optional(),
  /** The id of the journal that this one corrects. */
  corrects: z.string().max(300).optional(),
  /** With the settlement of an order for which its kitchen is paid. */
  sale: Sale.optional(),
  /** With a refund of such an order. */
  returned: Returned.optional(),
});
export type Journal = z.infer<typeof Journal>;
