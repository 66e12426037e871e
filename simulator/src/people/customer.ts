import { doc, onSnapshot, type Unsubscribe } from 'firebase/firestore';
import type { Order } from '../../../functions/src/contract/orders.js';
import type { Outputs, Requests } from '../../../functions/src/contract/callables.js';
import type { Menu } from '../../../functions/src/contract/restaurants.js';
import { getDoc } from 'firebase/firestore';
import { drawCart, type Customer, type RestaurantDraft } from '../city/population.js';
import type { Random } from '../random.js';
import type { Stack } from '../stack.js';
import { sweepAt } from '../sweep.js';
import type { Events } from '../events.js';
import { afterwards } from './afterwards.js';
import type { Doors } from './doors.js';
import { pause } from './merchant.js';
import type { Operator } from './operator.js';
import { isTooLate, reasonOf, type App } from './app.js';
import type { Plan } from './plan.js';
import { payAtStripe } from './stripe-sheet.js';

/** A scheduled order comes to the kitchen so long before its way and its cooking must begin. */
const KITCHEN_LEAD_MS = 5 * 60_000;
/** So that it comes there as soon as it is paid, and nobody has to wait here. */
const SOON_MS = 3_000;

type Quoted = Outputs['quote'];

export interface Ordering {
  stack: Stack;
  app: App;
  customer: Customer;
  restaurant: RestaurantDraft;
  plan: Plan;
  random: Random;
  doors: Doors;
  events: Events;
  operator: Operator;
}

/** Orders as a person would: reads the menu, agrees to a price, pays, and follows the order to its end. */
export async function orderMeal(ordering: Ordering): Promise<{ orderId: string; order: Order }> {
  const { app, restaurant, plan, customer, doors, events, stack } = ordering;
  const quote = await askPrice(ordering);
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

/** The price of a drawn cart; for a time of the customer's choice it is asked again once the way is known. */
async function askPrice({ app, restaurant, plan, customer, random, operator }: Ordering): Promise<Quoted> {
  const menu = await readMenu(app, restaurant.id);
  const dropOff =
    plan.kind === 'pickup' ? null : { ...customer.home, addressLine: customer.addressLine, contactName: customer.name };
  if (plan.creditMinor > 0) await operator.giveCredit(customer.uid, menu.currency, plan.creditMinor);
  const request: Requests['quote'] = {
    restaurantId: restaurant.id, kind: plan.kind, lines: drawCart(random, menu), dropOff, tipPpm: plan.tipPpm,
    promotionCodes: plan.promotionCodes, paymentMethod: plan.payment, useCredit: plan.creditMinor > 0,
  }; // prettier-ignore
  const quote = await quoted(app, request);
  if (!plan.scheduled) return quote;
  const scheduledForMs = Date.now() + quote.promisedInSeconds * 1000 + KITCHEN_LEAD_MS + SOON_MS;
  return quoted(app, { ...request, scheduledForMs });
}

/** A code may be used up: who orders then does without. */
async function quoted(app: App, request: Requests['quote']): Promise<Quoted> {
  try {
    return await app.call('quote', request);
  } catch (error) {
    if (!(reasonOf(error) ?? '').startsWith('PROMOTION_')) throw error;
    return app.call('quote', { ...request, promotionCodes: [] });
  }
}

async function readMenu(app: App, restaurantId: string): Promise<Menu> {
  const snapshot = await getDoc(doc(app.db, `restaurants/${restaurantId}/menus/published`));
  // The server published it from this very type; an app would trust it as well.
  return snapshot.data() as Menu;
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
  const watchesPayment = plan.watchPayment === true || plan.refundTo !== null;
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
        if (!ENDS.includes(order.status) || (watchesPayment && order.payment.status.endsWith('ing'))) return;
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
