import { chargeUnitOf } from './currencies.js';
import { sum } from './money.js';
import type { Pricing, SettlementScope, Split } from '../contract/pricing.js';

export interface Settlement {
  captureMinor: number;
  /** Sums to `captureMinor`; the platform takes the remainder, and pays what is missing. */
  split: Split;
}

/** What is charged and who gets it, for an order priced so. `hasCourier`: somebody set out for it. */
export function settle(pricing: Pricing, scope: SettlementScope, hasCourier: boolean): Settlement {
  const { totals, split } = pricing;
  const tipMinor = totals.tipMinor;
  const courierPayMinor = hasCourier ? split.courierMinor - tipMinor : 0;
  switch (scope) {
    case 'all':
      return settled(totals.totalMinor, split.merchantMinor, split.courierMinor, split.taxMinor);
    case 'allLessTip':
      return settled(
        chargeable(pricing, totals.totalMinor - tipMinor),
        split.merchantMinor,
        courierPayMinor,
        split.taxMinor,
      );
    case 'items':
      return part(pricing, [], 0);
    case 'itemsAndDelivery':
      return part(pricing, ['delivery'], courierPayMinor);
    case 'none':
      return settled(0, 0, 0, 0);
    case 'platformPaysKitchen':
      return settled(0, split.merchantMinor, courierPayMinor, 0);
  }
}

/** Lines and some fees with their taxes; credits count against them first, as they do against the whole. */
function part(pricing: Pricing, feeKinds: readonly string[], courierMinor: number): Settlement {
  const charged = [...pricing.lines, ...pricing.fees.filter((fee) => feeKinds.includes(fee.kind))];
  const taxMinor = sum(charged.map((one) => one.taxMinor));
  const addedTaxMinor = sum(charged.map((one) => (one.taxMode === 'exclusive' ? one.taxMinor : 0)));
  const grossMinor = sum(charged.map((one) => one.netMinor)) + addedTaxMinor;
  const captureMinor = chargeable(pricing, Math.max(0, grossMinor - pricing.totals.creditMinor));
  return settled(captureMinor, pricing.split.merchantMinor, courierMinor, taxMinor);
}

function settled(captureMinor: number, merchantMinor: number, courierMinor: number, taxMinor: number): Settlement {
  const platformMinor = captureMinor - merchantMinor - courierMinor - taxMinor;
  return { captureMinor, split: { merchantMinor, courierMinor, platformMinor, taxMinor } };
}

/** Rounded down to what the provider can charge, and never more than the hold. */
function chargeable({ currency, totals }: Pricing, amountMinor: number): number {
  return Math.min(totals.totalMinor, amountMinor - (amountMinor % chargeUnitOf(currency)));
}
