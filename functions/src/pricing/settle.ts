import { chargeUnitOf } from './currencies.js';
import { sum } from './money.js';
import type { PricedFee, PricedLine, Pricing, SettlementScope, Split } from '../contract/pricing.js';

export interface Settlement {
  captureMinor: number;
  /** The customer's credit that was used up. */
  creditMinor: number;
  /** What promotions took off at the platform's cost. */
  promotionMinor: number;
  /** Sums to `captureMinor`; the platform takes the remainder, and pays what is missing. */
  split: Split;
}

/** What is charged and who gets it, for an order priced so. `hasCourier`: somebody set out for it. */
export function settle(pricing: Pricing, scope: SettlementScope, hasCourier: boolean): Settlement {
  const { totals, split } = pricing;
  const courierPayMinor = hasCourier ? split.courierMinor - totals.tipMinor : 0;
  switch (scope) {
    case 'all':
      return whole(pricing, totals.totalMinor, split.courierMinor);
    case 'allLessTip':
      return whole(pricing, chargeable(pricing, totals.totalMinor - totals.tipMinor), courierPayMinor);
    case 'items':
      return part(pricing, [], 0);
    case 'itemsAndDelivery':
      return part(pricing, ['delivery'], courierPayMinor);
    case 'none':
      return NOTHING;
    case 'platformPaysKitchen':
      return settled({ merchantMinor: split.merchantMinor, courierMinor: courierPayMinor });
    case 'platformPaysCourier':
      return settled({ courierMinor: courierPayMinor });
  }
}

function whole(pricing: Pricing, captureMinor: number, courierMinor: number): Settlement {
  const { split, totals, lines, fees } = pricing;
  return settled({
    captureMinor,
    courierMinor,
    creditMinor: totals.creditMinor,
    promotionMinor: platformFunded([...lines, ...fees]),
    merchantMinor: split.merchantMinor,
    taxMinor: split.taxMinor,
  });
}

/** Lines and some fees with their taxes; credits count against them first, as they do against the whole. */
function part(pricing: Pricing, feeKinds: readonly string[], courierMinor: number): Settlement {
  const charged = [...pricing.lines, ...pricing.fees.filter((fee) => feeKinds.includes(fee.kind))];
  const addedTaxMinor = sum(charged.map((one) => (one.taxMode === 'exclusive' ? one.taxMinor : 0)));
  const grossMinor = sum(charged.map((one) => one.netMinor)) + addedTaxMinor;
  const creditMinor = Math.min(grossMinor, pricing.totals.creditMinor);
  return settled({
    captureMinor: chargeable(pricing, grossMinor - creditMinor),
    creditMinor,
    promotionMinor: platformFunded(charged),
    merchantMinor: pricing.split.merchantMinor,
    courierMinor,
    taxMinor: sum(charged.map((one) => one.taxMinor)),
  });
}

interface Amounts extends Omit<Split, 'platformMinor'> {
  captureMinor: number;
  creditMinor: number;
  promotionMinor: number;
}

function settled(amounts: Partial<Amounts>): Settlement {
  const { captureMinor = 0, creditMinor = 0, promotionMinor = 0 } = amounts;
  const { merchantMinor = 0, courierMinor = 0, taxMinor = 0 } = amounts;
  const platformMinor = captureMinor - merchantMinor - courierMinor - taxMinor;
  const split = { merchantMinor, courierMinor, platformMinor, taxMinor };
  return { captureMinor, creditMinor, promotionMinor, split };
}

export const NOTHING: Settlement = settled({});

function platformFunded(priced: readonly (PricedLine | PricedFee)[]): number {
  return sum(priced.map((one) => discountOf(one) - one.merchantFundedMinor));
}

function discountOf(priced: PricedLine | PricedFee): number {
  return 'discountMinor' in priced ? priced.discountMinor : priced.itemDiscountMinor + priced.orderDiscountMinor;
}

/** Rounded down to what the provider can charge, and never more than the hold. */
function chargeable({ currency, totals }: Pricing, amountMinor: number): number {
  return Math.min(totals.totalMinor, amountMinor - (amountMinor % chargeUnitOf(currency)));
}
