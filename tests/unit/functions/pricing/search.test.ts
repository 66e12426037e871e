import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { findBestPrice } from '#functions/pricing/best-price.js';
import { allocate, mulDiv } from '#functions/pricing/money.js';
import type { PricingInput } from '#functions/pricing/price-order.js';
import { aPromotion } from '#fixtures/catalogue.js';
import { atMostMs, runs } from '#fixtures/proofs.js';
import { anyCart } from './oracle-carts.js';
import { anInput } from './price.js';
import { searchAll } from './search-all.js';

/** Carts in which promotions have copies under other ids, which cost the same alone, and some stand alone. */
const withCopies: fc.Arbitrary<PricingInput> = fc
  .record({ input: anyCart, copies: fc.array(fc.nat({ max: 3 }), { maxLength: 3 }), alone: fc.nat({ max: 7 }) })
  .map(({ input, copies, alone }) => {
    const more = copies.flatMap((at, copy) =>
      input.promotions.slice(at, at + 1).map((one) => ({ ...one, id: `${copy}` })),
    );
    const all = [...input.promotions, ...more];
    return { ...input, promotions: all.map((one, at) => (at === alone ? { ...one, exclusive: !one.exclusive } : one)) };
  });

describe('the search for the best price', () => {
  it('finds the same price, promotions and refusal as pricing every choice completely', () =>
    fc.assert(
      fc.property(withCopies, (input) => assert.deepEqual(findBestPrice(input), searchAll(input))),
      runs(150, 10_000),
    )).timeout(atMostMs(120_000));

  it('takes the promotion of the smaller id where two cost the same', () => {
    const half = { type: 'percent' as const, ratePpm: 500_000 };
    const twin = (id: string) => ({ ...aPromotion({ id, kind: 'order', benefit: half }), exclusive: true });
    const used = (...ids: string[]) => {
      const price = findBestPrice(anInput({ promotions: ids.map(twin) }));
      return price.ok && price.value.promotionIds;
    };
    assert.deepEqual([used('a', 'b'), used('b', 'a'), used('b', 'c')], [['a'], ['a'], ['b']]);
  });
});

const amount = fc.oneof(fc.nat({ max: 3000 }), fc.nat({ max: 2 ** 31 - 1 }), fc.maxSafeNat());

describe('a share of an amount', () => {
  it('is rounded as with integers of any size', () => {
    const exact = (a: number, b: number, divisor: number, isEven: boolean): bigint => {
      const [product, by] = [BigInt(a) * BigInt(b), BigInt(divisor)];
      const half = product * 2n + by;
      const up = half / (2n * by);
      return isEven && half % (2n * by) === 0n && up % 2n === 1n ? up - 1n : up;
    };
    const parts = fc
      .tuple(
        amount,
        amount,
        amount.filter((one) => one > 0),
      )
      .filter(([a, b, by]) => exact(a, b, by, false) < 2n ** 53n);
    fc.assert(
      fc.property(parts, fc.boolean(), ([a, b, divisor], isEven) => {
        const rounding = isEven ? 'halfEven' : 'halfUp';
        assert.equal(BigInt(mulDiv(a, b, divisor, rounding)), exact(a, b, divisor, isEven));
      }),
      runs(2000, 100_000),
    );
  });

  it('divided by weights gives each its whole part, and one more to the largest remainders, the first first', () => {
    const weights = fc.array(fc.oneof(fc.nat({ max: 5 }), fc.nat({ max: 10 ** 12 })), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(amount, weights, (minor, all) => {
        const total = BigInt(all.reduce((one, other) => one + other, 0));
        if (total === 0n) return assert.deepEqual(allocate(minor, all), [minor, ...all.slice(1).map(() => 0)]);
        const exact = all.map((one, index) => ({ index, product: BigInt(minor) * BigInt(one) }));
        const parts = exact.map(({ product }) => product / total);
        const left = BigInt(minor) - parts.reduce((one, other) => one + other, 0n);
        const first = exact
          .toSorted((a, b) => Number((b.product % total) - (a.product % total)) || a.index - b.index)
          .slice(0, Number(left));
        for (const { index } of first) parts[index] = (parts[index] ?? 0n) + 1n;
        assert.deepEqual(allocate(minor, all).map(BigInt), parts);
      }),
      runs(1000, 50_000),
    );
  });
});
