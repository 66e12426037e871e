import { getChargeUnit } from './currencies.js';
import { computeRideMinor } from './courier-pay.js';
import { mulDiv, sum } from './money.js';
import { listOwedTaxes, type OwedTax } from './owed-taxes.js';
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
  /**
   * Sums to `captureMinor`; the platform takes the remainder, and pays a shortfall. The merchant's part is below 0 where
   * it pays the courier.
   */
  split: Split;
  /** The tax of the split, by taxpayer and rate. */
  taxes: readonly OwedTax[];
  earned: Earned;
}

/** What the platform earns on what is charged, before its costs. */
interface Earned {
  /**
   * The platform's part of the food, its own tax included; below 0 where the merchant had promised more than it earned.
   */
  commissionMinor: number;
  /** The platform's tax in the commission. */
  commissionTax: { ratePpm: number; taxMinor: number };
  /** Delivery fees before discounts, without their tax. */
  deliveryMinor: number;
  /** The other fees before discounts, without their tax. */
  serviceMinor: number;
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
    case 'merchantPaysCourier':
      return settled({ merchantMinor: -rideMinor, courierMinor: rideMinor });
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

/** Returns the settlement with the platform's tax in its commission. */
export function withCommissionTax(settlement: Settlement, ratePpm: number): Settlement {
  const { commissionMinor } = settlement.earned;
  const taxMinor = commissionMinor > 0 ? mulDiv(commissionMinor, ratePpm, 1_000_000 + ratePpm) : 0;
  return { ...settlement, earned: { ...settlement.earned, commissionTax: { ratePpm, taxMinor } } };
}

interface Charged {
  totalMinor: number;
  roundingMinor: number;
}

function whole(pricing: Pricing, { totalMinor, roundingMinor }: Charged, courierMinor: number): Settlement {
  const { split, totals, lines, fees } = pricing;
  return charging(lines, fees, {
    captureMinor: totalMinor,
    roundingMinor,
    courierMinor,
    creditMinor: totals.creditMinor,
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
  return charging(pricing.lines, fees, {
    captureMinor: totalMinor,
    roundingMinor,
    creditMinor,
    merchantMinor: Math.max(0, earnedMinor - merchantFunded(fees)),
    courierMinor,
    taxMinor: sum(charged.map((one) => one.taxMinor)),
  });
}

type FromCharged = 'promotionMinor' | 'promisedMinor' | 'taxedMinor';

/** Settles what is charged to the customer. */
function charging(
  lines: readonly PricedLine[],
  fees: readonly PricedFee[],
  amounts: Omit<Amounts, FromCharged>,
): Settlement {
  const charged = [...lines, ...fees];
  const promisedMinor = merchantFunded(charged);
  const settlement = settled({
    ...amounts,
    promisedMinor,
    promotionMinor: platformFunded(charged),
    taxedMinor: sumTaxed(charged),
  });
  const [delivery, others] = [fees.filter(isDelivery), fees.filter((fee) => !isDelivery(fee))];
  const earned = {
    commissionMinor: sum(lines.map(untaxedGross)) - promisedMinor - amounts.merchantMinor,
    commissionTax: NO_TAX,
    deliveryMinor: sum(delivery.map(untaxedGross)),
    serviceMinor: sum(others.map(untaxedGross)),
  };
  return { ...settlement, taxes: listOwedTaxes(lines, fees), earned };
}

const isDelivery = ({ kind }: PricedFee): boolean => kind === 'delivery';

const untaxedGross = ({ grossMinor, taxMinor, addedTaxMinor }: PricedLine | PricedFee): number =>
  grossMinor - (taxMinor - addedTaxMinor);

const NO_TAX = { ratePpm: 0, taxMinor: 0 };
const NOTHING_EARNED: Earned = { commissionMinor: 0, commissionTax: NO_TAX, deliveryMinor: 0, serviceMinor: 0 };

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
  const moved = { captureMinor, creditMinor, promotionMinor, roundingMinor, promisedMinor, taxedMinor };
  return { ...moved, tipMinor: 0, split, taxes: [], earned: NOTHING_EARNED };
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
