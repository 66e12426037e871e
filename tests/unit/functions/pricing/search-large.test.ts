import { strict as assert } from 'node:assert';
import type { Promotion } from '#functions/contract/zones.js';
import { findBestPrice } from '#functions/pricing/best-price.js';
import type { PricingInput } from '#functions/pricing/price-order.js';
import { aMenu, aPromotion, aZonePricing } from '#fixtures/catalogue.js';
import { anInput } from './price.js';
import { searchAll } from './search-all.js';

/** Fifty items with as many units as a line may have, and ten promotions on each of them. */
function aLargeInput(kind: string): PricingInput {
  const [pizza] = aMenu().items;
  assert.ok(pizza);
  const items = Array.from({ length: 50 }, (_, at) => ({
    ...pizza,
    id: `item-${at}`,
    priceMinor: 137 + at * 31,
    groupIds: [],
  }));
  const itemIds = items.map(({ id }) => id);
  const promotions = Array.from({ length: 10 }, (_, at): Promotion => {
    const common = { id: `p-${at}`, merchantFundedPpm: 333_333, capMinor: 5000 + at * 777, itemIds };
    const percent = { type: 'percent' as const, ratePpm: 11_111 + at * 3333 };
    const isItem = kind === 'item' || (kind === 'mixed' && at < 5);
    if (!isItem) return aPromotion({ ...common, kind: at === 9 ? 'delivery' : 'order', benefit: percent });
    const buyGet = { type: 'buyGet' as const, buy: 1 + (at % 3), free: 1 };
    return aPromotion({ ...common, kind: 'item', benefit: at % 2 === 0 ? percent : buyGet });
  });
  const zone = aZonePricing({ deliveryTax: 'goods', platformDiscountLowersTaxBase: false });
  const lines = items.map(({ id }, at) => ({ itemId: id, quantity: 1 + ((at * 7) % 99) }));
  return anInput({ menu: aMenu({ items }), lines, promotions, zone });
}

describe('the search for the best price of a large cart', () => {
  it('finds the same as pricing every choice completely, for fifty lines and ten promotions of all kinds', () => {
    const inputs = ['mixed', 'item', 'order'].map((kind) => aLargeInput(kind));
    for (const input of inputs) assert.deepEqual(findBestPrice(input), searchAll(input));
  });
});
