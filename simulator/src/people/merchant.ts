import {
  isRefused,
  sendMessage,
  staffKeyOf,
  type MoveOutput,
  type MoveToSend,
  type Order,
  type Thread,
} from '../../../clients/typescript/src/index.js';
import type { RestaurantDraft } from '../city/population.js';
import type { Events } from '../events.js';
import { isTooLate, type App } from './app.js';
import type { SharedPlans } from './shared-plans.js';
import { isSilent, OTHERS } from './plan.js';
import { pause } from './pause.js';

/**
 * Runs a kitchen: listens to its open orders, accepts or rejects them, cooks, and hands pickup orders over with the
 * PIN.
 */
export async function openKitchen(
  app: App,
  restaurant: RestaurantDraft,
  shared: SharedPlans,
  events: Events,
): Promise<() => void> {
  const begun = new Set<string>();
  const brought = new Set<string>();
  const report = (what: string) => events.emit({ type: 'failure', what: `${restaurant.name} ${what}` });
  return app.tiffin.listenAll(
    'kitchenBoard',
    { restaurantId: restaurant.id, staffKey: staffKeyOf(restaurant.owner.uid) },
    (orders) => {
      const run = (work: Promise<void>): void =>
        void work.catch((error: unknown) => {
          if (!isTooLate(error)) report(String(error));
        });
      for (const { id, data } of orders) {
        if (isNew(brought, id, data.rider !== undefined && data.status === 'ready')) run(bring(app, id, data, shared));
        if (isNew(begun, id)) run(cook(app, restaurant, id, data, shared, events));
      }
    },
    (error) => report(`cannot listen to its orders: ${error.message}`),
  );
}

/** True once for each id for which the condition holds. */
function isNew(known: Set<string>, id: string, holds = true): boolean {
  if (!holds || known.has(id)) return false;
  known.add(id);
  return true;
}

const RIDE_MS = 2_000;

/**
 * Hands an order over to a rider, who reports the customer's PIN after the ride. The kitchen tells its own rider the
 * address.
 */
async function bring(app: App, orderId: string, order: Order, shared: SharedPlans): Promise<void> {
  if (order.rider?.type === 'own') await app.call('readRiderAddress', { orderId });
  await move(app, orderId, { action: 'pickUp' });
  await pause(RIDE_MS);
  await move(app, orderId, { action: 'confirmDelivery', pin: shared.pins.get(orderId) ?? '', ...toIdCheck(order) });
}

/** The customers of the city can prove their age. */
const toIdCheck = ({ ageLimit }: Order) => (ageLimit === undefined ? {} : { idChecked: true as const });

async function cook(
  app: App,
  restaurant: RestaurantDraft,
  orderId: string,
  order: Order,
  shared: SharedPlans,
  events: Events,
): Promise<void> {
  if (order.status !== 'placed') return;
  const plan = await shared.plans.waitFor(orderId, order.customerId);
  if (plan === OTHERS) events.emit({ type: 'served', code: order.code, restaurant: restaurant.name });
  if (isSilent(plan)) return;
  await pause(plan.acceptAfterMs);
  if (plan.story === 'cancelEarly') return;
  if (plan.story === 'rejected') return void (await move(app, orderId, { action: 'reject', reason: 'too_busy' }));
  const { pickUpCode } = await move(app, orderId, { action: 'accept', prepMinutes: order.prepMinutes });
  if (pickUpCode !== undefined) shared.pickUpCodes.set(orderId, pickUpCode);
  if (restaurant.isExperienced && order.prepMinutes !== restaurant.prepMinutes)
    events.emit({ type: 'happened', what: 'learnedPrepUsed' });
  if (plan.story === 'kitchenCancels') return cancel(app, orderId, events);
  if (plan.chats) {
    const thread: Thread = { orderId, customerId: order.customerId, restaurantId: restaurant.id, courierId: null };
    await sendMessage(app.session, thread, 'merchant', 1, 'With onions, or without?');
  }
  if (plan.story === 'calledOff') return shared.support.callOff(orderId);
  if (plan.story === 'cancelLate') return void (await move(app, orderId, { action: 'startPreparing' }));
  if (plan.story === 'substituted' && !restaurant.inventory) await substitute(app, restaurant, orderId, order);
  if (plan.announcesDelay) await announceDelay(app, orderId, order, events);
  await pause(plan.cookMs);
  await move(app, orderId, { action: 'markReady' });
  const pin = shared.pins.get(orderId);
  if (order.kind === 'pickup' && pin !== undefined)
    await move(app, orderId, { action: 'collect', pin, ...toIdCheck(order) });
}

/** Cancels an accepted order, which is a strike. */
async function cancel(app: App, orderId: string, events: Events): Promise<void> {
  await app.call('cancelOrder', { orderId, idempotencyKey: crypto.randomUUID(), reason: 'the oven does not heat' });
  events.emit({ type: 'happened', what: 'kitchenCancelled' });
}

/** Announces a delay, unless the courier came first. */
async function announceDelay(app: App, orderId: string, { events: { length } }: Order, events: Events): Promise<void> {
  try {
    // The app has read its own acceptance, too.
    await move(app, orderId, { action: 'delay', minutes: 10, events: length + 1 });
    events.emit({ type: 'happened', what: 'delayAnnounced' });
  } catch (error) {
    if (!isRefused(error, 'COURIER_AT_COUNTER')) throw error;
  }
}

/** Substitutes the first dish by a dearer item, so that the customer has to approve the edit. */
async function substitute(app: App, { menu }: RestaurantDraft, orderId: string, order: Order): Promise<void> {
  const plain = menu.items.filter((item) => item.groupIds.length === 0 && item.ageLimit === undefined);
  const dearest = plain.toSorted((a, b) => b.priceMinor - a.priceMinor)[0];
  const [first] = order.lines;
  if (!dearest || !first) return;
  const quantity = Math.floor(first.grossMinor / dearest.priceMinor) + 1;
  const by = { itemId: dearest.id, quantity, modifiers: [] };
  const changes = [{ type: 'substitute' as const, line: 0, itemId: first.itemId, by }];
  await app.call('editOrder', {
    orderId,
    idempotencyKey: crypto.randomUUID(),
    changes,
    reason: `${first.name} is sold out`,
    events: order.events.length,
  });
  await waitForAnswer(app, orderId);
}

/** Waits until the customer has answered the edit or the order has left `accepted`. */
function waitForAnswer(app: App, orderId: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = app.tiffin.listen(
      'order',
      { orderId },
      (order) => {
        if (!order || (order.edit !== undefined && order.status === 'accepted')) return;
        // The first snapshot can arrive before `stop` is assigned.
        queueMicrotask(() => stop());
        resolve();
      },
      reject,
    );
  });
}

async function move(app: App, orderId: string, step: MoveToSend): Promise<MoveOutput> {
  return app.call('moveOrder', { orderId, idempotencyKey: crypto.randomUUID(), move: step });
}
