import type { Pricing } from '../contract/pricing.js';
import { mulDiv, sum } from './money.js';
import type { Settlement } from './settle.js';
import { computeCharged } from './units.js';

/** The sum of all refunds of an order. */
export interface GivenBack {
  /** Units of each line. */
  units: readonly number[];
  /** Amounts without lines. */
  amountMinor: number;
  /** The whole payment is refunded. */
  isAll: boolean;
}

/**
 * Computes the part of the platform's promotions that refunds reverse: a discount on refunded food is no longer a cost.
 * By units exactly, by amounts in proportion to the food, and all of it with the rest of the order; never more than the
 * settlement posted.
 */
export function computeReturnedPromotion(
  { lines }: Pick<Pricing, 'lines'>,
  { promotionMinor }: Pick<Settlement, 'promotionMinor'>,
  { units, amountMinor, isAll }: GivenBack,
): number {
  if (isAll) return promotionMinor;
  const funded = lines.map((line) => line.grossMinor - line.netMinor - line.merchantFundedMinor);
  const ofUnits = lines.map(({ quantity }, index) => mulDiv(funded[index] ?? 0, units[index] ?? 0, quantity));
  const foodMinor = sum(lines.map(computeCharged));
  const ofAmounts = foodMinor === 0 ? 0 : mulDiv(sum(funded), Math.min(amountMinor, foodMinor), foodMinor);
  return Math.min(promotionMinor, sum(ofUnits) + ofAmounts);
}
