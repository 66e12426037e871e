import type { Journal } from '../../../../functions/src/contract/orders.js';
import { sum, listIf } from '../breach.js';

/** Sales figures of a journal equal what it credits to the merchant, or takes back. */
export function salesBreaches(id: string, { sale, returned, entries }: Journal): string[] {
  const ofMerchant = entries.filter(({ account }) => /^(merchant|heldMerchant):/.test(account));
  const postedMinor = sum(ofMerchant.map((entry) => entry.amountMinor));
  const soldMinor = sale && sale.grossMinor - sale.includedTaxMinor - sale.discountMinor - sale.commissionMinor;
  const backMinor =
    returned &&
    returned.grossMinor -
      returned.includedTaxMinor -
      returned.discountMinor -
      returned.commissionMinor -
      returned.keptMinor;
  return [
    ...listIf(
      soldMinor !== undefined && soldMinor !== -postedMinor,
      `journal ${id}: sales of ${soldMinor}, but ${-postedMinor} credited to the merchant`,
    ),
    ...listIf(
      backMinor !== undefined && backMinor !== postedMinor,
      `journal ${id}: returned sales of ${backMinor}, but ${postedMinor} taken back from the merchant`,
    ),
  ];
}
