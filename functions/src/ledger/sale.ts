import type { OrderStatus, Sale } from '../contract/orders.js';
import type { Pricing } from '../contract/pricing.js';
import { sum } from '../pricing/money.js';

/** What the kitchen sold, and what became of it on the way to its part of the settlement. */
export function saleOf(restaurantId: string, endedAs: OrderStatus, pricing: Pricing, merchantMinor: number): Sale {
  const { lines, fees } = pricing;
  const grossMinor = sum(lines.map((line) => line.grossMinor));
  const includedTaxMinor = sum(lines.map((line) => line.taxMinor - line.addedTaxMinor));
  const discountMinor = sum([...lines, ...fees].map((one) => one.merchantFundedMinor));
  return {
    restaurantId,
    fulfilled: endedAs === 'delivered' || endedAs === 'collected',
    grossMinor,
    includedTaxMinor,
    discountMinor,
    commissionMinor: grossMinor - includedTaxMinor - discountMinor - merchantMinor,
    taxMinor: sum(lines.map((line) => line.taxMinor)),
  };
}
