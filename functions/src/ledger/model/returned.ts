import type { Returned, Sale } from '../../contract/orders.js';
import type { Refund } from '../../contract/payments.js';
import type { PricedLine, Pricing } from '../../contract/pricing.js';
import { mulDiv, sum } from '../../pricing/money.js';
import type { Settlement } from '../../pricing/settle.js';
import { computeCharged, computeUnitShare } from '../../pricing/units.js';

type Given = Pick<Refund, 'what' | 'lines' | 'amountMinor'>;

/** The amounts that refunds have taken back of a sale so far. */
interface Figures {
  grossMinor: number;
  includedTaxMinor: number;
  discountMinor: number;
  taxMinor: number;
  /** The merchant's earnings on it. */
  earnedMinor: number;
}

export interface Sold {
  pricing: Pricing;
  settlement: Settlement;
  sale: Sale;
  /** Set off against refunds: everything is refunded when this much of the payment is left. */
  lateCreditMinor?: number;
}

/**
 * Computes what one more refund takes back of a sale, independent of the liable party: the units of a line exactly, an
 * amount in proportion to the food, and all that is left with the rest of the order. All refunds together never take
 * back more than was sold.
 */
export function computeReturned(
  sold: Sold,
  earlier: readonly Given[],
  refund: Given & { merchantMinor: number },
): Returned {
  const [before, after] = [sumTakenBack(sold, earlier), sumTakenBack(sold, [...earlier, refund])];
  const figure = (name: keyof Figures) => after[name] - before[name];
  const earnedMinor = figure('earnedMinor');
  const [grossMinor, includedTaxMinor, discountMinor] = [
    figure('grossMinor'),
    figure('includedTaxMinor'),
    figure('discountMinor'),
  ];
  return {
    restaurantId: sold.sale.restaurantId,
    grossMinor,
    includedTaxMinor,
    discountMinor,
    taxMinor: figure('taxMinor'),
    commissionMinor: grossMinor - includedTaxMinor - discountMinor - earnedMinor,
    keptMinor: earnedMinor - refund.merchantMinor,
  };
}

/** Computes the platform's commission that refunds have taken back of a sale so far, its tax included. */
export function computeReturnedCommission(sold: Sold, given: readonly Given[]): number {
  const { grossMinor, includedTaxMinor, discountMinor, earnedMinor } = sumTakenBack(sold, given);
  return grossMinor - includedTaxMinor - discountMinor - earnedMinor;
}

function sumTakenBack({ pricing, settlement, sale, lateCreditMinor = 0 }: Sold, given: readonly Given[]): Figures {
  const total = { ...sale, earnedMinor: settlement.split.merchantMinor };
  const paidMinor = settlement.captureMinor + settlement.creditMinor - lateCreditMinor;
  return takenBackBy(pricing, total, paidMinor, given);
}

function takenBackBy({ lines }: Pricing, total: Figures, paidMinor: number, given: readonly Given[]): Figures {
  if (sum(given.map((one) => one.amountMinor)) >= paidMinor) return total;
  const foodMinor = sum(lines.map(computeCharged));
  const amounts = given.filter(({ what }) => what.type === 'amount').map((one) => one.amountMinor);
  const amountMinor = Math.min(foodMinor, sum(amounts));
  const shares = lines.map((line, index) => lineShare(line, countUnits(given, index)));
  const figure = (name: keyof Figures) => {
    const inProportion = foodMinor === 0 ? 0 : mulDiv(total[name], amountMinor, foodMinor);
    return Math.min(total[name], sum(shares.map((share) => share[name])) + inProportion);
  };
  return {
    grossMinor: figure('grossMinor'),
    includedTaxMinor: figure('includedTaxMinor'),
    discountMinor: figure('discountMinor'),
    taxMinor: figure('taxMinor'),
    earnedMinor: figure('earnedMinor'),
  };
}

const countUnits = (given: readonly Given[], index: number): number =>
  sum(given.flatMap(({ lines }) => lines.filter(({ line }) => line === index)).map(({ quantity }) => quantity));

function lineShare(line: PricedLine, units: number): Figures {
  const { taxMinor, addedTaxMinor, merchantMinor } = computeUnitShare(line, units);
  return {
    grossMinor: mulDiv(line.grossMinor, units, line.quantity),
    includedTaxMinor: taxMinor - addedTaxMinor,
    discountMinor: mulDiv(line.merchantFundedMinor, units, line.quantity),
    taxMinor,
    earnedMinor: merchantMinor,
  };
}
