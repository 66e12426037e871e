import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import type { PricedFee, PricedLine, Pricing } from '#functions/contract/pricing.js';
import { findBestPrice } from '#functions/pricing/best-price.js';
import type { PricingInput } from '#functions/pricing/price-order.js';
import { atMostMs, runs } from '#fixtures/proofs.js';
import { MOST_IN_API, toStripeTerms } from '../../../oracle/currencies.js';
import { toGoods, type Good } from '../../../oracle/goods.js';
import { toDiscount, toLines, type OracleDiscount } from '../../../oracle/lines.js';
import type { Means, OracleOrder } from '../../../oracle/order.js';
import type { OracleFee } from '../../../oracle/price.js';
import { sumAdded, sumTaxes } from '../../../oracle/taxes.js';
import { findCheapest, toSplit, toTotals, type Payable, type Refused } from '../../../oracle/total.js';
import { findFault } from './cart-faults.js';
import { anyCart } from './oracle-carts.js';

/** The oracle's refusals in the words of the API. */
const REASONS: Record<Refused, string> = {
  belowMinimum: 'BASKET_BELOW_MINIMUM',
  tooFar: 'TOO_FAR',
  belowCharge: 'TOTAL_BELOW_PAYMENT_MINIMUM',
  aboveCharge: 'AMOUNT_TOO_LARGE',
};

function toMeans({ currency, coinMinor }: PricingInput): Means {
  if (coinMinor !== undefined) return { method: 'cash', coinMinor: BigInt(coinMinor) };
  const { minimumMinor, stepMinor, stepInApi } = toStripeTerms(currency);
  const maximumMinor = (MOST_IN_API / stepInApi) * stepMinor;
  return { method: 'card', minimumMinor: minimumMinor ?? stepMinor, maximumMinor, stepMinor };
}

function toOrder(input: PricingInput): OracleOrder {
  const { zone, surgePpm, promotions, nowMs, ...facts } = input;
  return {
    ...facts,
    zone: { ...zone, surgePpm },
    promotions: promotions.filter(({ startsAtMs, endsAtMs }) => startsAtMs <= nowMs && nowMs < endsAtMs),
    means: toMeans(input),
  };
}

/** The amounts that are compared, by the contract's names. */
function toExpected(order: OracleOrder, payable: Payable) {
  const { goods, fees } = payable.price;
  return {
    lines: toLines(goods),
    discounts: goods.map(toDiscount),
    fees: fees.filter(({ grossMinor }) => grossMinor > 0n).map(toExpectedFee),
    totals: toTotals(payable),
    split: toSplit(order, payable),
  };
}

const toExpectedFee = ({ kind, grossMinor, discount, netMinor, taxes }: OracleFee) => ({
  kind,
  grossMinor: Number(grossMinor),
  discountMinor: Number(discount.amountMinor),
  merchantFundedMinor: Number(discount.merchantMinor),
  netMinor: Number(netMinor),
  taxMinor: Number(sumTaxes(taxes)),
  addedTaxMinor: Number(sumAdded(taxes)),
});

/** The amounts of a price; discounts are summed over the lines of each good. */
const toActual = ({ lines, fees, totals, split }: Pricing, goods: readonly Good[]) => ({
  lines: lines.map(toActualLine),
  discounts: goods.map((good) => sumDiscounts(lines.filter((_, index) => good.lines.includes(index)))),
  fees: fees.map(toActualFee),
  totals,
  split,
});

const toActualLine = (line: PricedLine) => ({
  unitMinor: line.unitMinor,
  grossMinor: line.grossMinor,
  netMinor: line.netMinor,
  taxMinor: line.taxMinor,
  addedTaxMinor: line.addedTaxMinor,
  merchantMinor: line.merchantMinor,
});

const sumDiscounts = (lines: readonly PricedLine[]): OracleDiscount => ({
  itemDiscountMinor: sum(lines.map((line) => line.itemDiscountMinor)),
  orderDiscountMinor: sum(lines.map((line) => line.orderDiscountMinor)),
  merchantFundedMinor: sum(lines.map((line) => line.merchantFundedMinor)),
});

const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + amount, 0);

const toActualFee = (fee: PricedFee) => ({
  kind: fee.kind,
  grossMinor: fee.grossMinor,
  discountMinor: fee.discountMinor,
  merchantFundedMinor: fee.merchantFundedMinor,
  netMinor: fee.netMinor,
  taxMinor: fee.taxMinor,
  addedTaxMinor: fee.addedTaxMinor,
});

function compare(input: PricingInput): void {
  const answer = findBestPrice(input);
  const fault = findFault(input);
  if (fault !== undefined) return assert.equal(answer.ok ? 'priced' : answer.reason, fault);
  const order = toOrder(input);
  const verdict = findCheapest(order);
  if ('refused' in verdict) {
    const reasons = verdict.refused.map((one) => REASONS[one]);
    assert.ok(!answer.ok && reasons.includes(answer.reason), `${answer.ok ? 'priced' : answer.reason}, not ${reasons}`);
    return;
  }
  assert.ok(answer.ok, answer.ok ? '' : `refused: ${answer.reason}`);
  const actual = toActual(answer.value, toGoods(order));
  const cheapest = verdict.cheapest.map((one) => toExpected(order, one));
  // The specification leaves open which of equally cheap choices of promotions is taken.
  if (!cheapest.some((one) => isSame(actual, one))) assert.deepEqual(actual, cheapest[0]);
}

function isSame(one: unknown, other: unknown): boolean {
  try {
    assert.deepEqual(one, other);
    return true;
  } catch {
    return false;
  }
}

describe('oracle of prices', () => {
  it('computes every amount of any cart as the implementation does', () =>
    fc.assert(fc.property(anyCart, compare), runs(200, 10_000))).timeout(atMostMs(120_000));
});
