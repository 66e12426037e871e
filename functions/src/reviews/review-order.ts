import type { Transaction } from 'firebase-admin/firestore';
import type { z } from 'zod';
import type { ReviewOrderInput, ReviewOrderOutput } from '../calls/reviews.js';
import type { Order } from '../contract/orders.js';
import type { Content, Review } from '../contract/reviews.js';
import { flagParties, requireDistinctParties } from '../abuse/links.js';
import { filterText } from '../moderation/filter.js';
import type { Caller, Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { Refusal } from '../core/outcome.js';
import { holdContent } from './hold-content.js';
import { newReport, toContentPath } from './model/content.js';

type Input = z.infer<typeof ReviewOrderInput>;
type Said = Input['restaurant'];
interface About {
  content: Content;
  said: Said;
}

/** The time in which an order can be reviewed. */
const REVIEW_MS = 30 * 24 * 3_600_000;

/**
 * Records a review of restaurant and courier, once. The rating follows within the hour, so that no order writes to it.
 */
export async function reviewOrder(
  ctx: Context,
  { uid }: Caller,
  input: Input,
): Promise<z.infer<typeof ReviewOrderOutput>> {
  const { orderId } = input;
  return ctx.db.runTransaction(async (tx) => {
    const order = (await tx.get(paths.order(ctx.db, orderId))).data();
    if (order?.customerId !== uid) throw new Refusal('ORDER_NOT_FOUND', { orderId });
    const subjects = listSubjects(order, input);
    const known = (await tx.get(paths.review(ctx.db, `restaurants/${order.restaurantId}`, orderId))).data();
    if (known) return { state: sameAs(known, input), replayed: true };
    checkTime(ctx, order);
    const tie = await requireDistinctParties(ctx, order);
    flagParties(ctx, tx, orderId, tie);
    const reviews = subjects.map((about) => write(ctx, tx, orderId, order, about));
    return { state: reviews.some(({ state }) => state === 'held') ? 'held' : 'shown', replayed: false };
  });
}

function listSubjects({ restaurantId, courierId }: Order, { orderId, restaurant, courier }: Input): About[] {
  const kitchen: About = { content: { type: 'restaurantReview', restaurantId, orderId }, said: restaurant };
  if (courier === undefined) return [kitchen];
  if (courierId === null) throw new Refusal('COURIER_REQUIRED');
  return [kitchen, { content: { type: 'courierReview', courierId, orderId }, said: courier }];
}

/** The same review is a retry of the phone; a different one is refused. */
function sameAs({ state, stars, text }: Review, { restaurant }: Input): Review['state'] {
  if (stars !== restaurant.stars || text !== filterText(restaurant.text).text) throw new Refusal('ALREADY_REVIEWED');
  return state;
}

function checkTime(ctx: Context, { status, events }: Order): void {
  const endedAtMs = events.find(({ to }) => to === 'delivered' || to === 'collected')?.atMs;
  if (endedAtMs === undefined || !['delivered', 'collected', 'completed'].includes(status))
    throw new Refusal('NOT_DELIVERED', { status });
  if (ctx.now() > endedAtMs + REVIEW_MS) throw new Refusal('TOO_LATE', { days: 30 });
}

function write(ctx: Context, tx: Transaction, orderId: string, order: Order, { content, said }: About): Review {
  const { text, words } = filterText(said.text);
  const nowMs = ctx.now();
  const review: Review = {
    authorName: order.customerName.split(' ')[0] ?? order.customerName,
    stars: said.stars,
    text,
    state: words > 0 ? 'held' : 'shown',
    createdAtMs: nowMs,
    countedStars: 0,
    isDue: words === 0,
  };
  const path = toContentPath(content);
  tx.create(paths.review(ctx.db, path.slice(0, path.indexOf('/reviews/')), orderId), review);
  if (review.state === 'held') holdContent(ctx, tx, newReport(content, order.customerId, nowMs));
  return review;
}
