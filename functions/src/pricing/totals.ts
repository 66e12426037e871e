import type { PricedFee, PricedLine, Totals } from '../contract/pricing.js';
import type { ZonePricing } from '../contract/zones.js';
import { accept, refuse, type Outcome } from '../core/outcome.js';
import { chargeUnitOf, fromStripeAmount, MAXIMUM_CHARGE, minimumChargeOf, toStripeAmount } from './currencies.js';
import { shareOf, sum } from './money.js';

/** How an order is paid, as far as its total depends on it. */
export interface Payment {
  currency: string;
  kind: 'delivery' | 'pickup';
  tipPpm: number;
  /** The customer's, to be used as far as it goes. */
  creditMinor: number;
  /** In cash: the zone's smallest coin in minor units. Absent: by card. */
  coinMinor?: number;
}

/** Tip, credit, rounding and the total (steps 11 to 13). Refuses what cannot be charged. */
export function sumUp(
  payment: Payment & { zone: Pick<ZonePricing, 'rounding'> },
  lines: readonly PricedLine[],
  fees: readonly PricedFee[],
): Outcome<Totals> {
  const itemsMinor = sum(lines.map((line) => line.grossMinor));
  // All of the tip is the courier's: where no courier comes there is none.
  const tipMinor = payment.kind === 'delivery' ? shareOf(itemsMinor, payment.tipPpm, payment.zone.rounding) : 0;
  return totalOf(payment, tipMinor, lines, fees);
}

/** The rows of lines and fees with a tip that is known; they add up to the total. */
export function totalOf(
  payment: Omit<Payment, 'tipPpm'>,
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
 * What is paid of an amount due: credit first, but not on the tip. Credit is used so far that the rest can still be
 * charged. Nothing to pay is fine; what the provider would refuse is refused here, with the amount that would do.
 */
function payable(
  { currency, creditMinor, coinMinor }: Omit<Payment, 'tipPpm'>,
  dueMinor: number,
  tipMinor: number,
): Outcome<Paid> {
  const usedMinor = Math.min(creditMinor, dueMinor);
  if (coinMinor !== undefined)
    return accept({ creditMinor: usedMinor, ...toCoin(dueMinor - usedMinor + tipMinor, coinMinor) });
  const first = toChargeUnit(currency, dueMinor - usedMinor + tipMinor);
  const minimumMinor = minimumChargeOf(currency);
  const isTooLittle = first.totalMinor > 0 && first.totalMinor < minimumMinor;
  // Less credit leaves the least that can be charged.
  const lessMinor = isTooLittle ? dueMinor + tipMinor - minimumMinor : usedMinor;
  if (isTooLittle && (lessMinor < 0 || lessMinor >= usedMinor))
    return refuse('TOTAL_BELOW_PAYMENT_MINIMUM', { totalMinor: first.totalMinor, minimumMinor });
  const { totalMinor, roundingMinor } = toChargeUnit(currency, dueMinor - lessMinor + tipMinor);
  if (toStripeAmount(totalMinor, currency) > MAXIMUM_CHARGE)
    return refuse('AMOUNT_TOO_LARGE', { totalMinor, maximumMinor: fromStripeAmount(MAXIMUM_CHARGE, currency) });
  return accept({ creditMinor: lessMinor, roundingMinor, totalMinor });
}

/** Down to what the provider can charge; the platform bears the rest. */
function toChargeUnit(currency: string, exactMinor: number): Pick<Totals, 'roundingMinor' | 'totalMinor'> {
  const roundingMinor = exactMinor % chargeUnitOf(currency);
  return { roundingMinor, totalMinor: exactMinor - roundingMinor };
}

/** Half up to the smallest coin: the difference may be either way. */
function toCoin(exactMinor: number, coinMinor: number): Pick<Totals, 'roundingMinor' | 'totalMinor'> {
  const totalMinor = Math.floor((2 * exactMinor + coinMinor) / (2 * coinMinor)) * coinMinor;
  return { roundingMinor: exactMinor - totalMinor, totalMinor };
}
