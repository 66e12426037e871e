import type { Order } from '../../../functions/src/contract/orders.js';
import { complain, mayComplain } from './claims.js';
import type { Ordering } from './customer.js';
import { pause } from './pause.js';
import { review } from './reviews.js';
import { payAtStripe } from './stripe-sheet.js';

/** What comes after a delivery: thanks to the courier, words for others, and money back for what was not right. */
export async function afterwards(ordering: Ordering, orderId: string, order: Order): Promise<void> {
  if (order.status !== 'delivered' && order.status !== 'collected') return;
  const { plan, operator } = ordering;
  if (plan.review) await review(ordering, orderId, order, plan.review);
  if (plan.disputes && order.payment.intentId !== null) return dispute(ordering, order.payment.intentId);
  if (plan.tipAfterMinor > 0 && order.courierId !== null) await tip(ordering, orderId);
  if (plan.claim && mayComplain(order)) await complain(ordering, orderId, order, plan.claim);
  if (plan.refundTo !== null)
    await operator.refundFirstLine(orderId, order.payment.method === 'cash' ? 'credit' : plan.refundTo);
}

const ASK_AGAIN_MS = 50;

/** The customer tells the bank that the food never came, as soon as there is something to get back. */
async function dispute({ stack, operator, events }: Ordering, intentId: string): Promise<void> {
  const { host, ports } = stack;
  const tell = () =>
    fetch(`http://${host}:${ports.stripe}/_local/disputes`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ payment_intent: intentId, reason: 'product_not_received' }),
    });
  let told = await tell();
  while (!told.ok) {
    await pause(ASK_AGAIN_MS);
    told = await tell();
  }
  const { id }: { id: string } = JSON.parse(await told.text());
  await operator.answerDispute(id);
  events.tell({ type: 'happened', what: 'disputed' });
}

async function tip({ app, stack, plan, events }: Ordering, orderId: string): Promise<void> {
  const wish = { orderId, idempotencyKey: crypto.randomUUID(), amountMinor: plan.tipAfterMinor };
  const { payment } = await app.call('addTip', wish);
  if (!payment) throw new Error(`the tip of ${orderId} has nothing to be paid with`);
  await payAtStripe(stack, payment, 'delivered');
  // Asked again with the same key it says what became of it, whichever of the answer and the webhook is first.
  const { status } = await app.call('addTip', wish);
  if (status !== 'paid') throw new Error(`the tip of ${orderId} is ${status}`);
  events.tell({ type: 'happened', what: 'tipped' });
}
