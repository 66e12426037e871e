import type { Journal, Sale } from '../../../../functions/src/contract/orders.js';
import { sum, listIf } from '../breach.js';

/** Sales figures of a journal equal what it credits to the merchant, or takes back. */
export function salesBreaches(id: string, { sale, returned, entries }: Journal): string[] {
  const ofMerchant = entries.filter(({ account }) => /^(merchant|heldMerchant):/.test(account));
  const postedMinor = sum(ofMerchant.map((entry) => entry.amountMinor));
  const soldMinor = sale && computeSoldMinor(sale);
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

function computeSoldMinor(sale: Sale): number {
  const { grossMinor, includedTaxMinor, discountMinor, commissionMinor, riderMinor = 0 } = sale;
  return grossMinor - includedTaxMinor - discountMinor - commissionMinor + riderMinor;
}
