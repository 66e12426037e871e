import { doc, onSnapshot, type Unsubscribe } from 'firebase/firestore';
import type { Outputs } from '../../../functions/src/calls/callables.js';
import type { Order } from '../../../functions/src/contract/orders.js';
import { type Customer, type RestaurantDraft } from '../city/population.js';
import type { Random } from '../random.js';
import type { Stack } from '../stack.js';
import { sweepAt } from '../sweep.js';
import type { Events } from '../events.js';
import { afterwards } from './post-delivery.js';
import { fillCart, SOON_MS } from './cart.js';
import { chat } from './chat.js';
import type { Doors } from './shared-plans.js';
import { pause } from './pause.js';
import type { Operator } from './operator.js';
import { isTooLate, reasonOf, type App } from './app.js';
import type { Plan } from './plan.js';
import { share } from './sharing.js';
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
  /** What there is to do once the evening is over. */
  afterHours: (() => Promise<void>)[];
}

/** Orders as a person would: reads the menu, agrees to a price, pays, and follows the order to its end. */
export async function orderMeal(ordering: Ordering): Promise<{ orderId: string; order: Order }> {
  const { plan, customer, doors, events, stack } = ordering;
  const { orderId, pin, payment } = await place(ordering);
  doors.plans.set(orderId, plan);
  doors.pins.set(orderId, pin);
  doors.homes.set(orderId, customer.home);
  if (payment) await payAtStripe(stack, payment, plan.story);
  if (plan.scheduled) await pause(SOON_MS).then(() => sweepAt(stack, Date.now()));
  const errands: Promise<unknown>[] = [];
  const order = await follow(ordering, orderId, errands);
  await Promise.all(errands);
  events.tell({ type: 'ended', orderId, order });
  await afterwards(ordering, orderId, order);
  return { orderId, order };
}

type Placed = Extract<Outputs['placeOrder'], { outcome: 'placed' }>;

/**
 * A store that operators have paused opens soon; instead of the last portion, or a time that has passed, another will
 * do.
 */
const COME_BACK_FOR = ['RESTAURANT_CLOSED', 'ITEM_SOLD_OUT', 'SLOT_INVALID'];
const COME_BACK_AFTER_MS = 1_000;
const MOST_TRIES = 30;

async function place(ordering: Ordering, tries = 1): Promise<Placed> {
  const { restaurant, customer, events, plan } = ordering;
  try {
    const { quoteId, totals } = await fillCart(ordering);
    events.tell({ type: 'quoted', who: customer.name, restaurant: restaurant.name, totalMinor: totals.totalMinor });
    return await agreeTo(ordering, quoteId, totals.totalMinor);
  } catch (error) {
    const reason = reasonOf(error) ?? '';
    if (!COME_BACK_FOR.includes(reason) || tries === MOST_TRIES) throw error;
    if (reason === 'RESTAURANT_CLOSED') events.tell({ type: 'happened', what: 'closedDoor' });
    await pause(COME_BACK_AFTER_MS);
    const scheduled = plan.scheduled && reason !== 'SLOT_INVALID';
    return place({ ...ordering, plan: { ...plan, scheduled } }, tries + 1);
  }
}

/** Whatever became dearer, or went to somebody else, since it was priced: so be it. */
async function agreeTo(ordering: Ordering, quoteId: string, confirmedTotalMinor: number): Promise<Placed> {
  const placed = await ordering.app.call('placeOrder', {
    quoteId,
    idempotencyKey: crypto.randomUUID(),
    confirmedTotalMinor,
  });
  if (placed.outcome === 'placed') return placed;
  ordering.events.tell({ type: 'happened', what: 'priceChanged' });
  return agreeTo(ordering, placed.quoteId, placed.after.totalMinor);
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

interface Errand {
  isTime(plan: Plan, order: Order): boolean;
  run(ordering: Ordering, orderId: string): Promise<unknown>;
}

const UNDER_WAY: readonly Order['status'][] = ['accepted', 'preparing', 'ready', 'picked_up'];

/** What there is to do beside waiting, each once. */
const ERRANDS: readonly Errand[] = [
  { isTime: wantsToCancel, run: cancel },
  { isTime: (_, { edit }) => edit !== undefined, run: agree },
  { isTime: ({ shares }, { status }) => shares && UNDER_WAY.includes(status), run: share },
  { isTime: ({ chats }) => chats, run: chat },
];

/** Listens to the order and runs the errands; resolves when it has ended for the customer. */
function follow(ordering: Ordering, orderId: string, errands: Promise<unknown>[]): Promise<Order> {
  const { app, plan, events } = ordering;
  const begun = new Set<Errand>();
  return new Promise((resolve, reject) => {
    let stop: Unsubscribe = () => undefined;
    let told = 0;
    let state = 'unseen';
    const impatient = setTimeout(() => {
      stop();
      reject(new Error(`order ${orderId} (${plan.story}) has not ended after ${PATIENCE_MS / 1000} s: ${state}`));
    }, PATIENCE_MS);
    const runErrands = (order: Order): void => {
      for (const errand of ERRANDS.filter((one) => !begun.has(one) && one.isTime(plan, order))) {
        begun.add(errand);
        const running = errand.run(ordering, orderId);
        running.catch(reject);
        errands.push(running);
      }
    };
    stop = onSnapshot(
      doc(app.db, `orders/${orderId}`),
      (snapshot) => {
        const order = snapshot.data() as Order;
        for (const event of order.events.slice(told)) events.tell({ type: 'moved', orderId, order, event });
        told = order.events.length;
        state = order.events.map((event) => event.action).join(', ');
        runErrands(order);
        if (!ENDS.includes(order.status) || (plan.watchPayment && order.payment.status === 'voiding')) return;
        stop();
        clearTimeout(impatient);
        resolve(order);
      },
      reject,
    );
  });
}

async function cancel({ app }: Ordering, orderId: string): Promise<void> {
  try {
    await app.call('cancelOrder', { orderId, idempotencyKey: crypto.randomUUID(), reason: 'changed my mind' });
  } catch (error) {
    // Then it just goes on.
    if (!isTooLate(error)) throw error;
  }
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
