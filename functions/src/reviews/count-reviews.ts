import { attempt, readPages, filterReadable } from '../platform/isolate.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { recountRating, starsToCount } from './model/rating.js';
import { update } from '../platform/stored.js';

/** The number of reviews that are read at once. */
const PAGE = 300;

/**
 * Updates the ratings with new, held and removed reviews, every hour, with one write for each restaurant and courier
 * that has some, so that a review does not write to a document that many clients read. The stars that a review
 * contributes are stored in it and change in the commit of the rating: an interrupted run, or two concurrent ones,
 * count nothing twice. Returns how many reviews were counted.
 */
export async function countReviews(ctx: Context): Promise<number> {
  let counted = 0;
  const due = paths.allReviews(ctx.db).where('isDue', '==', true).orderBy('__name__');
  for await (const page of readPages(due, PAGE)) {
    const reviews = await filterReadable(ctx, 'countReviews', page);
    const ownerOf = ({ ref }: (typeof reviews)[number]) => ref.parent.parent?.path ?? '';
    for (const owner of new Set(reviews.map(ownerOf))) {
      const orderIds = reviews.filter((review) => ownerOf(review) === owner).map(({ id }) => id);
      const done = await attempt(ctx, 'countReviews', owner, () => countFor(ctx, owner, orderIds));
      if (done.ok) counted += orderIds.length;
    }
  }
  return counted;
}

function countFor(ctx: Context, owner: string, orderIds: readonly string[]): Promise<void> {
  return ctx.db.runTransaction(async (tx) => {
    const ref = paths.rated(ctx.db, owner);
    const [stored, ...reviews] = await Promise.all([
      tx.get(ref),
      ...orderIds.map((orderId) => tx.get(paths.review(ctx.db, owner, orderId))),
    ]);
    const due = reviews.flatMap((one) => {
      const review = one.data();
      return review?.isDue ? [{ ref: one.ref, review }] : [];
    });
    const before = stored.data()?.rating ?? { sum: 0, count: 0 };
    // The restaurant or courier no longer exists.
    if (stored.exists)
      update(tx, ref, {
        rating: recountRating(
          before,
          due.map(({ review }) => review),
        ),
      });
    for (const { ref: own, review } of due) update(tx, own, { isDue: false, countedStars: starsToCount(review) });
  });
}
