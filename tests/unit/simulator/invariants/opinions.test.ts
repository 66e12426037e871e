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
  it('counts the reviews that are shown', () => assert.deepEqual(found({ stars: 2 }, { sum: 6, count: 2 }), []));
  it('does not count removed and held reviews', () => {
    for (const state of ['removed', 'held'] as const) assert.deepEqual(found({ state }, { sum: 4, count: 1 }), []);
  });
  it('keeps the stars that a changed review had until it is counted again', () =>
    assert.deepEqual(found({ isDue: true, countedStars: 0 }, { sum: 4, count: 1 }), []));
  it('is reported where it has too many stars, too many reviews, or is missing', () => {
    assert.match(found({ stars: 2 }, { sum: 7, count: 2 }).join(), /7 stars in 2 reviews, expected 6 in 2/);
    assert.match(found({ stars: 2 }, { sum: 6, count: 3 }).join(), /6 stars in 3 reviews, expected 6 in 2/);
    assert.match(found({ stars: 2 }, undefined).join(), /0 stars in 0 reviews, expected 6 in 2/);
  });
});
