import { doc, onSnapshot, type Unsubscribe } from 'firebase/firestore';
import type { Order } from '../../../functions/src/contract/orders.js';
import { type Customer, type RestaurantDraft } from '../city/population.js';
import type { Random } from '../random.js';
import type { Stack } from '../stack.js';
import { sweepAt } from '../sweep.js';
import type { Events } from '../events.js';
import { afterwards } from './afterwards.js';
import { fillCart, SOON_MS } from './cart.js';
import type { Doors } from './doors.js';
import { pause } from './merchant.js';
import type { Operator } from './operator.js';
import { isTooLate, type App } from './app.js';
import type { Plan } from './plan.js';
import { payAtStripe } from './stripe-sheet.js';

export interface Ordering {
  stack: Stack;
  app: App;
  customer: Customer;
  restaurant: RestaurantDraft;
  /** Of the restaurant's owner. */
  kitchen: App;
  plan: Plan;
  random: Random;
  doors: Doors;
  events: Events;
  operator: Operator;
}

/** Orders as a person would: reads the menu, agrees to a price, pays, and follows the order to its end. */
export async function orderMeal(ordering: Ordering): Promise<{ orderId: string; order: Order }> {
  const { app, restaurant, plan, customer, doors, events, stack } = ordering;
  const quote = await fillCart(ordering);
  events.tell({ type: 'quoted', who: customer.name, restaurant: restaurant.name, totalMinor: quote.totals.totalMinor });
  const placed = await app.call('placeOrder', {
    quoteId: quote.quoteId, idempotencyKey: crypto.randomUUID(), confirmedTotalMinor: quote.totals.totalMinor,
  }); // prettier-ignore
  if (placed.outcome !== 'placed') throw new Error(`the price of ${quote.quoteId} changed while it was placed`);
  const { orderId } = placed;
  doors.plans.set(orderId, plan);
  doors.pins.set(orderId, placed.pin);
  doors.homes.set(orderId, customer.home);
  if (placed.payment) await payAtStripe(stack, placed.payment, plan.story);
  if (plan.scheduled) await pause(SOON_MS).then(() => sweepAt(stack, Date.now()));
  const order = await follow(ordering, orderId);
  events.tell({ type: 'ended', orderId, order });
  await afterwards(ordering, orderId, order);
  return { orderId, order };
}

const ENDS: readonly Order['status'][] = [
  'delivered',
  'collected',
  'completed',
  'cancelled',
  'rejected',
  'expired',
  'returned',
];

/** No order of the simulated city takes longer; the backend's own limits are minutes. */
const PATIENCE_MS = 180_000;

/** Listens to the order; cancels where the plan says so; resolves when it has ended for the customer. */
function follow(ordering: Ordering, orderId: string): Promise<Order> {
  const { app, plan, events } = ordering;
  return new Promise((resolve, reject) => {
    let answering = false;
    let stop: Unsubscribe = () => undefined;
    let cancelling = false;
    let told = 0;
    let state = 'unseen';
    const impatient = setTimeout(() => {
      stop();
      reject(new Error(`order ${orderId} (${plan.story}) has not ended after ${PATIENCE_MS / 1000} s: ${state}`));
    }, PATIENCE_MS);
    stop = onSnapshot(
      doc(app.db, `orders/${orderId}`),
      (snapshot) => {
        const order = snapshot.data() as Order;
        for (const event of order.events.slice(told)) events.tell({ type: 'moved', orderId, order, event });
        told = order.events.length;
        state = order.events.map((event) => event.action).join(', ');
        if (!cancelling && wantsToCancel(plan, order)) {
          cancelling = true;
          app
            .call('cancelOrder', { orderId, idempotencyKey: crypto.randomUUID(), reason: 'changed my mind' })
            .catch((error: unknown) => {
              // Then it just goes on.
              if (!isTooLate(error)) reject(error);
            });
        }
        if (order.edit && !answering) {
          answering = true;
          agree(ordering, orderId).catch(reject);
        }
        if (!ENDS.includes(order.status) || (plan.watchPayment && order.payment.status === 'voiding')) return;
        stop();
        clearTimeout(impatient);
        resolve(order);
      },
      reject,
    );
  });
}

/** Yes to what the kitchen suggests, and what it costs more is paid like the order. */
async function agree({ app, stack, plan }: Ordering, orderId: string): Promise<void> {
  const { payment } = await app.call('answerEdit', { orderId, idempotencyKey: crypto.randomUUID(), answer: 'approve' });
  if (payment) await payAtStripe(stack, payment, plan.story);
}

function wantsToCancel(plan: Plan, order: Order): boolean {
  if (plan.story === 'cancelEarly') return order.status === 'placed';
  return plan.story === 'cancelLate' && order.status === 'preparing';
}
