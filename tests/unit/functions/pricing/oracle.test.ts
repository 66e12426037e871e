import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import type { PricedFee, PricedLine, Pricing } from '#functions/contract/pricing.js';
import { findBestPrice } from '#functions/pricing/best-price.js';
import { atMostMs, runs } from '#fixtures/proofs.js';
import { total } from './oracle-arithmetic.js';
import { anyCart } from './oracle-carts.js';
import { cheapest, type Price } from './oracle.js';

const amountsOf = (one: PricedLine | PricedFee) => ({
  gross: one.grossMinor,
  discount: one.grossMinor - one.netMinor,
  net: one.netMinor,
  tax: one.taxMinor,
  added: one.addedTaxMinor,
});

/** A price as the oracle writes it. */
function asPrice({ lines, fees, totals, split }: Pricing): Price {
  return {
    lines: lines.map((one) => ({ ...amountsOf(one), merchant: one.merchantMinor })),
    promised: total(lines.map((one) => one.merchantFundedMinor)),
    fees: fees.map((one) => ({ kind: one.kind, ...amountsOf(one), funded: one.merchantFundedMinor })),
    totals,
    split,
    due: totals.totalMinor + totals.creditMinor + totals.roundingMinor,
  };
}

const isSame = (one: Price, other: Price): boolean => {
  try {
    assert.deepEqual(one, other);
    return true;
  } catch {
    return false;
  }
};

/** What is refused for its amount may be too little with some promotions and too much with others. */
const AMOUNT_REFUSALS = ['TOTAL_BELOW_PAYMENT_MINIMUM', 'AMOUNT_TOO_LARGE'];

describe('any cart', () => {
  it('costs the result of the specified computation, unit by unit and over all promotions', () =>
    fc.assert(
      fc.property(anyCart, (input) => {
        const [answer, expected] = [findBestPrice(input), cheapest(input)];
        if (typeof expected === 'string') {
          assert.ok(!answer.ok, `was priced, and is ${expected}`);
          const reason = AMOUNT_REFUSALS.includes(answer.reason) ? AMOUNT_REFUSALS[0] : answer.reason;
          assert.equal(reason, expected);
          return;
        }
        assert.ok(answer.ok, answer.ok ? '' : `refused: ${answer.reason}`);
        const price = asPrice(answer.value);
        // Of equally cheap combinations any may be taken.
        if (!expected.some((one) => isSame(price, one))) assert.deepEqual(price, expected[0]);
      }),
      runs(100, 10_000),
    )).timeout(atMostMs(120_000));
});
