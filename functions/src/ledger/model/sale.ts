import type { OrderStatus, Sale } from '../../contract/orders.js';
import type { Pricing } from '../../contract/pricing.js';
import { sum } from '../../pricing/money.js';
import type { Settlement } from '../../pricing/settle.js';

/** False where only the courier was paid for an order that failed: then nothing was sold. */
export function isSold(endedAs: OrderStatus, { split }: Settlement): boolean {
  return split.merchantMinor > 0 || (endedAs !== 'returned' && endedAs !== 'cancelled');
}

/**
 * Computes the kitchen's sale, and the deductions down to its part of the settlement. A discount on a fee that was not
 * charged is left out: the merchant did not pay it. `hasOwnRider`: the restaurant earned the courier's part, too.
 */
export function computeSale(
  restaurantId: string,
  endedAs: OrderStatus,
  { lines }: Pricing,
  settlement: Settlement,
  hasOwnRider = false,
): Sale {
  const grossMinor = sum(lines.map((line) => line.grossMinor));
  const includedTaxMinor = sum(lines.map((line) => line.taxMinor - line.addedTaxMinor));
  const { promisedMinor, split } = settlement;
  return {
    restaurantId,
    fulfilled: endedAs === 'delivered' || endedAs === 'collected',
    grossMinor,
    includedTaxMinor,
    discountMinor: promisedMinor,
    commissionMinor: grossMinor - includedTaxMinor - promisedMinor - split.merchantMinor,
    taxMinor: sum(lines.map((line) => line.taxMinor)),
    ...(hasOwnRider && { riderMinor: split.courierMinor }),
  };
}
