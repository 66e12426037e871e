import { minor, type Minor, type Order, type PlaceOrderOutputPlaced } from '../../../clients/typescript/src/index.js';
import { type Customer, type RestaurantDraft } from '../city/population.js';
import type { Random } from '../random.js';
import type { Stack } from '../stack.js';
import { sweepAt } from '../sweep.js';
import type { Events } from '../events.js';
import { runPostDelivery } from './post-delivery.js';
import { fillCart, SOON_MS } from './cart.js';
import { chat } from './chat.js';
import type { SharedPlans } from './shared-plans.js';
import { pause } from './pause.js';
import type { Operator } from './operator.js';
import { readOwnBill } from './bill.js';
import { isTooLate, getReason, type App } from './app.js';
import { isSilent, type Plan } from './plan.js';
import { share } from './sharing.js';
import { payAtStripe } from './stripe-sheet.js';

export interface Ordering {
  stack: Stack;
  app: App;
  customer: Customer;
  restaurant: RestaurantDraft;
  /** The app of the restaurant's owner. */
  kitchen: App;
  plan: Plan;
  random: Random;
  shared: SharedPlans;
  events: Events;
  operator: Operator;
  /** What happens between the quote and the order. */
  beforePlacing?: () => Promise<void>;
  /** Tasks to run after the last order. */
  afterHours: (() => Promise<void>)[];
}

/** Orders as a customer does: reads the menu, accepts the price, pays, and follows the order to its end. */
export async function orderMeal(ordering: Ordering): Promise<{ orderId: string; order: Order }> {
  const { plan, customer, shared, events, stack } = ordering;
  const { orderId, pin, payment, totalMinor } = await place(ordering);
  shared.plans.set(orderId, plan);
  shared.pins.set(orderId, pin);
  shared.homes.set(orderId, customer.home);
  if (payment) await payAtStripe(stack, payment, plan.story);
  if (plan.scheduled) await pause(SOON_MS).then(() => sweepAt(stack, Date.now()));
  const errands: Promise<unknown>[] = [];
  const order = await follow(ordering, orderId, errands);
  await Promise.all(errands);
  events.emit({ type: 'ended', orderId, order, totalMinor });
  await runPostDelivery(ordering, orderId, order, payment?.intentId ?? null);
  return { orderId, order };
}

/**
 * Refusals after which the customer tries again: a paused store may open, another item or another slot may be
 * available.
 */
const COME_BACK_FOR = ['RESTAURANT_CLOSED', 'ITEM_SOLD_OUT', 'SLOT_INVALID'];
const COME_BACK_AFTER_MS = 1_000;
const MOST_TRIES = 30;

async function place(ordering: Ordering, tries = 1): Promise<PlaceOrderOutputPlaced> {
  const { restaurant, customer, events, plan } = ordering;
  try {
    const { quoteId, totals, ageLimit } = await fillCart(ordering);
    events.emit({ type: 'quoted', who: customer.name, restaurant: restaurant.name, totalMinor: totals.totalMinor });
    if (tries === 1) await ordering.beforePlacing?.();
    return await agreeTo(ordering, quoteId, totals.totalMinor, ageLimit);
  } catch (error) {
    const reason = getReason(error) ?? '';
    if (!COME_BACK_FOR.includes(reason) || tries === MOST_TRIES) throw error;
    if (reason === 'RESTAURANT_CLOSED') events.emit({ type: 'happened', what: 'closedDoor' });
    await pause(COME_BACK_AFTER_MS);
    const scheduled = plan.scheduled && reason !== 'SLOT_INVALID';
    return place({ ...ordering, plan: { ...plan, scheduled } }, tries + 1);
  }
}

/** Of every customer: all are of age. */
const BIRTH_DATE = '1990-05-17';

/** Places the order, and accepts a new quote where the price changed or a promotion is used up. */
async function agreeTo(
  ordering: Ordering,
  quoteId: string,
  confirmedTotalMinor: Minor,
  ageLimit: number | undefined,
): Promise<PlaceOrderOutputPlaced> {
  const placed = await ordering.app.call('placeOrder', {
    quoteId,
    idempotencyKey: crypto.randomUUID(),
    confirmedTotalMinor,
    ...(ageLimit !== undefined && { birthDate: BIRTH_DATE }),
  });
  if (placed.outcome === 'placed') return placed;
  if (placed.outcome === 'unknown') throw new Error(`placeOrder answers ${JSON.stringify(placed.raw)}`);
  ordering.events.emit({ type: 'happened', what: 'priceChanged' });
  return agreeTo(ordering, placed.quoteId, placed.after.totalMinor, placed.ageLimit);
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

/** No order of the simulated city takes longer; the backend's own deadlines are minutes. */
const PATIENCE_MS = 180_000;

interface Errand {
  isTime(plan: Plan, order: Order): boolean;
  run(ordering: Ordering, orderId: string, order: Order): Promise<unknown>;
}

const UNDER_WAY: readonly Order['status'][] = ['accepted', 'preparing', 'ready', 'picked_up'];

/** Actions of the customer during the order, each run once. */
const ERRANDS: readonly Errand[] = [
  { isTime: wantsToCancel, run: cancel },
  { isTime: (_, { edit }) => edit !== undefined, run: agree },
  { isTime: ({ shares }, { status }) => shares && UNDER_WAY.includes(status), run: share },
  { isTime: ({ chats }) => chats, run: chat },
  { isTime: (plan, { status }) => isSilent(plan) && status === 'placed', run: askForHelp },
];

/** Listens to the order and runs the errands; resolves when the order has ended for the customer. */
function follow(ordering: Ordering, orderId: string, errands: Promise<unknown>[]): Promise<Order> {
  const { app, plan, events } = ordering;
  const begun = new Set<Errand>();
  return new Promise((resolve, reject) => {
    let emitted = 0;
    let state = 'unseen';
    const timeout = setTimeout(() => {
      stop();
      reject(new Error(`order ${orderId} (${plan.story}) has not ended after ${PATIENCE_MS / 1000} s: ${state}`));
    }, PATIENCE_MS);
    const runErrands = (order: Order): void => {
      for (const errand of ERRANDS.filter((one) => !begun.has(one) && one.isTime(plan, order))) {
        begun.add(errand);
        const running = errand.run(ordering, orderId, order);
        running.catch(reject);
        errands.push(running);
      }
    };
    const stop = app.tiffin.listen(
      'order',
      { orderId },
      (order) => {
        if (!order) return;
        for (const event of order.events.slice(emitted)) events.emit({ type: 'moved', orderId, order, event });
        emitted = order.events.length;
        state = order.events.map((event) => event.action).join(', ');
        runErrands(order);
        if (!ENDS.includes(order.status) || (plan.watchPayment && order.payment.status === 'voiding')) return;
        // The first state can arrive before `stop` is assigned.
        queueMicrotask(() => stop());
        clearTimeout(timeout);
        resolve(order);
      },
      reject,
    );
  });
}

async function cancel({ app }: Ordering, orderId: string, order: Order): Promise<void> {
  const { totals } = await readOwnBill(app, orderId);
  try {
    await app.call('cancelOrder', {
      orderId,
      idempotencyKey: crypto.randomUUID(),
      reason: 'changed my mind',
      // With the credit, which a late cancellation costs too.
      mostMinor: minor(totals.totalMinor + totals.creditMinor),
      events: order.events.length,
    });
  } catch (error) {
    // Too late to cancel: the order continues.
    if (!isTooLate(error)) throw error;
  }
}

/** Writes to the operators that the kitchen does not answer. */
async function askForHelp({ app }: Ordering, orderId: string): Promise<void> {
  const text = 'The kitchen does not answer.';
  await app.call('writeToSupport', { text, orderId, idempotencyKey: crypto.randomUUID() });
}

/** Approves the kitchen's edit, and pays the difference as the order was paid. */
async function agree({ app, stack, plan }: Ordering, orderId: string): Promise<void> {
  const { proposal } = await readOwnBill(app, orderId);
  // It was answered or withdrawn before.
  if (!proposal) return;
  const { payment } = await app.call('answerEdit', {
    orderId,
    idempotencyKey: crypto.randomUUID(),
    answer: 'approve',
    event: proposal.event,
  });
  if (payment) await payAtStripe(stack, payment, plan.story);
}

function wantsToCancel(plan: Plan, order: Order): boolean {
  if (plan.story === 'cancelEarly') return order.status === 'placed';
  return plan.story === 'cancelLate' && order.status === 'preparing';
}
