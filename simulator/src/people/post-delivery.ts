import { minor, type Order } from '../../../clients/typescript/src/index.js';
import { readOwnBill } from './bill.js';
import { complain, mayComplain } from './claims.js';
import type { Ordering } from './customer.js';
import { pause } from './pause.js';
import { review } from './reviews.js';
import { payAtStripe } from './stripe-sheet.js';

/** What the customer does after a delivery: review, dispute, tip, claim, refund. */
export async function runPostDelivery(
  ordering: Ordering,
  orderId: string,
  order: Order,
  intentId: string | null,
): Promise<void> {
  if (order.status !== 'delivered' && order.status !== 'collected') return;
  const { plan, operator } = ordering;
  if (plan.review) await review(ordering, orderId, order, plan.review);
  if (plan.disputes && intentId !== null) return dispute(ordering, intentId);
  if (plan.tipAfterMinor > 0 && order.courierId !== null) await tip(ordering, orderId);
  if (plan.claim && mayComplain(await readOwnBill(ordering.app, orderId))) {
    if (order.events.some(({ proof }) => proof === 'photo')) await lookAtProof(ordering, orderId);
    await complain(ordering, orderId, order, plan.claim);
  }
  if (plan.refundTo !== null)
    await operator.refundFirstLine(orderId, order.payment.method === 'cash' ? 'credit' : plan.refundTo);
}

/** Opens the photo with which the courier proved the delivery. */
async function lookAtProof({ app, events }: Ordering, orderId: string): Promise<void> {
  await app.call('openFile', { type: 'proof', orderId });
  events.emit({ type: 'happened', what: 'proofOpened' });
}

const RETRY_MS = 50;

/** Disputes the payment with the bank, as soon as it is captured. */
async function dispute({ stack, operator, events }: Ordering, intentId: string): Promise<void> {
  const { host, ports } = stack;
  const openDispute = () =>
    fetch(`http://${host}:${ports.stripe}/_local/disputes`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ payment_intent: intentId, reason: 'product_not_received' }),
    });
  let response = await openDispute();
  while (!response.ok) {
    await pause(RETRY_MS);
    response = await openDispute();
  }
  const { id }: { id: string } = JSON.parse(await response.text());
  await operator.answerDispute(id);
  events.emit({ type: 'happened', what: 'disputed' });
}

/** Enough of any order of the city that a card can be charged. */
const AFTERWARDS_PPM = 150_000;

async function tip({ app, stack, plan, events }: Ordering, orderId: string): Promise<void> {
  const [orderedBy, amountMinor] = [{ orderId, idempotencyKey: crypto.randomUUID() }, minor(plan.tipAfterMinor)];
  const wish = plan.tipPpm > 0 ? { ...orderedBy, ratePpm: AFTERWARDS_PPM } : { ...orderedBy, amountMinor };
  const { payment } = await app.call('addTip', wish);
  if (!payment) throw new Error(`addTip returned no payment for the tip of ${orderId}`);
  await payAtStripe(stack, payment, 'delivered');
  // A repeated call with the same key returns the tip's current status, whether the webhook came before it or not.
  const { status } = await app.call('addTip', wish);
  if (status !== 'paid') throw new Error(`the tip of ${orderId} is ${status}`);
  events.emit({ type: 'happened', what: 'tipped' });
}
