import { strict as assert } from 'node:assert';
import { aBareZone, aPromotion, MINUTE, START_MS } from '#fixtures/catalogue.js';
import { margherita, pricedBare, type Line } from './price.js';

const percent = (ratePpm: number) => ({ type: 'percent' as const, ratePpm });
const fixed = (amountMinor: number) => ({ type: 'fixed' as const, amountMinor });
const item = (facts: Partial<Parameters<typeof aPromotion>[0]> & Pick<Parameters<typeof aPromotion>[0], 'benefit'>) =>
  aPromotion({ kind: 'item', ...facts });

describe('item promotions', () => {
  const off = (quantity: number, ...promotions: ReturnType<typeof aPromotion>[]) =>
    pricedBare({ lines: [margherita(quantity)], promotions }).lines[0]?.itemDiscountMinor;

  it('give the best one to a unit, not their sum', () => {
    assert.equal(off(2, item({ id: 'a', benefit: percent(100_000) }), item({ id: 'b', benefit: fixed(300) })), 600);
  });
  it('take a fixed discount off each unit, and a percentage off the unit with its modifiers', () => {
    assert.equal(off(3, item({ benefit: fixed(300) })), 900);
    const lines = [margherita(2, [{ optionId: 'cheese', quantity: 1 }])];
    assert.equal(pricedBare({ lines, promotions: [item({ benefit: percent(500_000) })] }).totals.discountMinor, 1150);
  });
  it('are capped for the whole cart, not for each line', () => {
    const half = item({ itemIds: ['margherita', 'cola'], benefit: percent(500_000), capMinor: 400 });
    const lines = [
      margherita(1),
      margherita(1, [{ optionId: 'cheese', quantity: 1 }]),
      { itemId: 'cola', quantity: 1 },
    ];
    assert.equal(pricedBare({ lines, promotions: [half] }).totals.discountMinor, 400);
  });
  it('make the cheapest units of each full set free, and never the modifiers', () => {
    const twoForOne = item({ benefit: { type: 'buyGet', buy: 1, free: 1 } });
    assert.deepEqual(
      [off(1, twoForOne), off(2, twoForOne), off(3, twoForOne), off(4, twoForOne)],
      [0, 1000, 1000, 2000],
    );
    const lines = [margherita(2, [{ optionId: 'cheese', quantity: 1 }])];
    assert.equal(pricedBare({ lines, promotions: [twoForOne] }).totals.totalMinor, 1300);
    assert.equal(off(6, item({ benefit: { type: 'buyGet', buy: 2, free: 1 } })), 2000);
  });
  it('make no unit free that another of them counts as bought', () => {
    const offers = ['a', 'b'].map((id) => item({ id, benefit: { type: 'buyGet', buy: 1, free: 1 } }));
    assert.equal(off(6, ...offers), 3000);
    // The same six, three of them with olives: the base price of three is given as well.
    const lines = [margherita(3), margherita(3, [{ optionId: 'olives', quantity: 1 }])];
    assert.equal(pricedBare({ lines, promotions: offers }).totals.discountMinor, 3000);
    // Two of six by the one, three by the other: three in all.
    const third = item({ id: 'c', benefit: { type: 'buyGet', buy: 2, free: 1 } });
    assert.equal(off(6, third, ...offers), 3000);
  });
  it('are capped, and never exceed the line', () => {
    assert.equal(off(2, item({ benefit: percent(500_000), capMinor: 400 })), 400);
    assert.equal(off(2, item({ benefit: fixed(9999) })), 2000);
  });
  it('apply to their items only', () =>
    assert.equal(off(2, item({ itemIds: ['cola'], benefit: percent(500_000) })), 0));
  it('apply from their start until just before their end', () => {
    const running = (startsAtMs: number, endsAtMs: number) =>
      off(2, item({ benefit: percent(500_000), startsAtMs, endsAtMs }));
    assert.deepEqual(
      [running(START_MS, START_MS + 1), running(START_MS + 1, START_MS + MINUTE), running(START_MS - MINUTE, START_MS)],
      [1000, 0, 0],
    );
  });
  it('need their minimum, of the undiscounted sum', () => {
    assert.deepEqual(
      [
        off(2, item({ benefit: percent(500_000), minimumItemsMinor: 2000 })),
        off(2, item({ benefit: percent(500_000), minimumItemsMinor: 2001 })),
      ],
      [1000, 0],
    );
  });
});

describe('order promotions', () => {
  const order = (id: string, benefit: Parameters<typeof aPromotion>[0]['benefit'], more = {}) =>
    aPromotion({ id, kind: 'order', benefit, ...more });
  const cola = { itemId: 'cola', quantity: 1 };

  it('take the percentages first, then the fixed ones, each off the rest', () => {
    const promotions = [order('a-fixed', fixed(500)), order('b-percent', percent(100_000))];
    // 20.00 − 10 % = 18.00, − 5.00 = 13.00
    assert.equal(pricedBare({ promotions }).totals.totalMinor, 1300);
  });
  it('are capped, and never exceed the sum', () => {
    assert.equal(
      pricedBare({ promotions: [order('a', percent(500_000), { capMinor: 700 })] }).totals.discountMinor,
      700,
    );
    assert.equal(pricedBare({ promotions: [order('a', fixed(9999))] }).totals.totalMinor, 0);
  });
  it('are spread over the lines by largest remainder, ties by the first line', () => {
    const spread = (amountMinor: number, ...lines: Line[]) =>
      pricedBare({ lines, promotions: [order('a', fixed(amountMinor))] }).lines.map((line) => line.orderDiscountMinor);
    assert.deepEqual(spread(101, cola, cola), [51, 50]);
    assert.deepEqual(spread(100, cola, cola, cola), [34, 33, 33]);
    assert.deepEqual(spread(130, { itemId: 'margherita', quantity: 1 }, cola), [100, 30]);
  });
  it('spread over their eligible lines only', () => {
    const { lines } = pricedBare({
      lines: [margherita(1), cola],
      promotions: [order('a', fixed(500), { itemIds: ['cola'] })],
    });
    assert.deepEqual(
      lines.map((line) => line.orderDiscountMinor),
      [0, 300],
    );
  });
  it('need their minimum in the undiscounted sum', () => {
    const half = item({ benefit: percent(500_000) });
    const five = (minimumItemsMinor: number) => order('a', fixed(500), { minimumItemsMinor });
    assert.equal(pricedBare({ promotions: [half, five(2000)] }).totals.totalMinor, 500);
    assert.equal(pricedBare({ promotions: [half, five(2001)] }).totals.totalMinor, 1000);
  });
  it('list only the promotions that reduced the price', () => {
    const promotions = [
      order('used', fixed(100)),
      order('unused', fixed(0)),
      item({ id: 'other', itemIds: ['cola'], benefit: fixed(100) }),
    ];
    assert.deepEqual(pricedBare({ promotions }).promotionIds, ['used']);
  });
});

describe('a discount and the tax', () => {
  const taxed = (merchantFundedPpm: number, platformDiscountLowersTaxBase: boolean) => {
    const zone = aBareZone({ taxes: { food: { ratePpm: 100_000, mode: 'exclusive' } }, platformDiscountLowersTaxBase });
    return pricedBare({ zone, promotions: [aPromotion({ kind: 'order', benefit: fixed(1000), merchantFundedPpm })] })
      .totals.taxMinor;
  };
  it("is outside of the tax base when the merchant pays, for any setting of the platform's", () => {
    assert.deepEqual([taxed(1_000_000, true), taxed(1_000_000, false)], [100, 100]);
  });
  it('is outside of the tax base when the platform pays, unless the zone says otherwise', () => {
    assert.deepEqual([taxed(0, true), taxed(0, false)], [100, 200]);
  });
  it('is outside of the tax base by the part that the merchant pays', () => assert.equal(taxed(500_000, false), 150));
});
