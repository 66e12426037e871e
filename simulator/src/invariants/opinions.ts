import { sum, listIf } from './breach.js';
import type { Books } from './snapshot.js';

/**
 * A rating counts the stars of exactly the reviews that are shown. Reviews that are not counted yet keep their last
 * counted stars.
 */
export function ratingBreaches({ opinions }: Books): string[] {
  if (!opinions) return [];
  return opinions.ratings.flatMap(([owner, rating = { sum: 0, count: 0 }]) => {
    const own = opinions.reviews.filter(([whose]) => whose === owner).map(([, , review]) => review);
    const counted = own.filter(({ isDue, state }) => !isDue && state === 'shown').map(({ stars }) => stars);
    const waiting = own.filter(({ isDue }) => isDue).map(({ countedStars }) => countedStars);
    const stars = [...counted, ...waiting.filter((one) => one > 0)];
    return listIf(
      rating.sum !== sum(stars) || rating.count !== stars.length,
      `${owner}: rating of ${rating.sum} stars in ${rating.count} reviews, expected ${sum(stars)} in ${stars.length}`,
    );
  });
}
