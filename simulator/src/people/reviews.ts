import type { Content, Order } from '../../../clients/typescript/src/index.js';
import type { Ordering } from './customer.js';
import type { ReviewPlan } from './plan.js';

const TEXTS: Readonly<Record<number, string>> = {
  1: 'Never again.',
  2: 'Lukewarm.',
  3: 'As one expects.',
  4: 'Good, and soon there.',
  5: 'The best in town.',
};

/** Reviews the order. An operator decides about rude and reported reviews, and the author may appeal once. */
export async function review(
  ordering: Ordering,
  orderId: string,
  order: Order,
  { stars, fate }: ReviewPlan,
): Promise<void> {
  const { app, events, random } = ordering;
  const text = fate === 'rude' ? 'The cook is a bastard.' : (TEXTS[stars] ?? '');
  const courier = order.courierId === null ? {} : { courier: { stars: random.between(3, 5), text: '' } };
  const { state } = await app.call('reviewOrder', { orderId, restaurant: { stars, text }, ...courier });
  events.emit({ type: 'happened', what: 'reviewed' });
  if ((state === 'held') !== (fate === 'rude')) throw new Error(`the review of ${orderId} is ${state}`);
  const content = { type: 'restaurantReview' as const, restaurantId: order.restaurantId, orderId };
  if (fate === 'rude') await settleHeldReview(ordering, content);
  else if (fate !== 'shown') await settleReportedReview(ordering, content, fate === 'reportedAndRemoved');
  else if (stars < 4) await answer(ordering, order.restaurantId, orderId);
}

/** The kitchen replies to a poor review, and corrects the reply. */
async function answer({ kitchen, events }: Ordering, restaurantId: string, orderId: string): Promise<void> {
  for (const text of ['We are sory.', 'We are sorry: the next dessert is on us.'])
    await kitchen.call('replyToReview', { restaurantId, orderId, text });
  events.emit({ type: 'happened', what: 'reviewAnswered' });
}

/** The filter holds the review; the operator and, after an appeal, a second operator remove it. */
async function settleHeldReview(ordering: Ordering, content: Content): Promise<void> {
  ordering.events.emit({ type: 'happened', what: 'reviewHeld' });
  await ordering.operator.decideReport(content, 'remove');
  await appeal(ordering, content);
  await ordering.operator.decideAppeal(content, 'remove');
}

/**
 * The kitchen reports the review as untrue. Where an operator removes it, a second operator restores it after an
 * appeal.
 */
async function settleReportedReview(ordering: Ordering, content: Content, isRemoved: boolean): Promise<void> {
  const { kitchen, operator, events } = ordering;
  await kitchen.call('reportContent', { content, reason: 'untrue' });
  events.emit({ type: 'happened', what: 'reviewReported' });
  await operator.decideReport(content, isRemoved ? 'remove' : 'keep');
  if (!isRemoved) return;
  await appeal(ordering, content);
  await operator.decideAppeal(content, 'keep');
}

async function appeal({ app, events }: Ordering, content: Content): Promise<void> {
  await app.call('appeal', { content, text: 'I was there, and I ate it.' });
  events.emit({ type: 'happened', what: 'appealed' });
}
