import type { PricedFee, PricedLine, Pricing, Totals } from '../contract/pricing.js';
import type { CartLine, Menu } from '../contract/restaurants.js';
import type { Promotion, ZonePricing } from '../contract/zones.js';
import { accept, refuse, type Outcome } from '../core/outcome.js';
import { computeCourierPayMinor } from './courier-pay.js';
import { draftLines, groupGoods, type DraftLine, type Goods } from './goods.js';
import { itemDiscounts, type GoodsDiscount, type ItemPromotion } from './item-discounts.js';
import { sum } from './money.js';
import { orderDiscounts, type FeeDiscount, type OrderPromotion } from './order-discounts.js';
import { priceFees } from './price-fees.js';
import { linesOfGoods, priceGoods, type PricedGoods, type TracedLine } from './price-goods.js';
import { computeTotals, LARGEST_MINOR, type PaymentTerms } from './totals.js';
import { buildTrace } from './trace.js';

/** All facts on which a price depends, frozen at one time. */
export interface PricingInput extends PaymentTerms {
  kind: 'delivery' | 'pickup';
  zone: ZonePricing;
  /** Identifies the zone's rules in the trace. */
  zoneVersion: number;
  menu: Menu;
  /** Items and options sold out until the given time. */
  soldOut: Readonly<Record<string, number>>;
  lines: readonly CartLine[];
  /**
   * Those that the customer may use, codes already matched; best-price.ts decides which of them apply, and which are
   * best.
   */
  promotions: readonly Promotion[];
  distanceMeters: number;
  /** Frozen at the quote. */
  surgePpm: number;
  tipPpm: number;
  commissionPpm: number;
  nowMs: number;
}

/** The cart before any promotion. */
export interface GrossCart {
  drafts: DraftLine[];
  goods: Goods[];
  grossMinor: number;
}

/** Computes steps 1, 2 and 4: units, gross, minimum order. */
export function readCart(input: PricingInput): Outcome<GrossCart> {
  const drafts = draftLines(input, input.lines);
  if (!drafts.ok) return drafts;
  const goods = groupGoods(drafts.value);
  const grossMinor = sum(goods.map((one) => one.grossMinor));
  const { minimumOrderMinor } = input.zone;
  if (grossMinor < minimumOrderMinor)
    return refuse('BASKET_BELOW_MINIMUM', { minimumMinor: minimumOrderMinor, itemsMinor: grossMinor });
  if (grossMinor > LARGEST_MINOR)
    return refuse('AMOUNT_TOO_LARGE', { totalMinor: grossMinor, maximumMinor: LARGEST_MINOR });
  return accept({ drafts: drafts.value, goods, grossMinor });
}

/** A cart with the promotions of one subset: the amount due before tip and credit, and its components. */
export interface AmountDue {
  goods: PricedGoods[];
  fees: PricedFee[];
  deliveryDiscounts: FeeDiscount[];
  dueMinor: number;
}

/** Computes steps 3 and 5 to 10, with all of the given promotions, whose minimums are reached. */
export function priceDue(input: PricingInput, cart: GrossCart, promotions: readonly Promotion[]): Outcome<AmountDue> {
  const { goods: drafted, grossMinor } = cart;
  const discounts = computeDiscounts(input, drafted, promotions);
  const goods = drafted.map((one, index) => priceGoods(one, index, discounts, input));
  const afterOrderMinor = sum(goods.map(({ netMinor }) => netMinor));
  const nets = goods.map(({ goods: { taxCategory }, netMinor }) => ({ taxCategory, netMinor }));
  const fees = priceFees({ ...input, promotions, grossMinor, afterOrderMinor, goods: nets });
  if (!fees.ok) return fees;
  const addedTaxMinor = sum(
    goods.flatMap(({ taxes }) => taxes.filter(({ mode }) => mode === 'exclusive').map(({ taxMinor }) => taxMinor)),
  );
  const feesMinor = sum(fees.value.fees.map((fee) => fee.netMinor + fee.addedTaxMinor));
  return accept({ goods, ...fees.value, dueMinor: afterOrderMinor + addedTaxMinor + feesMinor });
}

function computeDiscounts(
  { zone: { rounding } }: PricingInput,
  goods: readonly Goods[],
  promotions: readonly Promotion[],
): GoodsDiscount[] {
  const onItems = itemDiscounts(
    goods,
    promotions.filter((one): one is ItemPromotion => one.kind === 'item'),
    rounding,
  );
  const left = goods.map(({ itemId, grossMinor }, index) => ({
    itemId,
    leftMinor: grossMinor - sum(onItems.map(({ byGoods }) => byGoods[index] ?? 0)),
  }));
  const onOrder = orderDiscounts(
    promotions.filter((one): one is OrderPromotion => one.kind !== 'item'),
    left,
    rounding,
  );
  return [...onItems, ...onOrder];
}

/** Computes steps 11 to 13 and the split: the whole price of a subset of promotions. */
export function finishPrice(input: PricingInput, cart: GrossCart, due: AmountDue): Outcome<Pricing> {
  const traced = tracedLines(cart, due.goods);
  const lines = traced.map(({ line }) => line);
  const totals = computeTotals(input, lines, due.fees);
  if (!totals.ok) return totals;
  return accept({
    currency: input.currency,
    lines,
    fees: due.fees,
    totals: totals.value,
    split: computeSplit(input, lines, due.fees, totals.value),
    promotionIds: promotionsUsed(due),
    trace: buildTrace({
      ...due,
      lines: traced,
      totals: totals.value,
      menuVersion: input.menu.version,
      zoneVersion: input.zoneVersion,
    }),
  });
}

function tracedLines({ drafts }: GrossCart, goods: readonly PricedGoods[]): TracedLine[] {
  const byIndex = new Map(goods.flatMap((one) => linesOfGoods(one, drafts)));
  return drafts.flatMap((_, index) => byIndex.get(index) ?? []);
}

/**
 * Divides the total: the merchant gets its share of each line, less its contribution to the delivery; the courier the
 * pay and the tip; the platform the remainder, so that the parts always sum to the total.
 */
function computeSplit(
  { kind, zone, distanceMeters }: PricingInput,
  lines: readonly PricedLine[],
  fees: readonly PricedFee[],
  { totalMinor, tipMinor }: Totals,
): Pricing['split'] {
  const promisedMinor = sum(fees.map((fee) => fee.merchantFundedMinor));
  const merchantMinor = Math.max(0, sum(lines.map((line) => line.merchantMinor)) - promisedMinor);
  const courierMinor = kind === 'delivery' ? computeCourierPayMinor(zone, distanceMeters) + tipMinor : 0;
  const taxMinor = sum([...lines, ...fees].map((one) => one.taxMinor));
  return { merchantMinor, courierMinor, taxMinor, platformMinor: totalMinor - merchantMinor - courierMinor - taxMinor };
}

function promotionsUsed({ goods, deliveryDiscounts }: AmountDue): string[] {
  const used = [...goods.flatMap(({ parts }) => parts), ...deliveryDiscounts].filter((one) => one.amountMinor > 0);
  return [...new Set(used.map((one) => one.promotion.id))].toSorted();
}
