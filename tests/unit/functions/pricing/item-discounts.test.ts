import { strict as assert } from 'node:assert';
import type { Promotion } from '#functions/contract/zones.js';
import { itemDiscounts, type ItemPromotion } from '#functions/pricing/item-discounts.js';
import { findEligible, orderDiscounts, type OrderPromotion } from '#functions/pricing/order-discounts.js';
import { aPromotion } from '#fixtures/catalogue.js';

const percent = (ratePpm: number) => ({ type: 'percent' as const, ratePpm });
const fixed = (amountMinor: number) => ({ type: 'fixed' as const, amountMinor });
const buyGet = (buy: number, free: number) => ({ type: 'buyGet' as const, buy, free });

const isItem = (one: Promotion): one is ItemPromotion => one.kind === 'item';
const isOrder = (one: Promotion): one is OrderPromotion => one.kind !== 'item';

type Goods = Parameters<typeof itemDiscounts>[0][number];
/** With a modifier of 1.50. */
const pizza = (quantity: number, unitMinor = 1150): Goods => ({
  itemId: 'pizza',
  baseMinor: 1000,
  unitMinor,
  quantity,
});
const plain = (itemId: string, priceMinor: number, quantity: number): Goods => ({
  itemId,
  baseMinor: priceMinor,
  unitMinor: priceMinor,
  quantity,
});

/** What each promotion takes off each of the goods, in the order in which they are listed. */
const off = (goods: readonly Goods[], benefits: Record<string, ItemPromotion['benefit']>) => {
  const itemIds = ['pizza', 'cola', 'dip'];
  const promotions = Object.entries(benefits).map(([id, benefit]) =>
    aPromotion({ id, kind: 'item', itemIds, benefit }),
  );
  return itemDiscounts(goods, promotions.filter(isItem), 'halfUp').map(
    ({ promotion, byGoods }) => `${promotion.id}: ${byGoods.join(' ')}`,
  );
};

describe('the best item promotion for a unit', () => {
  it('is the one that takes most off it, with its modifiers', () => {
    // A fifth of 11.50 is 2.30.
    assert.deepEqual(off([pizza(3)], { a: fixed(200), b: percent(200_000) }), ['a: 0', 'b: 690']);
    assert.deepEqual(off([pizza(3)], { a: fixed(240), b: percent(200_000) }), ['a: 720', 'b: 0']);
  });
  it('is that of the smaller id where they take the same, at most the price', () => {
    assert.deepEqual(off([pizza(2)], { b: fixed(5000), a: percent(1_000_000) }), ['a: 2300', 'b: 0']);
    assert.deepEqual(off([pizza(2)], { a: fixed(5000), b: percent(1_000_000) }), ['a: 2300', 'b: 0']);
  });
  it('frees as many units as are free, and leaves the others to the next best', () => {
    assert.deepEqual(off([pizza(3)], { a: buyGet(2, 1), b: percent(200_000) }), ['a: 1000', 'b: 460']);
    // Nine tenths of 11.50 are more than the 10.00 of a free unit, whose modifiers are paid.
    assert.deepEqual(off([pizza(3)], { a: buyGet(2, 1), b: percent(900_000) }), ['a: 0', 'b: 3105']);
    assert.deepEqual(off([pizza(2, 800)], { a: buyGet(1, 1) }), ['a: 800']);
  });
  it('frees no unit twice: two promotions free the same ones first', () => {
    assert.deepEqual(off([plain('pizza', 1000, 6)], { a: buyGet(1, 1), b: buyGet(2, 1) }), ['a: 3000', 'b: 0']);
    assert.deepEqual(off([plain('pizza', 1000, 6)], { a: buyGet(2, 1), b: buyGet(1, 1) }), ['a: 2000', 'b: 1000']);
  });
});

describe('the units that a promotion frees', () => {
  const free = (...goods: Goods[]) => off(goods, { a: buyGet(1, 1) });
  it('are the cheapest of all matching goods together', () => {
    assert.deepEqual(free(plain('pizza', 1000, 1), plain('cola', 300, 1)), ['a: 0 300']);
    assert.deepEqual(free(plain('cola', 300, 1), plain('pizza', 1000, 1)), ['a: 300 0']);
    assert.deepEqual(free(plain('pizza', 1000, 4), plain('cola', 300, 1), plain('dip', 100, 1)), ['a: 1000 300 100']);
    assert.deepEqual(free(plain('pizza', 1000, 1), plain('water', 200, 1)), ['a: 0 0']);
  });
  it('are those of the smaller item id where they cost the same, then those without modifiers', () => {
    assert.deepEqual(free(plain('dip', 300, 1), plain('cola', 300, 1)), ['a: 0 300']);
    assert.deepEqual(free(plain('cola', 300, 1), plain('dip', 300, 1)), ['a: 300 0']);
    assert.deepEqual(free(pizza(1), pizza(1, 1000)), ['a: 0 1000']);
    assert.deepEqual(free(pizza(1, 1000), pizza(1)), ['a: 1000 0']);
  });
});

describe('the order promotions of one kind', () => {
  const ofOrder = (benefits: Record<string, OrderPromotion['benefit']>) => {
    const promotions = Object.entries(benefits).map(([id, benefit]) => aPromotion({ id, kind: 'order', benefit }));
    return orderDiscounts(promotions.filter(isOrder), [{ itemId: 'pizza', leftMinor: 1000 }], 'halfUp').map(
      ({ promotion, byGoods }) => `${promotion.id}: ${byGoods.join(' ')}`,
    );
  };
  it('apply by their ids, each on what the former left', () => {
    for (const benefits of [
      { a: percent(100_000), b: percent(200_000) },
      { b: percent(200_000), a: percent(100_000) },
    ])
      assert.deepEqual(ofOrder(benefits), ['a: 100', 'b: 180']);
    assert.deepEqual(ofOrder({ b: fixed(900), a: fixed(300) }), ['a: 300', 'b: 700']);
  });
  it('discount all goods where they name none', () => {
    const eligible = (itemIds?: string[]) => {
      const one = aPromotion({ kind: 'order', benefit: fixed(100), ...(itemIds && { itemIds }) });
      return isOrder(one) && findEligible(one, [{ itemId: 'pizza' }, { itemId: 'cola' }]);
    };
    assert.deepEqual(
      [eligible(), eligible([]), eligible(['cola'])],
      [
        [true, true],
        [true, true],
        [false, true],
      ],
    );
  });
});
