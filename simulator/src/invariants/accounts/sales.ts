import type { Journal } from '../../../../functions/src/contract/orders.js';
import { sumOf, when } from '../breach.js';

/** Sales figures are what the same journal credits the merchant, or takes back from it. */
export function salesBreaches(id: string, { sale, returned, entries }: Journal): string[] {
  const ofMerchant = entries.filter(({ account }) => /^(merchant|heldMerchant):/.test(account));
  const postedMinor = sumOf(ofMerchant.map((entry) => entry.amountMinor));
  const soldMinor = sale && sale.grossMinor - sale.includedTaxMinor - sale.discountMinor - sale.commissionMinor;
  const backMinor =
    returned &&
    returned.grossMinor -
      returned.includedTaxMinor -
      returned.discountMinor -
      returned.commissionMinor -
      returned.keptMinor;
  return [
    ...when(
      soldMinor !== undefined && soldMinor !== -postedMinor,
      `journal ${id}: ${soldMinor} sold, ${-postedMinor} credited`,
    ),
    ...when(
      backMinor !== undefined && backMinor !== postedMinor,
      `journal ${id}: ${backMinor} taken back of sales, ${postedMinor} of the merchant`,
    ),
  ];
}
