import { strict as assert } from 'node:assert';
import type { Pricing, SettlementScope } from '#functions/contract/pricing.js';
import { payMore, settle, type Settlement } from '#functions/pricing/settle.js';
import { aPricing } from '#fixtures/orders.js';

/**
 * Two margheritas of 20.00 less 5.00, of which the merchant pays 2.00, and 1.50 of tax; delivery of 4.00 less 1.00, of
 * which the merchant pays 0.40, with 0.50 of tax in it; service 1.20 with its tax, bag 0.20, tip 2.00: 22.90.
 */
function discounted(totals: Partial<Pricing['totals']> = {}, facts: Partial<Pricing> = {}): Pricing {
  const pricing = aPricing();
  return {
    ...pricing,
    lines: pricing.lines.map((line) => ({
      ...line,
      orderDiscountMinor: 500,
      merchantFundedMinor: 200,
      netMinor: 1500,
      taxMinor: 150,
      addedTaxMinor: 150,
      merchantMinor: 1400,
    })),
    fees: pricing.fees.map((fee) =>
      fee.kind === 'delivery'
        ? { ...fee, discountMinor: 100, merchantFundedMinor: 40, netMinor: 300, taxMinor: 50 }
        : fee,
    ),
    totals: { ...pricing.totals, discountMinor: 600, taxMinor: 170, includedTaxMinor: 50, totalMinor: 2290, ...totals },
    split: { merchantMinor: 1360, courierMinor: 650, taxMinor: 220, platformMinor: 60 },
    ...facts,
  };
}

const splitOf = ({ captureMinor, split }: Settlement) => [
  captureMinor,
  split.merchantMinor,
  split.courierMinor,
  split.taxMinor,
  split.platformMinor,
];
const fundsOf = ({ promotionMinor, promisedMinor, taxedMinor }: Settlement) => [
  promotionMinor,
  promisedMinor,
  taxedMinor,
];

describe('the settlement of a discounted order', () => {
  const rows: [scope: SettlementScope, split: number[], funds: number[]][] = [
    ['all', [2290, 1360, 650, 220, 60], [360, 240, 2070]],
    ['allLessTip', [2090, 1360, 450, 220, 60], [360, 240, 2070]],
    ['items', [1650, 1400, 450, 150, -350], [300, 200, 1650]],
    ['itemsAndDelivery', [1950, 1360, 450, 200, -60], [360, 240, 1950]],
    ['platformPaysKitchen', [0, 1400, 450, 0, -1850], [0, 200, 0]],
    ['platformPaysCourier', [0, 0, 450, 0, -450], [0, 0, 0]],
    ['merchantPaysCourier', [0, -450, 450, 0, 0], [0, 0, 0]],
    ['none', [0, 0, 0, 0, 0], [0, 0, 0]],
  ];
  for (const [scope, split, funds] of rows) {
    it(`counts for "${scope}" the discounts of what is charged, by who pays them, and what is taxed`, () => {
      const settlement = settle(discounted(), scope, true);
      assert.deepEqual([splitOf(settlement), fundsOf(settlement)], [split, funds]);
      assert.equal(settlement.tipMinor, scope === 'all' ? 200 : 0);
    });
  }
  it('pays no courier where none rode, except what the whole order paid', () => {
    const courierMinor = (scope: SettlementScope) => settle(discounted(), scope, false).split.courierMinor;
    assert.deepEqual(
      [courierMinor('items'), courierMinor('platformPaysCourier'), courierMinor('merchantPaysCourier')],
      [0, 0, 0],
    );
    assert.deepEqual([courierMinor('allLessTip'), courierMinor('all')], [0, 650]);
  });
  it("never lets the merchant's contribution to the delivery exceed its earnings", () => {
    const earned = (merchantMinor: number) => {
      const { lines, ...pricing } = discounted();
      const poor = { ...pricing, lines: lines.map((line) => ({ ...line, merchantMinor })) };
      return settle(poor, 'itemsAndDelivery', false).split.merchantMinor;
    };
    assert.deepEqual([earned(39), earned(40), earned(41)], [0, 0, 1]);
  });
});

describe('the credit of a settlement', () => {
  const paid = (creditMinor: number, scope: SettlementScope) => {
    const settlement = settle(discounted({ creditMinor, totalMinor: 2290 - creditMinor }), scope, false);
    return [settlement.creditMinor, settlement.captureMinor];
  };
  it('is spent first, and never more of it than what is charged', () => {
    assert.deepEqual(
      [paid(500, 'items'), paid(1649, 'items'), paid(1650, 'items')],
      [
        [500, 1150],
        [1649, 1],
        [1650, 0],
      ],
    );
    assert.deepEqual(paid(1700, 'items'), [1650, 0]);
    assert.deepEqual(
      [paid(500, 'all'), paid(500, 'allLessTip')],
      [
        [500, 1790],
        [500, 1590],
      ],
    );
  });
});

describe('the rounding of a settlement', () => {
  it("is the part of the amount below the provider's step, which the platform bears", () => {
    const dinars = (totalMinor: number, roundingMinor: number, tipMinor: number) =>
      discounted({ totalMinor, roundingMinor, tipMinor }, { currency: 'KWD' });
    const settled = ({ captureMinor, roundingMinor }: Settlement) => [captureMinor, roundingMinor];
    const [line] = discounted().lines;
    assert.ok(line);
    const odd = { ...dinars(2290, 5, 200), lines: [{ ...line, netMinor: 1505 }] };
    assert.deepEqual(settled(settle(odd, 'items', false)), [1650, 5]);
    assert.deepEqual(settled(settle(odd, 'all', true)), [2290, 5]);
    // 22.95 less a tip of 2.03: 20.92.
    assert.deepEqual(settled(settle(dinars(2290, 5, 203), 'allLessTip', true)), [2090, 2]);
  });
});

describe('payMore', () => {
  it("adds to the courier's pay at the platform's cost, and changes nothing else", () => {
    const settlement = settle(discounted(), 'allLessTip', true);
    const more = payMore(settlement, 270);
    assert.deepEqual(splitOf(more), [2090, 1360, 720, 220, -210]);
    assert.deepEqual({ ...more, split: null }, { ...settlement, split: null });
  });
});
