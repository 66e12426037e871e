import type { PricedLine, TaxPart } from '../contract/pricing.js';
import type { Promotion, Rounding, ZonePricing } from '../contract/zones.js';
import type { DraftLine, Goods } from './goods.js';
import type { GoodsDiscount } from './item-discounts.js';
import { allocate, computeShare, sum } from './money.js';
import { sumAddedTax, computeTaxes, sumTax, getTaxRules } from './tax.js';

/** A promotion's part of one of the goods, or of one line. */
interface Part {
  promotion: Promotion;
  amountMinor: number;
  merchantFundedMinor: number;
}

/** Goods after every promotion and tax. */
export interface PricedGoods {
  goods: Goods;
  parts: Part[];
  netMinor: number;
  taxes: TaxPart[];
  /** What the merchant earns on them. */
  merchantMinor: number;
}

export interface GoodsRules {
  kind: 'delivery' | 'pickup';
  zone: ZonePricing;
  commissionPpm: number;
}

/** Computes discounts, tax (step 10) and the merchant's share of one of the goods. */
export function priceGoods(
  goods: Goods,
  index: number,
  discounts: readonly GoodsDiscount[],
  { kind, zone, commissionPpm }: GoodsRules,
): PricedGoods {
  const { rounding } = zone;
  const parts = discounts
    .map(({ promotion, byGoods }) => toPart(promotion, byGoods[index] ?? 0, rounding))
    .filter(({ amountMinor }) => amountMinor > 0);
  const netMinor = goods.grossMinor - sum(parts.map(({ amountMinor }) => amountMinor));
  const promisedMinor = sum(parts.map(({ merchantFundedMinor }) => merchantFundedMinor));
  const baseMinor = zone.platformDiscountLowersTaxBase ? netMinor : goods.grossMinor - promisedMinor;
  const taxes = computeTaxes(baseMinor, getTaxRules(zone, goods.taxCategory, kind), rounding);
  const earnedMinor = goods.grossMinor - promisedMinor - (sumTax(taxes) - sumAddedTax(taxes));
  const merchantMinor = merchantShare(earnedMinor, commissionPpm, rounding);
  return { goods, parts, netMinor, taxes, merchantMinor };
}

/** Computes the merchant's earnings after commission: never below 0. */
export function merchantShare(earnedMinor: number, commissionPpm: number, rounding: Rounding): number {
  const positive = Math.max(0, earnedMinor);
  return positive - computeShare(positive, commissionPpm, rounding);
}

function toPart(promotion: Promotion, amountMinor: number, rounding: Rounding): Part {
  return {
    promotion,
    amountMinor,
    merchantFundedMinor: computeShare(amountMinor, promotion.merchantFundedPpm, rounding),
  };
}

/** A line of the goods, with the promotions' parts of it for the trace. */
export interface TracedLine {
  line: PricedLine;
  parts: Part[];
}

/** Divides the goods into their lines, in order: every amount by largest remainder over the quantities. */
export function linesOfGoods(priced: PricedGoods, drafts: readonly DraftLine[]): [index: number, TracedLine][] {
  const { goods, parts, taxes, merchantMinor } = priced;
  const byLine = divideParts(parts, goods.quantities);
  const merchants = allocate(merchantMinor, goods.quantities);
  const taxParts = taxes.map((one) => divideTax(one, goods.quantities));
  return goods.lines.flatMap((index, at) => {
    const draft = drafts[index];
    if (!draft) return [];
    const own = {
      parts: byLine[at] ?? [],
      taxes: taxParts.flatMap((one) => one[at] ?? []),
      merchantMinor: merchants[at] ?? 0,
    };
    return [[index, { line: toPricedLine(draft, own), parts: own.parts }] as [number, TracedLine]];
  });
}

function toPricedLine(
  { line, name, taxCategory, modifierNames, unitMinor }: DraftLine,
  { parts, taxes, merchantMinor }: { parts: readonly Part[]; taxes: TaxPart[]; merchantMinor: number },
): PricedLine {
  const off = (kinds: readonly Promotion['kind'][]) =>
    sum(parts.filter(({ promotion }) => kinds.includes(promotion.kind)).map(({ amountMinor }) => amountMinor));
  const [itemDiscountMinor, orderDiscountMinor] = [off(['item']), off(['order'])];
  const grossMinor = unitMinor * line.quantity;
  return {
    itemId: line.itemId,
    name,
    quantity: line.quantity,
    modifiers: line.modifiers,
    modifierNames,
    ...(line.note !== undefined && { note: line.note }),
    unitMinor,
    grossMinor,
    itemDiscountMinor,
    orderDiscountMinor,
    merchantFundedMinor: sum(parts.map(({ merchantFundedMinor }) => merchantFundedMinor)),
    netMinor: grossMinor - itemDiscountMinor - orderDiscountMinor,
    taxCategory,
    taxes,
    taxMinor: sumTax(taxes),
    addedTaxMinor: sumAddedTax(taxes),
    merchantMinor,
  };
}

/**
 * Divides discounts over lines: first all of them together by quantity, then each promotion within the rest of a line's
 * sum, so that a line's discount is never more than its price.
 */
function divideParts(parts: readonly Part[], quantities: readonly number[]): Part[][] {
  const room = allocate(sum(parts.map(({ amountMinor }) => amountMinor)), quantities);
  const byLine: Part[][] = quantities.map(() => []);
  for (const { promotion, amountMinor, merchantFundedMinor } of parts) {
    const amounts = allocate(amountMinor, room);
    const promised = allocate(merchantFundedMinor, amounts);
    amounts.forEach((amount, at) => {
      room[at] = (room[at] ?? 0) - amount;
      if (amount > 0) byLine[at]?.push({ promotion, amountMinor: amount, merchantFundedMinor: promised[at] ?? 0 });
    });
  }
  return byLine;
}

function divideTax(part: TaxPart, quantities: readonly number[]): TaxPart[] {
  const [bases, taxes] = [allocate(part.baseMinor, quantities), allocate(part.taxMinor, quantities)];
  return quantities.map((_, at) => ({ ...part, baseMinor: bases[at] ?? 0, taxMinor: taxes[at] ?? 0 }));
}
