import { getChargeUnit } from './currencies.js';
import { computeRideMinor } from './courier-pay.js';
import { sum } from './money.js';
import { computeCharged } from './units.js';
import type { PricedFee, PricedLine, Pricing, SettlementScope, Split } from '../contract/pricing.js';

export interface Settlement {
  captureMinor: number;
  /** The customer's credit that was spent. */
  creditMinor: number;
  /** Discounts of promotions at the platform's cost. */
  promotionMinor: number;
  /** Part of the capture: not taxed. */
  tipMinor: number;
  /**
   * The difference between the exact amount and the capture, by charge unit or coin; negative where the capture is
   * higher.
   */
  roundingMinor: number;
  /** The merchant's own part of the discounts on the lines for which it is paid. */
  promisedMinor: number;
  /** The customer's amount for taxed lines and fees, their tax included. */
  taxedMinor: number;
  /** Sums to `captureMinor`; the platform takes the remainder, and pays a shortfall. */
  split: Split;
}

/**
 * Computes the charge and its split for a priced order. `hasCourier`: a courier rode for it, and is paid for the ride
 * in every scope but `none`.
 */
export function settle(pricing: Pricing, scope: SettlementScope, hasCourier: boolean): Settlement {
  const { totals, split } = pricing;
  const rideMinor = hasCourier ? computeRideMinor(pricing) : 0;
  switch (scope) {
    case 'all':
      return { ...whole(pricing, totals, split.courierMinor), tipMinor: totals.tipMinor };
    case 'allLessTip':
      return whole(pricing, charge(pricing, totals.totalMinor + totals.roundingMinor - totals.tipMinor), rideMinor);
    case 'items':
      return part(pricing, [], rideMinor);
    case 'itemsAndDelivery':
      return part(pricing, ['delivery'], rideMinor);
    case 'none':
      return NOTHING;
    case 'platformPaysKitchen':
      return settled({
        merchantMinor: sum(pricing.lines.map((line) => line.merchantMinor)),
        promisedMinor: merchantFunded(pricing.lines),
        courierMinor: rideMinor,
      });
    case 'platformPaysCourier':
      return settled({ courierMinor: rideMinor });
  }
}

/** Returns the settlement with more pay for the courier, at the platform's cost. */
export function payMore(settlement: Settlement, minor: number): Settlement {
  const { courierMinor, platformMinor, ...split } = settlement.split;
  return {
    ...settlement,
    split: { ...split, courierMinor: courierMinor + minor, platformMinor: platformMinor - minor },
  };
}

interface Charged {
  totalMinor: number;
  roundingMinor: number;
}

function whole(pricing: Pricing, { totalMinor, roundingMinor }: Charged, courierMinor: number): Settlement {
  const { split, totals, lines, fees } = pricing;
  return settled({
    captureMinor: totalMinor,
    roundingMinor,
    courierMinor,
    creditMinor: totals.creditMinor,
    promotionMinor: platformFunded([...lines, ...fees]),
    promisedMinor: merchantFunded([...lines, ...fees]),
    taxedMinor: sumTaxed([...lines, ...fees]),
    merchantMinor: split.merchantMinor,
    taxMinor: split.taxMinor,
  });
}

/** Charges lines and some fees with their taxes; credits count against them first, as they do against the whole. */
function part(pricing: Pricing, feeKinds: readonly string[], courierMinor: number): Settlement {
  const fees = pricing.fees.filter((fee) => feeKinds.includes(fee.kind));
  const charged = [...pricing.lines, ...fees];
  const grossMinor = sum(charged.map((one) => one.netMinor + one.addedTaxMinor));
  const creditMinor = Math.min(grossMinor, pricing.totals.creditMinor);
  const { totalMinor, roundingMinor } = charge(pricing, grossMinor - creditMinor);
  const earnedMinor = sum(pricing.lines.map((line) => line.merchantMinor));
  return settled({
    captureMinor: totalMinor,
    roundingMinor,
    creditMinor,
    promotionMinor: platformFunded(charged),
    promisedMinor: merchantFunded(charged),
    taxedMinor: sumTaxed(charged),
    merchantMinor: Math.max(0, earnedMinor - merchantFunded(fees)),
    courierMinor,
    taxMinor: sum(charged.map((one) => one.taxMinor)),
  });
}

interface Amounts extends Omit<Split, 'platformMinor'> {
  captureMinor: number;
  creditMinor: number;
  promotionMinor: number;
  roundingMinor: number;
  promisedMinor: number;
  taxedMinor: number;
}

function settled(amounts: Partial<Amounts>): Settlement {
  const { captureMinor = 0, creditMinor = 0, promotionMinor = 0, roundingMinor = 0 } = amounts;
  const { merchantMinor = 0, courierMinor = 0, taxMinor = 0, promisedMinor = 0, taxedMinor = 0 } = amounts;
  const platformMinor = captureMinor - merchantMinor - courierMinor - taxMinor;
  const split = { merchantMinor, courierMinor, platformMinor, taxMinor };
  return { captureMinor, creditMinor, promotionMinor, roundingMinor, promisedMinor, taxedMinor, tipMinor: 0, split };
}

export const NOTHING: Settlement = settled({});

const merchantFunded = (priced: readonly (PricedLine | PricedFee)[]): number =>
  sum(priced.map((one) => one.merchantFundedMinor));

function sumTaxed(priced: readonly (PricedLine | PricedFee)[]): number {
  return sum(priced.filter(({ taxMinor }) => taxMinor > 0).map(computeCharged));
}

function platformFunded(priced: readonly (PricedLine | PricedFee)[]): number {
  return sum(priced.map((one) => one.grossMinor - one.netMinor - one.merchantFundedMinor));
}

/** Rounded down, once, to an amount that the provider can charge, and never more than authorised. */
function charge({ currency, totals }: Pricing, exactMinor: number): Charged {
  const totalMinor = Math.min(totals.totalMinor, exactMinor - (exactMinor % getChargeUnit(currency)));
  return { totalMinor, roundingMinor: exactMinor - totalMinor };
}
