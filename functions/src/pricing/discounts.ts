import type { Promotion } from '../contract/zones.js';
import { allocate, shareOf, sum } from './money.js';

export type ItemPromotion = Extract<Promotion, { kind: 'item' }>;
export type OrderPromotion = Exclude<Promotion, { kind: 'item' }>;

/** A promotion at work: how much it takes off, and how much of that the merchant pays. */
export interface Discount {
  promotion: Promotion;
  amountMinor: number;
  merchantFundedMinor: number;
}

export interface DiscountableLine {
  itemId: string;
  quantity: number;
  baseMinor: number;
  grossMinor: number;
}

/** The best item promotion of a line; ties by id. Null when none takes anything off. */
export function bestItemDiscount(line: DiscountableLine, promotions: readonly ItemPromotion[]): Discount | null {
  const discounts = promotions
    .filter((promotion) => promotion.itemIds.includes(line.itemId))
    .map((promotion) => discountOf(promotion, itemDiscountMinor(line, promotion), line.grossMinor))
    .toSorted((a, b) => b.amountMinor - a.amountMinor || (a.promotion.id < b.promotion.id ? -1 : 1));
  const best = discounts[0];
  return best && best.amountMinor > 0 ? best : null;
}

function itemDiscountMinor(line: DiscountableLine, { benefit }: ItemPromotion): number {
  switch (benefit.type) {
    case 'percent':
      return shareOf(line.grossMinor, benefit.ratePpm);
    case 'fixed':
      return benefit.amountMinor;
    case 'buyGet': {
      const sets = Math.floor(line.quantity / (benefit.buy + benefit.free));
      return sets * benefit.free * line.baseMinor;
    }
  }
}

/** Capped by the promotion and by what there is to take it from. */
function discountOf(promotion: Promotion, wishedMinor: number, availableMinor: number): Discount {
  const amountMinor = Math.min(wishedMinor, promotion.capMinor ?? Infinity, availableMinor);
  return { promotion, amountMinor, merchantFundedMinor: shareOf(amountMinor, promotion.merchantFundedPpm) };
}

/** An order promotion and its part of each line. */
export interface SpreadDiscount extends Discount {
  byLine: number[];
}

/** Order promotions: those by per cent first, then the fixed ones, each on what the former left. */
export function orderDiscounts(
  promotions: readonly OrderPromotion[],
  lines: readonly { itemId: string; leftMinor: number }[],
): SpreadDiscount[] {
  const left = lines.map((line) => line.leftMinor);
  return inTurn(promotions, 'order').map((promotion) => {
    const weights = lines.map((line, index) => (isEligible(promotion, line.itemId) ? (left[index] ?? 0) : 0));
    const available = sum(weights);
    const discount = discountOf(promotion, benefitOf(promotion, available), available);
    const byLine = allocate(discount.amountMinor, weights);
    byLine.forEach((part, index) => (left[index] = (left[index] ?? 0) - part));
    return { ...discount, byLine };
  });
}

/** Delivery promotions, on what is left of the fee; it never falls below 0. */
export function deliveryDiscounts(promotions: readonly OrderPromotion[], feeMinor: number): Discount[] {
  let leftMinor = feeMinor;
  return inTurn(promotions, 'delivery').map((promotion) => {
    const discount = discountOf(promotion, benefitOf(promotion, leftMinor), leftMinor);
    leftMinor -= discount.amountMinor;
    return discount;
  });
}

function inTurn(promotions: readonly OrderPromotion[], kind: OrderPromotion['kind']): OrderPromotion[] {
  const rank = (promotion: OrderPromotion) => (promotion.benefit.type === 'percent' ? 0 : 1);
  return promotions
    .filter((promotion) => promotion.kind === kind)
    .toSorted((a, b) => rank(a) - rank(b) || (a.id < b.id ? -1 : 1));
}

function benefitOf({ benefit }: OrderPromotion, amountMinor: number): number {
  return benefit.type === 'percent' ? shareOf(amountMinor, benefit.ratePpm) : benefit.amountMinor;
}

function isEligible({ itemIds }: OrderPromotion, itemId: string): boolean {
  return itemIds === undefined || itemIds.length === 0 || itemIds.includes(itemId);
}
