import assert from 'node:assert/strict';
import type { PricedLine } from '#functions/contract/pricing.js';
import type { Menu } from '#functions/contract/restaurants.js';
import { reviewLines } from '#functions/discovery/model/review-lines.js';
import { aMenu, START_MS } from '#fixtures/catalogue.js';
import { aPricing } from '#fixtures/orders.js';

/** Two margheritas with extra cheese at 11.50. */
const [line] = aPricing().lines;
const [margherita, ...otherItems] = aMenu().items;
const [extras, ...otherGroups] = aMenu().groups;
assert.ok(line && margherita && extras);
const ORDERED: PricedLine = {
  ...line,
  modifiers: [{ optionId: 'cheese', quantity: 1, modifiers: [] }],
  unitMinor: 1150,
};
const review = (menu: Menu, soldOut: Record<string, number> = {}) =>
  reviewLines([ORDERED], { menu, kind: 'delivery', soldOut, nowMs: START_MS });
const CART = { itemId: 'margherita', quantity: 2, modifiers: [{ optionId: 'cheese', quantity: 1, modifiers: [] }] };
const gone = (reason: string) => ({
  lines: [{ outcome: 'gone', itemId: 'margherita', name: 'Margherita', reason }],
  cart: [],
});

describe('reviewLines', () => {
  it('keeps a line with its choices and its note', () => {
    const noted = { ...ORDERED, note: 'well done' };
    const { lines, cart } = reviewLines([noted], { menu: aMenu(), kind: 'delivery', soldOut: {}, nowMs: START_MS });
    assert.deepEqual(cart, [{ ...CART, note: 'well done' }]);
    assert.deepEqual(lines, [{ outcome: 'kept', line: cart[0], unitMinor: 1150 }]);
  });
  it('shows the present and the earlier price of a line', () => {
    const dearer = aMenu({ items: [{ ...margherita, priceMinor: 1100 }, ...otherItems] });
    assert.deepEqual(review(dearer).lines, [{ outcome: 'repriced', line: CART, unitMinor: 1250, beforeMinor: 1150 }]);
  });
  it('gives the reason where a line is not available', () => {
    assert.deepEqual(review(aMenu({ items: [] })), gone('ITEM_UNKNOWN'));
    assert.deepEqual(review(aMenu(), { cheese: START_MS + 1 }), gone('ITEM_SOLD_OUT'));
    assert.deepEqual(review(aMenu({ groups: [{ ...extras, min: 2 }, ...otherGroups] })), gone('MODIFIER_COUNT'));
    assert.deepEqual(review(aMenu({ groups: otherGroups })), gone('MODIFIER_UNKNOWN'));
  });
});
