import { z } from 'zod';
import { ChosenModifier } from './restaurants.js';
import { Currency, DocumentId, Minor, NonNegativeMinor, Ppm } from './common.js';
import { TAX_MODES } from './zones.js';

/** One tax of a line or fee: on top of its base, or the part of the base that is already tax. */
export const TaxPart = z.strictObject({
  ratePpm: Ppm,
  mode: z.enum(TAX_MODES),
  baseMinor: NonNegativeMinor,
  taxMinor: NonNegativeMinor,
});
export type TaxPart = z.infer<typeof TaxPart>;

/** All taxes of a line or fee, and the sum of those that come on top of the price. */
const taxed = {
  taxes: z.array(TaxPart).max(50),
  taxMinor: NonNegativeMinor,
  addedTaxMinor: NonNegativeMinor,
};

/** One line after every discount and tax. `grossMinor` − discounts = `netMinor`; exclusive tax comes on top. */
export const PricedLine = z.strictObject({
  itemId: DocumentId,
  name: z.string(),
  quantity: z.int().min(1),
  modifiers: z.array(ChosenModifier),
  /** For display: "Extra cheese ×2". */
  modifierNames: z.array(z.string()),
  note: z.string().optional(),
  /** Base and chargeable modifiers of one unit. */
  unitMinor: NonNegativeMinor,
  grossMinor: NonNegativeMinor,
  itemDiscountMinor: NonNegativeMinor,
  orderDiscountMinor: NonNegativeMinor,
  /** The merchant's part of both discounts; the rest is the platform's. */
  merchantFundedMinor: NonNegativeMinor,
  netMinor: NonNegativeMinor,
  taxCategory: z.string(),
  ...taxed,
  /** What the merchant earns on it, before its contribution to the delivery. */
  merchantMinor: NonNegativeMinor,
});
export type PricedLine = z.infer<typeof PricedLine>;

export const FEE_KINDS = ['delivery', 'smallOrder', 'service', 'bag'] as const;
export const PricedFee = z.strictObject({
  kind: z.enum(FEE_KINDS),
  grossMinor: NonNegativeMinor,
  discountMinor: NonNegativeMinor,
  merchantFundedMinor: NonNegativeMinor,
  netMinor: NonNegativeMinor,
  ...taxed,
});
export type PricedFee = z.infer<typeof PricedFee>;

/** The origin of an amount of the total. The amounts of all entries sum to the total. */
export const TraceEntry = z.strictObject({
  /** e.g. `item:margherita`, `promotion:WELCOME`, `tax:food`, `fee:delivery`, `tip`, `credit`. */
  rule: z.string(),
  version: z.int().min(1),
  /** `line:0`, `fee:delivery`, `order`. */
  target: z.string(),
  amountMinor: Minor,
});
export type TraceEntry = z.infer<typeof TraceEntry>;

/** How an amount is divided. The platform's part is the remainder and may be negative. */
export const Split = z.strictObject({
  merchantMinor: NonNegativeMinor,
  courierMinor: NonNegativeMinor,
  platformMinor: Minor,
  taxMinor: NonNegativeMinor,
});
export type Split = z.infer<typeof Split>;

/**
 * The price as the order's parties see it: items − discount + delivery + small order + service + bag + tax + tip −
 * credit − rounding = total.
 */
export const Totals = z.strictObject({
  itemsMinor: NonNegativeMinor,
  discountMinor: NonNegativeMinor,
  deliveryMinor: NonNegativeMinor,
  smallOrderMinor: NonNegativeMinor,
  serviceMinor: NonNegativeMinor,
  bagMinor: NonNegativeMinor,
  /** Exclusive tax, added on top; inclusive tax is in `includedTaxMinor` and adds nothing. */
  taxMinor: NonNegativeMinor,
  includedTaxMinor: NonNegativeMinor,
  tipMinor: NonNegativeMinor,
  creditMinor: NonNegativeMinor,
  /**
   * The difference of the total to the exact sum: what the provider cannot charge, in currencies of three decimals, or
   * up to half the smallest coin in cash, which may be negative.
   */
  roundingMinor: Minor,
  totalMinor: NonNegativeMinor,
});
export type Totals = z.infer<typeof Totals>;

export const Pricing = z.strictObject({
  currency: Currency,
  lines: z.array(PricedLine),
  fees: z.array(PricedFee),
  totals: Totals,
  split: Split,
  promotionIds: z.array(z.string()),
  trace: z.array(TraceEntry),
});
export type Pricing = z.infer<typeof Pricing>;

/**
 * How much of an order is charged when it ends.
 * - `all`, `allLessTip`: the total, with or without the tip.
 * - `items`: the lines and their tax. `itemsAndDelivery`: with the delivery fee and its tax. A part that is not charged
 *   is not charged to any party either: this includes the merchant's contribution to a delivery that does not take
 *   place.
 * - `none`: nothing is charged, and no party is paid. `platformPaysKitchen`: nothing is charged, merchant and courier
 *   are paid.
 * - `platformPaysCourier`, `merchantPaysCourier`: nothing is charged, only the courier is paid.
 */
export const SETTLEMENT_SCOPES = [
  'all',
  'allLessTip',
  'items',
  'itemsAndDelivery',
  'none',
  'platformPaysKitchen',
  'platformPaysCourier',
  'merchantPaysCourier',
] as const;
export const SettlementScope = z.enum(SETTLEMENT_SCOPES);
export type SettlementScope = z.infer<typeof SettlementScope>;
