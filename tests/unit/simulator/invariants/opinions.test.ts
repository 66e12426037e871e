import { strict as assert } from 'node:assert';
import type { Review } from '#functions/contract/reviews.js';
import { ratingBreaches } from '#simulator/invariants/opinions.js';
import { START_MS } from '#fixtures/catalogue.js';
import { aReview } from '#fixtures/documents/orders.js';

const review = (changes: Partial<Review>): Review => ({
  ...aReview(),
  stars: 4,
  countedStars: 4,
  isDue: false,
  ...changes,
});
const found = (second: Partial<Review>, rating: { sum: number; count: number } | undefined): string[] => {
  const reviews = [
    ['restaurants/rosa', 'order-1', review({})],
    ['restaurants/rosa', 'order-2', review(second)],
  ] as const;
  const opinions = { reviews, ratings: [['restaurants/rosa', rating] as const] };
  return ratingBreaches({ orders: [], couriers: [], ledger: [], nowMs: START_MS, opinions });
};

describe('a rating', () => {
  it('is the sum of what is shown', () => assert.deepEqual(found({ stars: 2 }, { sum: 6, count: 2 }), []));
  it('leaves out what was removed or is held', () => {
    for (const state of ['removed', 'held'] as const) assert.deepEqual(found({ state }, { sum: 4, count: 1 }), []);
  });
  it('has what waits to be counted as it counted before', () =>
    assert.deepEqual(found({ isDue: true, countedStars: 0 }, { sum: 4, count: 1 }), []));
  it('is found too high, of too many, and missing', () => {
    assert.match(found({ stars: 2 }, { sum: 7, count: 2 }).join(), /7 stars of 2 reviews, there are 6 of 2/);
    assert.match(found({ stars: 2 }, { sum: 6, count: 3 }).join(), /6 stars of 3 reviews, there are 6 of 2/);
    assert.match(found({ stars: 2 }, undefined).join(), /0 stars of 0 reviews, there are 6 of 2/);
  });
});
