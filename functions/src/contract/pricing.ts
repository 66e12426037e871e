import { z } from 'zod';
import { ChosenModifier } from './restaurants.js';
import { Currency, DocumentId, Minor, NonNegativeMinor } from './common.js';
import { TAX_MODES } from './zones.js';

/** One line after every discount and tax. `grossMinor` − discounts = `netMinor`; exclusive tax comes on top. */
export const PricedLine = z.strictObject({
  itemId: DocumentId,
  name: z.string(),
  quantity: z.int().min(1),
  modifiers: z.array(ChosenModifier),
  /** For people: "Extra cheese ×2". */
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
  taxMode: z.enum(TAX_MODES),
  taxMinor: NonNegativeMinor,
});
export type PricedLine = z.infer<typeof PricedLine>;

export const FEE_KINDS = ['delivery', 'smallOrder', 'service', 'bag'] as const;
export const PricedFee = z.strictObject({
  kind: z.enum(FEE_KINDS),
  grossMinor: NonNegativeMinor,
  discountMinor: NonNegativeMinor,
  merchantFundedMinor: NonNegativeMinor,
  netMinor: NonNegativeMinor,
  taxMode: z.enum(TAX_MODES),
  taxMinor: NonNegativeMinor,
});
export type PricedFee = z.infer<typeof PricedFee>;

/** Where an amount of the total comes from. The amounts of all entries sum to the total. */
export const TraceEntry = z.strictObject({
  /** e.g. `item:margherita`, `promotion:WELCOME`, `tax:food`, `fee:delivery`, `tip`, `credit`. */
  rule: z.string(),
  version: z.int().min(1),
  /** `line:0`, `fee:delivery`, `order`. */
  target: z.string(),
  amountMinor: Minor,
});
export type TraceEntry = z.infer<typeof TraceEntry>;

/** Who gets what of an amount. The platform's part is the remainder and may be negative. */
export const Split = z.strictObject({
  merchantMinor: NonNegativeMinor,
  courierMinor: NonNegativeMinor,
  platformMinor: Minor,
  taxMinor: NonNegativeMinor,
});
export type Split = z.infer<typeof Split>;

/** What the order's parties may see of its price. */
export const Totals = z.strictObject({
  itemsMinor: NonNegativeMinor,
  discountMinor: NonNegativeMinor,
  deliveryMinor: NonNegativeMinor,
  smallOrderMinor: NonNegativeMinor,
  serviceMinor: NonNegativeMinor,
  bagMinor: NonNegativeMinor,
  /** Exclusive tax, added on top; inclusive tax stands in `includedTaxMinor` and adds nothing. */
  taxMinor: NonNegativeMinor,
  includedTaxMinor: NonNegativeMinor,
  tipMinor: NonNegativeMinor,
  creditMinor: NonNegativeMinor,
  /** What the provider cannot charge and nobody pays: below a tenth of the unit, in currencies of three decimals. */
  roundingMinor: NonNegativeMinor,
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
 * - `items`: the lines and their tax. `itemsAndDelivery`: with the delivery fee and its tax.
 * - `none`: nothing is charged, nobody is paid. `platformPaysKitchen`: nothing is charged, merchant and courier are paid.
 * - `platformPaysCourier`: nothing is charged, the courier alone is paid.
 */
export const SETTLEMENT_SCOPES = [
  'all',
  'allLessTip',
  'items',
  'itemsAndDelivery',
  'none',
  'platformPaysKitchen',
  'platformPaysCourier',
] as const;
export const SettlementScope = z.enum(SETTLEMENT_SCOPES);
export type SettlementScope = z.infer<typeof SettlementScope>;
