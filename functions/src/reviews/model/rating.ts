import type { Rating, Review } from '../../contract/reviews.js';

/** Returns the stars of a review that count in a rating. */
export const starsToCount = ({ state, stars }: Pick<Review, 'state' | 'stars'>): number =>
  state === 'shown' ? stars : 0;

/** Computes the rating with the current state of these reviews: their earlier contributions are subtracted. */
export function recountRating(rating: Rating, reviews: readonly Review[]): Rating {
  return reviews.reduce(({ sum, count }, review) => {
    const stars = starsToCount(review);
    const units = (counted: number) => (counted > 0 ? 1 : 0);
    return { sum: sum + stars - review.countedStars, count: count + units(stars) - units(review.countedStars) };
  }, rating);
}
