import type { Pricing } from '../contract/pricing.js';
import { accept, type Outcome } from '../platform/outcome.js';
import { priceOrder, type PricingInput } from './price-order.js';

/**
 * The lowest price that the promotions allow: those that combine together, or one exclusive promotion alone. Ties go to
 * the combination, then to the promotion that comes first.
 */
export function bestPrice(input: PricingInput): Outcome<Pricing> {
  const combining = input.promotions.filter((promotion) => !promotion.exclusive);
  const alone = input.promotions.filter((promotion) => promotion.exclusive).map((promotion) => [promotion]);
  const prices: Pricing[] = [];
  for (const promotions of [combining, ...alone]) {
    const priced = priceOrder({ ...input, promotions });
    if (priced.ok) prices.push(priced.value);
    else if (promotions === combining) return priced;
  }
  return accept(prices.reduce((best, one) => (one.totals.totalMinor < best.totals.totalMinor ? one : best)));
}
