import { sumOf, when } from './breach.js';
import type { Books } from './snapshot.js';

/** A rating has the stars of every review that is shown, and of no other. Reviews that wait to be counted are not. */
export function ratingBreaches({ opinions }: Books): string[] {
  if (!opinions) return [];
  return opinions.ratings.flatMap(([owner, rating = { sum: 0, count: 0 }]) => {
    const own = opinions.reviews.filter(([whose]) => whose === owner).map(([, , review]) => review);
    const counted = own.filter(({ isDue, state }) => !isDue && state === 'shown').map(({ stars }) => stars);
    const waiting = own.filter(({ isDue }) => isDue).map(({ countedStars }) => countedStars);
    const stars = [...counted, ...waiting.filter((one) => one > 0)];
    return when(
      rating.sum !== sumOf(stars) || rating.count !== stars.length,
      `${owner}: ${rating.sum} stars of ${rating.count} reviews, there are ${sumOf(stars)} of ${stars.length}`,
    );
  });
}
