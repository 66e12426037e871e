import type { Rating, Review } from '../../contract/reviews.js';

/** What of a review is to be seen in a rating. */
export const starsToCount = ({ state, stars }: Pick<Review, 'state' | 'stars'>): number =>
  state === 'shown' ? stars : 0;

/** The rating once these reviews count as they are now: what they counted for before is taken out. */
export function recount(rating: Rating, reviews: readonly Review[]): Rating {
  return reviews.reduce(({ sum, count }, review) => {
    const stars = starsToCount(review);
    const units = (counted: number) => (counted > 0 ? 1 : 0);
    return { sum: sum + stars - review.countedStars, count: count + units(stars) - units(review.countedStars) };
  }, rating);
}
