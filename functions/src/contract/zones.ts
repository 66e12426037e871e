import { z } from 'zod';
import { Area } from './areas.js';
import { Vehicle } from './couriers.js';
import { WeeklySpan } from './hours.js';
import { AutoSurge } from './surge.js';
import {
  Currency,
  DocumentId,
  EpochMs,
  line,
  Minor,
  Name,
  NonNegativeMinor,
  Ppm,
  Stamp,
  TaxCategory,
  TimeZone,
} from './common.js';

const Minutes = z
  .int()
  .min(0)
  .max(24 * 60);
const Seconds = z.int().min(1).max(3600);

/** One step of a fee by distance: it applies up to and including `upToMeters`. */
export const FeeBracket = z.strictObject({ upToMeters: z.int().min(0), feeMinor: NonNegativeMinor });

/** How an amount between two minor units is rounded: half up, or half to the even one. */
export const ROUNDINGS = ['halfUp', 'halfEven'] as const;
export type Rounding = (typeof ROUNDINGS)[number];

export const TAX_MODES = ['exclusive', 'inclusive'] as const;
export const TaxRule = z.strictObject({
  ratePpm: Ppm,
  mode: z.enum(TAX_MODES),
  /** Absent: for delivery and pickup. */
  kinds: z
    .array(z.enum(['delivery', 'pickup']))
    .min(1)
    .max(2)
    .optional(),
});
export type TaxRule = z.infer<typeof TaxRule>;
/** One tax, or several on the same amount: all of one mode. */
export const TaxRules = z.union([TaxRule, z.array(TaxRule).max(5)]);

/** Fees and taxes of a zone: every explain trace contains the `version`. */
export const ZonePricing = z.strictObject({
  deliveryBrackets: z.array(FeeBracket).min(1).max(20),
  /** Multiplier of the delivery fee: 1 000 000 is none. */
  surgePpm: Ppm.default(1_000_000),
  deliveryFeeCapMinor: NonNegativeMinor,
  minimumOrderMinor: NonNegativeMinor,
  /** Below this sum of items the small-order fee is charged. */
  smallOrderBelowMinor: NonNegativeMinor,
  smallOrderFeeMinor: NonNegativeMinor,
  serviceFee: z.strictObject({ ratePpm: Ppm, minMinor: NonNegativeMinor, maxMinor: NonNegativeMinor }),
  bagFeeMinor: NonNegativeMinor,
  /** By tax category of an item; `delivery`, `service`, `smallOrder` and `bag` are the fees' categories. */
  taxes: z.record(TaxCategory, TaxRules),
  /**
   * `own`: the delivery fee is taxed by the category `delivery`. `goods`: in proportion to the goods, at their tax
   * rates.
   */
  deliveryTax: z.enum(['own', 'goods']).default('own'),
  /** The platform's tax in its commission, which includes it. */
  commissionTaxPpm: Ppm.default(0),
  /** The rounding of every share and tax. */
  rounding: z.enum(ROUNDINGS).default('halfUp'),
  /** True where a discount that the platform pays reduces the tax base, as the merchant's own does. */
  platformDiscountLowersTaxBase: z.boolean().default(true),
  /** The courier's share of an order: a base and a part per metre, the ride; the tip comes on top. */
  courierPay: z.strictObject({
    baseMinor: NonNegativeMinor,
    perKilometerMinor: NonNegativeMinor,
    /** The part of the ride's pay for the return of an order that could not be delivered. */
    wayBackPpm: Ppm.default(600_000),
  }),
});
export type ZonePricing = z.infer<typeof ZonePricing>;

const Open = z.int().min(0).max(100);
/** The number of open orders of a new account; each completed order without a dispute adds one, up to `most`. */
export const Trust = z.strictObject({
  unpaidOrders: Open.default(2),
  cashOrders: Open.default(1),
  /** Units of one counted item that unpaid orders may reserve. */
  reservedUnits: Open.default(3),
  /** Places in kitchens' quarters of an hour that orders may reserve before a kitchen accepts them. */
  reservedPlaces: Open.default(1),
  most: Open.default(8),
});
export type Trust = z.infer<typeof Trust>;

const FastestSpeed = z.number().min(1).max(1_000_000);
/** When a delivery is credible. A zone whose clock is not the real one (a simulation) sets its own speeds. */
export const Credibility = z.strictObject({
  /**
   * Along the straight line, and faster than any vehicle gets through a town. Sources: World Athletics, 10,000 m run at
   * 6.4 m/s; Regulation (EU) 168/2013, mopeds up to 45 km/h and pedelecs up to 25 km/h, doubled; the usual limit on
   * motorways of 130 km/h.
   */
  fastestMetersPerSecond: z
    .strictObject({
      foot: FastestSpeed.default(6.4),
      bicycle: FastestSpeed.default(14),
      ebike: FastestSpeed.default(14),
      scooter: FastestSpeed.default(25),
      car: FastestSpeed.default(36),
    })
    .prefault({}),
  /** The courier's position stream must lead to the door. */
  requiresStream: z.boolean().default(true),
  streamMaxAgeSeconds: Seconds.default(180),
  streamMaxMeters: z.int().min(1).max(10_000).default(500),
});
export type Credibility = z.infer<typeof Credibility>;

/** The most cancelled orders that are kept of one kitchen. */
export const MAX_STRIKES = 50;

/** Every limit of an order's lifecycle, in its own unit. */
export const ZoneLimits = z.strictObject({
  quoteMinutes: Minutes.default(15),
  paymentMinutes: Minutes.default(15),
  /** The same for an order that reserves the last units, places or uses of a limited resource. */
  scarcePaymentMinutes: Minutes.default(5),
  trust: Trust.prefault({}),
  acceptMinutes: Minutes.default(10),
  acceptReminderMinutes: z.array(Minutes).max(5).default([1, 3, 6]),
  /** A merchant's debt that no payout deducted within this time becomes an operator task. */
  merchantDebtDays: z.int().min(1).max(365).default(14),
  missedOrdersBeforePause: z.int().min(1).default(3),
  pauseMinutes: Minutes.default(30),
  /** A kitchen that cancelled so many orders within these days becomes an operator task. */
  strikesBeforeTask: z.int().min(1).max(MAX_STRIKES).default(3),
  strikeDays: z.int().min(1).max(365).default(30),
  cancelGraceSeconds: Seconds.default(60),
  readyOverdueMinutes: Minutes.default(10),
  /** A kitchen may announce a delay of at most this many minutes, and so often for one order. */
  maxDelayMinutes: z.int().min(1).max(180).default(30),
  maxDelays: z.int().min(0).max(10).default(2),
  /**
   * How quotes use the learned preparation times, unless the restaurant does not want them. `hours`: by the hour of the
   * week, without a read. `load`: by the orders in the kitchen, too; where the learned times depend on them, they are
   * counted for a quote at most once a minute and instance.
   */
  learnedPrep: z.enum(['off', 'hours', 'load']).default('load'),
  /** A customer may cancel an order that is late by more than this free of charge. */
  lateToleranceMinutes: Minutes.default(15),
  /**
   * After this time at the counter an operator task is created; a courier who has not arrived there by then loses the
   * order.
   */
  pickUpMinutes: Minutes.default(15),
  noCourierMinutes: Minutes.default(20),
  noShowMinutes: Minutes.default(45),
  deliverLateMinutes: Minutes.default(15),
  credibility: Credibility.prefault({}),
  returnMinutes: Minutes.default(60),
  undeliverableMinutes: Minutes.default(8),
  /** The customer's credit for a late order, as a part of the sum of its items; the last tier that is passed counts. */
  lateCredit: z
    .array(z.strictObject({ overMinutes: Minutes, ratePpm: Ppm, maxMinor: NonNegativeMinor }))
    .max(5)
    .default([]),
  issueMinutes: Minutes.default(120),
  /** A customer may claim for this long after the order's end; after `issueMinutes` an operator decides. */
  claimHours: z.int().min(1).max(168).default(24),
  /** A claim up to this amount is paid without an operator. */
  claimAutoMinor: NonNegativeMinor.default(0),
  /** Completed orders of an account before its claims are paid automatically: new accounts are free to create. */
  claimMinOrders: z.int().min(0).max(100).default(1),
  /**
   * The number of claims within 90 days, and their share of the orders, up to which a customer's claims are paid
   * automatically.
   */
  claimsTrusted: z.int().min(1).default(3),
  claimRatePpm: Ppm.default(200_000),
  restoreMinutes: Minutes.default(10),
  scheduledFixMinutes: Minutes.default(60),
  /** A saved card is charged this long before its slot. */
  authorizeHours: z.int().min(1).max(144).default(12),
  editAnswerMinutes: Minutes.default(5),
  /** How far ahead a slot may be. */
  scheduleDays: z.int().min(1).max(60).default(30),
  fixMaxAgeSeconds: Seconds.default(60),
  presenceStaleSeconds: Seconds.default(90),
  offerSeconds: Seconds.default(40),
  offerLeadMinutes: Minutes.default(7),
  declinesBeforeParallel: z.int().min(1).default(3),
  parallelOffers: z.int().min(1).max(5).default(3),
  offerWaves: z.int().min(1).default(5),
  courierCapacity: z.int().min(1).max(5).default(2),
  /**
   * How couriers' phones send positions: the interval of fixes and the number of fixes in a packet; slower while the
   * courier stands still.
   */
  position: z
    .strictObject({
      fixSeconds: Seconds,
      fixesPerPacket: z.int().min(1).max(4),
      stillFixSeconds: Seconds,
      stillMeters: z.int().min(1),
    })
    .default({ fixSeconds: 5, fixesPerPacket: 3, stillFixSeconds: 15, stillMeters: 25 }),
  /** Couriers approved from then on can be online only within shifts that they claimed. */
  shiftsRequired: z.boolean().default(false),
  /** Orders that become available within such a window are matched to couriers together. */
  matchWindowSeconds: z.int().min(1).max(300).default(15),
  /** The additional time that food may travel because of another order. */
  detourMinutes: Minutes.default(8),
});
export type ZoneLimits = z.infer<typeof ZoneLimits>;

export const RoutingProvider = z.enum(['greatCircle', 'google', 'mapbox', 'osrm']);
export type RoutingProvider = z.infer<typeof RoutingProvider>;

const Speed = z.number().min(0.5).max(30);
/**
 * The speed of couriers in a zone, waits at lights included. A quote assumes one vehicle; for a courier with another
 * vehicle the time changes in proportion.
 */
export const Travel = z.strictObject({
  /** Length of the streets relative to the straight line, where no routing service measures them. */
  detourFactor: z.number().min(1).max(5).default(1.3),
  quotedVehicle: Vehicle.default('bicycle'),
  /**
   * Source: Transport for London 2018, cars 11–19 km/h in the inner city by day; Deliveroo 2018, bicycles faster there.
   */
  metersPerSecond: z
    .strictObject({
      foot: Speed.default(1.4),
      bicycle: Speed.default(5),
      ebike: Speed.default(6),
      scooter: Speed.default(6),
      car: Speed.default(4.5),
    })
    .prefault({}),
});
export type Travel = z.infer<typeof Travel>;

/** When couriers of a zone are paid. Days are those of the ledger, in UTC. */
export const CourierPayoutTerms = z.strictObject({
  /** `none`: by instant payouts and by hand alone. */
  interval: z.enum(['weekly', 'daily', 'none']).default('weekly'),
  /** Of a weekly run: 1 is Monday, 7 is Sunday. */
  weekday: z.int().min(1).max(7).default(1),
  /** A smaller amount waits for the next run. In the zone's currency. */
  minimumMinor: NonNegativeMinor.default(100),
  /** The fee for a payout at the courier's request, in parts of what is paid. Null: not offered. */
  instant: z
    .strictObject({ ratePpm: z.int().min(0).max(1_000_000), minMinor: NonNegativeMinor })
    .nullable()
    .default(null),
});
export type CourierPayoutTerms = z.infer<typeof CourierPayoutTerms>;

/** How operators check risky orders before the kitchen sees them. */
export const Triage = z.strictObject({
  /** From the payment on; then the order goes to the kitchen by itself. */
  waitMinutes: z.int().min(1).max(120),
  /** From this total on, the order of an account without a completed one is risky. */
  largeOrderMinor: NonNegativeMinor,
});
export type Triage = z.infer<typeof Triage>;

/** The most promotions that a restaurant may have of its own: half of those that the pricing considers. */
export const MAX_STORE_PROMOTIONS = 5;

/** Within which limits restaurants of a zone promote themselves, at their own cost. */
export const StorePromotionLimits = z.strictObject({
  /** A restaurant's promotions that have not ended, paused ones included. 0: restaurants have none of their own. */
  atOnce: z.int().min(0).max(MAX_STORE_PROMOTIONS).default(3),
  /** The greatest part of a price that is taken off; free units count by their part of the units. */
  maxRatePpm: z.int().min(0).max(1_000_000).default(500_000),
  /** The same for the delivery fee. */
  maxDeliveryRatePpm: z.int().min(0).max(1_000_000).default(1_000_000),
  /** The greatest fixed amount: of an item for each unit. */
  maxFixedMinor: NonNegativeMinor.default(1_000),
  /** From the start of a promotion to its end. */
  maxDays: z.int().min(1).max(366).default(90),
  /** False: automatic promotions only. */
  allowsCodes: z.boolean().default(true),
});
export type StorePromotionLimits = z.infer<typeof StorePromotionLimits>;

/** `zones/{zoneId}`: a service area. Operators write it; every client may read it. */
export const Zone = z.strictObject({
  name: Name,
  version: z.int().min(1),
  currency: Currency,
  timeZone: TimeZone,
  /** Where the zone delivers. Null: as far as its fees reach; no place is then known to be in the zone. */
  area: Area.nullable().default(null),
  pricing: ZonePricing,
  limits: ZoneLimits,
  /** The provider that measures the route from a kitchen to a door. */
  routing: RoutingProvider.default('greatCircle'),
  travel: Travel.prefault({}),
  /** Null: by card only. Couriers carry at most the float in cash of the platform. */
  cash: z
    .strictObject({
      maxOrderMinor: NonNegativeMinor,
      courierFloatMinor: NonNegativeMinor,
      /** The smallest coin: an amount in cash is rounded to it, half up. */
      coinMinor: z.int().min(1).max(100_000).default(1),
    })
    .nullable()
    .default(null),
  /** Null: no order waits for an operator. */
  triage: Triage.nullable().default(null),
  /**
   * What happens to the credit of a customer who deletes the account. `forfeit`: the platform keeps it. `payOut`: the
   * account is not deleted before an operator has paid the credit out and removed it with `grantCredit`.
   */
  onLeaving: z.enum(['forfeit', 'payOut']).default('forfeit'),
  courierPayouts: CourierPayoutTerms.prefault({}),
  storePromotions: StorePromotionLimits.prefault({}),
  /** Null: only operators set a surge. One that an operator sets (`pricing.surgePpm`) replaces the automatic one. */
  autoSurge: AutoSurge.nullable().default(null),
});
export type Zone = z.infer<typeof Zone>;

export const PROMOTION_KINDS = ['item', 'order', 'delivery'] as const;
const promotionBase = {
  id: DocumentId,
  version: z.int().min(1),
  /** Absent: automatic, applied whenever its conditions hold. */
  code: line(40).optional(),
  startsAtMs: EpochMs,
  endsAtMs: EpochMs,
  /**
   * It applies to quotes and orders made within these windows of the week, by the clocks of the zone. Absent: always,
   * from its start to its end.
   */
  windows: z.array(WeeklySpan).min(1).max(21).optional(),
  minimumItemsMinor: NonNegativeMinor.default(0),
  /** The merchant's part of the discount; the platform pays the rest. */
  merchantFundedPpm: z.int().min(0).max(1_000_000),
  /**
   * The number of orders in all, and of one customer; absent: without limit. A promotion of several zones has one id:
   * the customer's uses in all of them are counted together.
   */
  totalLimit: z.int().min(1).max(1_000_000).optional(),
  perUserLimit: z.int().min(1).max(1_000).optional(),
  firstOrderOnly: z.boolean().default(false),
  /** Absent: every restaurant of the zone. */
  restaurantIds: z.array(DocumentId).max(100).optional(),
  /** Never combined: the customer gets the better of this one and of all others together. */
  exclusive: z.boolean().default(false),
  /**
   * The opaque id of the operator who saved the version, who cannot use it where the platform pays. Set by the server,
   * not by the call; absent in older versions and in prices.
   */
  savedBy: z
    .string()
    .regex(/^[0-9a-f]{20}$/)
    .optional(),
};

/** A promotion as the pricing needs it. Who may use it, and how often, is decided before the pricing. */
export const Promotion = z.discriminatedUnion('kind', [
  z.strictObject({
    ...promotionBase,
    kind: z.literal('item'),
    itemIds: z.array(DocumentId).max(100),
    benefit: z.discriminatedUnion('type', [
      z.strictObject({ type: z.literal('percent'), ratePpm: z.int().min(0).max(1_000_000) }),
      z.strictObject({ type: z.literal('fixed'), amountMinor: NonNegativeMinor }),
      /** Of every `buy + free` units the `free` cheapest have no base price; their modifiers are still paid. */
      z.strictObject({ type: z.literal('buyGet'), buy: z.int().min(1), free: z.int().min(1) }),
    ]),
    capMinor: NonNegativeMinor.optional(),
  }),
  z.strictObject({
    ...promotionBase,
    kind: z.enum(['order', 'delivery']),
    /** Absent or empty: every line is eligible. */
    itemIds: z.array(DocumentId).max(100).optional(),
    benefit: z.discriminatedUnion('type', [
      z.strictObject({ type: z.literal('percent'), ratePpm: z.int().min(0).max(1_000_000) }),
      z.strictObject({ type: z.literal('fixed'), amountMinor: Minor.min(0) }),
    ]),
    capMinor: NonNegativeMinor.optional(),
  }),
]);
export type Promotion = z.infer<typeof Promotion>;

/**
 * `zones/{zoneId}/promotions/{id}/shards/{n}`: the remaining uses of a total limit. Spread over several documents, so
 * that a popular promotion does not become a hot document; an order takes from one of them.
 */
export const PromotionShard = z.strictObject({
  left: z.int().min(0),
  /**
   * Uses beyond a limit that was lowered below them, for the whole promotion, the same in each of its shards; absent:
   * none.
   */
  over: z.int().min(1).optional(),
  /** The TTL policy deletes it then, long after the promotion's end. Absent in shards of an earlier version. */
  expireAt: Stamp.optional(),
});
/**
 * Computes the remaining uses of a promotion from all of its shards: a returned use first reduces the uses beyond the
 * limit.
 */
export const sumLeft = (shards: readonly PromotionShard[]): number =>
  Math.max(0, shards.reduce((sum, { left }) => sum + left, 0) - (shards[0]?.over ?? 0));
export type PromotionShard = z.infer<typeof PromotionShard>;
