import type { PricedFee, PricedLine, Totals } from '../contract/pricing.js';
import type { ZonePricing } from '../contract/zones.js';
import { accept, refuse, type Outcome } from '../core/outcome.js';
import { getChargeUnit, fromStripeAmount, MAXIMUM_CHARGE, getMinimumCharge, toStripeAmount } from './currencies.js';
import { computeShare, sum } from './money.js';

/** The facts of a payment on which an order's total depends. */
export interface PaymentTerms {
  currency: string;
  kind: 'delivery' | 'pickup';
  tipPpm: number;
  /** The customer's credit, spent as far as possible. */
  creditMinor: number;
  /** In cash: the zone's smallest coin in minor units. Absent: by card. */
  coinMinor?: number;
}

/**
 * The largest sum of items, and the largest total in cash, in minor units. Sums are exact below 2^53, which is ninety
 * times as much: enough for taxes of ten times the amount.
 */
export const LARGEST_MINOR = 100_000_000_000_000;

/** Computes tip, credit, rounding and the total (steps 11 to 13). Refuses a total that cannot be charged. */
export function computeTotals(
  payment: TippedPayment,
  lines: readonly PricedLine[],
  fees: readonly PricedFee[],
): Outcome<Totals> {
  const itemsMinor = sum(lines.map((line) => line.grossMinor));
  return computeTotal(payment, computeTip(payment, itemsMinor), lines, fees);
}

type TippedPayment = PaymentTerms & { zone: Pick<ZonePricing, 'rounding'> };

/** Decides whether `computeTotals` accepts an amount due before tip and credit, without the rows that it sums. */
export function checkPayable(payment: TippedPayment, itemsMinor: number, dueMinor: number): Outcome<unknown> {
  return payable(payment, dueMinor, computeTip(payment, itemsMinor));
}

/** The courier gets all of the tip: without a courier there is none. */
function computeTip({ kind, tipPpm, zone: { rounding } }: TippedPayment, itemsMinor: number): number {
  return kind === 'delivery' ? computeShare(itemsMinor, tipPpm, rounding) : 0;
}

/** Sums the rows of lines and fees with a known tip; they add up to the total. */
export function computeTotal(
  payment: Omit<PaymentTerms, 'tipPpm'>,
  tipMinor: number,
  lines: readonly PricedLine[],
  fees: readonly PricedFee[],
): Outcome<Totals> {
  const priced = [...lines, ...fees];
  const taxMinor = sum(priced.map((one) => one.addedTaxMinor));
  const dueMinor = sum(priced.map((one) => one.netMinor)) + taxMinor;
  const paid = payable(payment, dueMinor, tipMinor);
  if (!paid.ok) return paid;
  const feeMinor = (kind: PricedFee['kind']) =>
    sum(fees.filter((fee) => fee.kind === kind).map((fee) => fee.grossMinor));
  return accept({
    itemsMinor: sum(lines.map((line) => line.grossMinor)),
    discountMinor: sum(priced.map((one) => one.grossMinor - one.netMinor)),
    deliveryMinor: feeMinor('delivery'),
    smallOrderMinor: feeMinor('smallOrder'),
    serviceMinor: feeMinor('service'),
    bagMinor: feeMinor('bag'),
    taxMinor,
    includedTaxMinor: sum(priced.map((one) => one.taxMinor)) - taxMinor,
    tipMinor,
    ...paid.value,
  });
}

type Paid = Pick<Totals, 'creditMinor' | 'roundingMinor' | 'totalMinor'>;

/**
 * Computes the payment of an amount due: credit first, but not on the tip. Only as much credit is spent as leaves a
 * rest that can be charged. A total of 0 is valid; a total that the provider would refuse is refused here, with the
 * amount that would be accepted.
 */
function payable(
  { currency, creditMinor, coinMinor }: Omit<PaymentTerms, 'tipPpm'>,
  dueMinor: number,
  tipMinor: number,
): Outcome<Paid> {
  const usedMinor = Math.min(creditMinor, dueMinor);
  if (coinMinor !== undefined) {
    const exactMinor = dueMinor - usedMinor + tipMinor;
    if (exactMinor > LARGEST_MINOR)
      return refuse('AMOUNT_TOO_LARGE', { totalMinor: exactMinor, maximumMinor: LARGEST_MINOR });
    return accept({ creditMinor: usedMinor, ...toCoin(exactMinor, coinMinor) });
  }
  const first = toChargeUnit(currency, dueMinor - usedMinor + tipMinor);
  const minimumMinor = getMinimumCharge(currency);
  const isTooLittle = first.totalMinor > 0 && first.totalMinor < minimumMinor;
  // With less credit the rest is the smallest amount that can be charged.
  const lessMinor = isTooLittle ? dueMinor + tipMinor - minimumMinor : usedMinor;
  if (lessMinor < 0) return refuse('TOTAL_BELOW_PAYMENT_MINIMUM', { totalMinor: first.totalMinor, minimumMinor });
  const { totalMinor, roundingMinor } = toChargeUnit(currency, dueMinor - lessMinor + tipMinor);
  if (toStripeAmount(totalMinor, currency) > MAXIMUM_CHARGE)
    return refuse('AMOUNT_TOO_LARGE', { totalMinor, maximumMinor: fromStripeAmount(MAXIMUM_CHARGE, currency) });
  return accept({ creditMinor: lessMinor, roundingMinor, totalMinor });
}

/** Rounds down to an amount that the provider can charge; the platform bears the rest. */
function toChargeUnit(currency: string, exactMinor: number): Pick<Totals, 'roundingMinor' | 'totalMinor'> {
  const roundingMinor = exactMinor % getChargeUnit(currency);
  return { roundingMinor, totalMinor: exactMinor - roundingMinor };
}

/** Rounds half up to the smallest coin: the difference may have either sign. */
function toCoin(exactMinor: number, coinMinor: number): Pick<Totals, 'roundingMinor' | 'totalMinor'> {
  const totalMinor = Math.floor((2 * exactMinor + coinMinor) / (2 * coinMinor)) * coinMinor;
  return { roundingMinor: exactMinor - totalMinor, totalMinor };
}
