import type { PricedFee, PricedLine, Split } from '../contract/pricing.js';
import { shareOf, sum } from './money.js';

/**
 * Who gets what of a total. The merchant earns the lines as they were before the platform's own discounts and without
 * their included tax, less commission and less what it promised towards the delivery; the courier the pay and the
 * tip; tax is tax; the platform takes the remainder, so that the parts always sum to the total.
 */
export function splitTotal(
  totalMinor: number,
  lines: readonly PricedLine[],
  fees: readonly PricedFee[],
  courierMinor: number,
  commissionPpm: number,
): Split {
  const earned = Math.max(0, sum(lines.map(earnedOn)));
  const promised = sum(fees.map((fee) => fee.merchantFundedMinor));
  const merchantMinor = Math.max(0, earned - shareOf(earned, commissionPpm) - promised);
  const taxMinor = sum([...lines, ...fees].map((one) => one.taxMinor));
  return { merchantMinor, courierMinor, taxMinor, platformMinor: totalMinor - merchantMinor - courierMinor - taxMinor };
}

function earnedOn(line: PricedLine): number {
  const includedTaxMinor = line.taxMode === 'inclusive' ? line.taxMinor : 0;
  return line.grossMinor - line.merchantFundedMinor - includedTaxMinor;
}
