import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import type { RefundWish } from '#functions/contract/payments.js';
import { computeReturned } from '#functions/ledger/model/returned.js';
import { computeSale, isSold } from '#functions/ledger/model/sale.js';
import { priceRefund, type PricedRefund } from '#functions/pricing/refund.js';
import { settle } from '#functions/pricing/settle.js';
import { aPricing } from '#fixtures/orders.js';

const PRICING = aPricing();
const SETTLEMENT = settle(PRICING, 'all', true);
/** Menu prices with tax in them and discounts of the merchant's, on lines and on the delivery. */
const DISCOUNTED = {
  ...PRICING,
  lines: PRICING.lines.map((line) => ({ ...line, addedTaxMinor: 0, merchantFundedMinor: 300, merchantMinor: 1200 })),
  fees: PRICING.fees.map((fee) => (fee.kind === 'delivery' ? { ...fee, merchantFundedMinor: 100 } : fee)),
  split: { ...PRICING.split, merchantMinor: 1100 },
};
/** 26.00 in the menu: two margheritas, their tax added, and two colas of 3.00 each with 0.50 of tax in it. */
const MIXED = {
  ...PRICING,
  lines: PRICING.lines.flatMap((line) => [
    line,
    {
      ...line,
      itemId: 'cola',
      unitMinor: 300,
      grossMinor: 600,
      netMinor: 600,
      taxMinor: 100,
      addedTaxMinor: 0,
      merchantMinor: 400,
    },
  ]),
  totals: { ...PRICING.totals, itemsMinor: 2600, includedTaxMinor: 167, totalMinor: 3540 },
  split: { merchantMinor: 2000, courierMinor: 650, taxMinor: 387, platformMinor: 503 },
};

describe('isSold', () => {
  const sold = (endedAs: Parameters<typeof isSold>[0], merchantMinor: number) =>
    isSold(endedAs, { ...SETTLEMENT, split: { ...SETTLEMENT.split, merchantMinor } });
  it('is true for every order that was handed over, also where the kitchen earned nothing on it', () =>
    assert.deepEqual([sold('delivered', 0), sold('collected', 0), sold('delivered', 1600)], [true, true, true]));
  it('is true for a failed order only where the kitchen is paid', () => {
    assert.deepEqual([sold('cancelled', 0), sold('cancelled', 1)], [false, true]);
    assert.deepEqual([sold('returned', 0), sold('returned', 1)], [false, true]);
  });
});

describe('computeSale', () => {
  it('splits the menu price: 20.00 less 20 % commission', () =>
    assert.deepEqual(computeSale('rosa', 'delivered', PRICING, SETTLEMENT), {
      restaurantId: 'rosa',
      fulfilled: true,
      grossMinor: 2000,
      includedTaxMinor: 0,
      discountMinor: 0,
      commissionMinor: 400,
      taxMinor: 200,
    }));

  it('tells what the restaurant’s own rider earned: the ride and the tip', () =>
    assert.equal(
      computeSale('rosa', 'delivered', PRICING, SETTLEMENT, true).riderMinor,
      SETTLEMENT.split.courierMinor,
    ));

  it('leaves included tax and the merchant’s own discounts, on lines and fees, out of the commission', () =>
    // 20.00 − 2.00 tax − 4.00 discounts − 11.00 for the kitchen.
    assert.deepEqual(computeSale('rosa', 'delivered', DISCOUNTED, settle(DISCOUNTED, 'all', true)), {
      restaurantId: 'rosa',
      fulfilled: true,
      grossMinor: 2000,
      includedTaxMinor: 200,
      discountMinor: 400,
      commissionMinor: 300,
      taxMinor: 200,
    }));

  it('keeps included tax apart from added tax', () =>
    assert.deepEqual(computeSale('rosa', 'delivered', MIXED, settle(MIXED, 'all', true)), {
      restaurantId: 'rosa',
      fulfilled: true,
      grossMinor: 2600,
      includedTaxMinor: 100,
      discountMinor: 0,
      commissionMinor: 500,
      taxMinor: 300,
    }));

  it('counts an order as fulfilled where the customer got it', () => {
    const fulfilled = (endedAs: Parameters<typeof computeSale>[1]) =>
      computeSale('rosa', endedAs, PRICING, SETTLEMENT).fulfilled;
    assert.deepEqual([fulfilled('delivered'), fulfilled('collected')], [true, true]);
    assert.deepEqual([fulfilled('returned'), fulfilled('cancelled')], [false, false]);
  });

  it('gives a discount on a delivery that did not take place to no party', () => {
    const { discountMinor, commissionMinor } = computeSale(
      'rosa',
      'cancelled',
      DISCOUNTED,
      settle(DISCOUNTED, 'items', false),
    );
    assert.deepEqual([discountMinor, commissionMinor], [300, 300]);
    assert.equal(settle(DISCOUNTED, 'items', false).split.merchantMinor, 1200);
    assert.equal(settle(DISCOUNTED, 'itemsAndDelivery', false).split.merchantMinor, 1100);
  });
});

describe('computeReturned', () => {
  type Liable = 'merchant' | 'platform';
  /** The refunds of two margheritas, one after the other, with what each takes back of the sale. */
  const refundAll = (wishes: readonly (readonly [what: RefundWish, liable: Liable])[], pricing = PRICING) => {
    const settlement = settle(pricing, 'all', true);
    const sale = computeSale('rosa', 'delivered', pricing, settlement);
    const earlier: (PricedRefund & { what: RefundWish })[] = [];
    return wishes.flatMap(([what, liable]) => {
      const moneyLeftMinor = settlement.captureMinor - earlier.reduce((sum, one) => sum + one.moneyMinor, 0);
      const priced = priceRefund({ pricing, settlement, earlier, moneyLeftMinor, what, liable });
      if (!priced.ok) return [];
      const refund = { ...priced.value, what };
      const returned = computeReturned({ pricing, settlement, sale }, earlier, refund);
      earlier.push(refund);
      return [{ refund, returned }];
    });
  };
  const one: RefundWish = { type: 'lines', lines: [{ line: 0, quantity: 1 }] };
  const half = {
    restaurantId: 'rosa',
    grossMinor: 1000,
    includedTaxMinor: 0,
    discountMinor: 0,
    commissionMinor: 200,
    taxMinor: 100,
  };

  it('takes one of two margheritas back with its commission and tax', () =>
    assert.deepEqual(refundAll([[one, 'merchant']])[0]?.returned, { ...half, keptMinor: 0 }));
  it('leaves a merchant what it earned where the platform pays the refund', () =>
    assert.deepEqual(refundAll([[one, 'platform']])[0]?.returned, { ...half, keptMinor: 800 }));
  it('takes an amount back in proportion to the food', () =>
    assert.deepEqual(refundAll([[{ type: 'amount', amountMinor: 1100 }, 'merchant']])[0]?.returned, {
      ...half,
      keptMinor: 0,
    }));
  it('takes the rest back with the rest of the order', () =>
    assert.deepEqual(
      refundAll([
        [one, 'merchant'],
        [{ type: 'whole' }, 'merchant'],
      ])[1]?.returned,
      { ...half, keptMinor: 0 },
    ));

  it('takes all back with the rest of an order, a late credit of 2.00 set off', () => {
    const sold = {
      pricing: PRICING,
      settlement: SETTLEMENT,
      sale: computeSale('rosa', 'delivered', PRICING, SETTLEMENT),
    };
    const rest = { what: { type: 'whole' as const }, lines: [], amountMinor: 2740, merchantMinor: 1600 };
    assert.deepEqual(computeReturned({ ...sold, lateCreditMinor: 200 }, [], rest), {
      ...half,
      grossMinor: 2000,
      commissionMinor: 400,
      taxMinor: 200,
      keptMinor: 0,
    });
    assert.equal(computeReturned({ ...sold, lateCreditMinor: 199 }, [], rest).grossMinor, 0);
  });

  describe('of two lines', () => {
    const settlement = settle(MIXED, 'all', true);
    const sell = () => computeSale('rosa', 'delivered', MIXED, settlement);
    const unitOf = (line: number, merchantMinor: number) => {
      const lines = [{ line, quantity: 1 }];
      const refund = { what: { type: 'lines' as const, lines }, lines, amountMinor: 100, merchantMinor };
      return computeReturned({ pricing: MIXED, settlement, sale: sell() }, [], refund);
    };
    it('takes back the units of the refunded one alone, with the tax that is in their price', () => {
      assert.deepEqual(unitOf(0, 800), { ...half, keptMinor: 0 });
      const cola = { grossMinor: 300, includedTaxMinor: 50, discountMinor: 0, commissionMinor: 50, taxMinor: 50 };
      assert.deepEqual(unitOf(1, 200), { restaurantId: 'rosa', ...cola, keptMinor: 0 });
    });
    it('takes all back only when the part that credit paid is refunded too', () => {
      const credited = { ...settlement, captureMinor: 2840, creditMinor: 700 };
      const gross = (amountMinor: number) => {
        const refund = { what: { type: 'amount' as const, amountMinor }, lines: [], amountMinor, merchantMinor: 0 };
        return computeReturned({ pricing: MIXED, settlement: credited, sale: sell() }, [], refund).grossMinor;
      };
      // The food cost 28.00: 22.00 of it are 20.43 of the 26.00 in the menu.
      assert.deepEqual([gross(2200), gross(2800), gross(3540)], [2043, 2600, 2600]);
    });
  });

  it('takes nothing back of free food for a refund of the fees', () => {
    const lines = PRICING.lines.map((line) => ({ ...line, netMinor: 0, taxMinor: 0, addedTaxMinor: 0 }));
    const pricing = { ...PRICING, lines };
    const settlement = { ...SETTLEMENT, captureMinor: 740 };
    const sale = computeSale('rosa', 'delivered', pricing, settlement);
    const gross = (amountMinor: number) => {
      const refund = { what: { type: 'amount' as const, amountMinor }, lines: [], amountMinor, merchantMinor: 0 };
      return computeReturned({ pricing, settlement, sale }, [], refund).grossMinor;
    };
    assert.deepEqual([gross(739), gross(740)], [0, 2000]);
  });

  const wish: fc.Arbitrary<RefundWish> = fc.oneof(
    fc.integer({ min: 1, max: 2 }).map((quantity): RefundWish => ({ type: 'lines', lines: [{ line: 0, quantity }] })),
    fc.integer({ min: 1, max: 2000 }).map((amountMinor): RefundWish => ({ type: 'amount', amountMinor })),
  );
  it('takes back, in any order of refunds, no more than was sold, and all of it in the end', () =>
    fc.assert(
      fc.property(
        fc.constantFrom(PRICING, DISCOUNTED),
        fc.array(fc.tuple(wish, fc.constantFrom<Liable>('merchant', 'platform')), { maxLength: 6 }),
        (pricing, wishes) => {
          const all = refundAll([...wishes, [{ type: 'whole' }, 'platform']], pricing);
          const sale = computeSale('rosa', 'delivered', pricing, settle(pricing, 'all', true));
          for (const name of [
            'grossMinor',
            'includedTaxMinor',
            'discountMinor',
            'commissionMinor',
            'taxMinor',
          ] as const)
            assert.equal(
              all.reduce((sum, { returned }) => sum + returned[name], 0),
              sale[name],
              name,
            );
          for (const { refund, returned } of all) {
            const { grossMinor, includedTaxMinor, discountMinor, commissionMinor, keptMinor } = returned;
            assert.ok(grossMinor >= 0 && includedTaxMinor >= 0 && discountMinor >= 0);
            assert.equal(
              grossMinor - includedTaxMinor - discountMinor - commissionMinor - keptMinor,
              refund.merchantMinor,
            );
          }
        },
      ),
    ));
});
