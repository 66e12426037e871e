import type { Promotion, Rounding } from '../contract/zones.js';
import type { GoodsDiscount } from './item-discounts.js';
import { allocate, computeShare, sum } from './money.js';

export type OrderPromotion = Exclude<Promotion, { kind: 'item' }>;

/** A promotion's discount on the delivery fee. */
export interface FeeDiscount {
  promotion: Promotion;
  amountMinor: number;
  merchantFundedMinor: number;
}

/**
 * Computes order promotions (step 5): percentages first, then fixed amounts, each on the rest after the previous ones.
 */
export function orderDiscounts(
  promotions: readonly OrderPromotion[],
  goods: readonly { itemId: string; leftMinor: number }[],
  rounding: Rounding,
): GoodsDiscount[] {
  const left = goods.map(({ leftMinor }) => leftMinor);
  return inTurn(promotions, 'order').map((promotion) => {
    const byGoods = discountGoods(promotion, findEligible(promotion, goods), left, rounding);
    byGoods.forEach((part, index) => (left[index] = (left[index] ?? 0) - part));
    return { promotion, byGoods };
  });
}

/** Computes the parts of one order promotion of the rest of each of the goods. */
export function discountGoods(
  promotion: OrderPromotion,
  eligible: readonly boolean[],
  left: readonly number[],
  rounding: Rounding,
): number[] {
  const weights = left.map((leftMinor, index) => (eligible[index] === true ? leftMinor : 0));
  return allocate(computeDiscount(promotion, sum(weights), rounding), weights);
}

/** Finds which of the goods an order promotion may discount. */
export const findEligible = (promotion: OrderPromotion, goods: readonly { itemId: string }[]): boolean[] =>
  goods.map(({ itemId }) => isEligible(promotion, itemId));

/** Computes delivery promotions (step 6), on the rest of the fee; it never falls below 0. */
export function deliveryDiscounts(
  promotions: readonly OrderPromotion[],
  feeMinor: number,
  rounding: Rounding,
): FeeDiscount[] {
  let leftMinor = feeMinor;
  return inTurn(promotions, 'delivery').map((promotion) => {
    const amountMinor = computeDiscount(promotion, leftMinor, rounding);
    leftMinor -= amountMinor;
    return {
      promotion,
      amountMinor,
      merchantFundedMinor: computeShare(amountMinor, promotion.merchantFundedPpm, rounding),
    };
  });
}

/** Sorts the promotions of a kind as they are applied. */
export function inTurn(promotions: readonly OrderPromotion[], kind: OrderPromotion['kind']): OrderPromotion[] {
  const rank = (promotion: OrderPromotion) => (promotion.benefit.type === 'percent' ? 0 : 1);
  return promotions
    .filter((promotion) => promotion.kind === kind)
    .toSorted((a, b) => rank(a) - rank(b) || (a.id < b.id ? -1 : 1));
}

/** Limited by the promotion's cap and by the available amount. */
function computeDiscount({ benefit, capMinor }: OrderPromotion, availableMinor: number, rounding: Rounding): number {
  const wished =
    benefit.type === 'percent' ? computeShare(availableMinor, benefit.ratePpm, rounding) : benefit.amountMinor;
  return Math.min(wished, capMinor ?? Infinity, availableMinor);
}

function isEligible({ itemIds }: OrderPromotion, itemId: string): boolean {
  return itemIds === undefined || itemIds.length === 0 || itemIds.includes(itemId);
}
