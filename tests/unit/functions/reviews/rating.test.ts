import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import type { Review } from '#functions/contract/reviews.js';
import { recountRating, starsToCount } from '#functions/reviews/model/rating.js';

const aReview = (changes: Partial<Review>): Review => ({
  authorName: 'Ana',
  stars: 4,
  text: '',
  state: 'shown',
  createdAtMs: 0,
  countedStars: 0,
  isDue: true,
  ...changes,
});

describe('recountRating', () => {
  it('adds reviews that are shown, and removes those that no longer are', () => {
    const none = { sum: 0, count: 0 };
    assert.deepEqual(recountRating(none, [aReview({}), aReview({ stars: 5 })]), { sum: 9, count: 2 });
    assert.deepEqual(recountRating(none, [aReview({ state: 'held' })]), none);
    assert.deepEqual(recountRating({ sum: 9, count: 2 }, [aReview({ state: 'removed', countedStars: 4 })]), {
      sum: 5,
      count: 1,
    });
    assert.deepEqual(recountRating({ sum: 9, count: 2 }, [aReview({ countedStars: 4 })]), { sum: 9, count: 2 });
  });

  it('ends with the sum of the shown reviews, for any sequence of changes', () => {
    const step = fc.record({
      which: fc.nat(4),
      state: fc.constantFrom('shown', 'held', 'removed'),
      isCounted: fc.boolean(),
    });
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 5, maxLength: 5 }),
        fc.array(step),
        (stars, steps) => {
          const reviews = stars.map((one) => aReview({ stars: one }));
          let rating = { sum: 0, count: 0 };
          const count = () => {
            rating = recountRating(
              rating,
              reviews.filter(({ isDue }) => isDue),
            );
            for (const one of reviews) Object.assign(one, { isDue: false, countedStars: starsToCount(one) });
          };
          for (const { which, state, isCounted } of steps) {
            Object.assign(reviews[which] ?? {}, { state, isDue: true });
            if (isCounted) count();
          }
          count();
          const shown = reviews.filter(({ state }) => state === 'shown');
          assert.deepEqual(rating, { sum: shown.reduce((sum, one) => sum + one.stars, 0), count: shown.length });
        },
      ),
    );
  });
});
