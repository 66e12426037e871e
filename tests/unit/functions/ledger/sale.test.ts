import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import type { RefundWish } from '#functions/contract/payments.js';
import { computeReturned } from '#functions/ledger/model/returned.js';
import { computeSale } from '#functions/ledger/model/sale.js';
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
