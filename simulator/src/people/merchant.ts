import { collection, limit, onSnapshot, orderBy, query, where, type Unsubscribe } from 'firebase/firestore';
import type { Order } from '../../../functions/src/contract/orders.js';
import type { RestaurantDraft } from '../city/population.js';
import type { Events } from '../events.js';
import type { App } from './app.js';
import type { Doors } from './doors.js';

/** A kitchen: sees its open orders, answers them, cooks, and hands pickup orders over against the PIN. */
export function openKitchen(app: App, restaurant: RestaurantDraft, doors: Doors, events: Events): Unsubscribe {
  const begun = new Set<string>();
  const open = query(
    collection(app.db, 'orders'),
    where('restaurantId', '==', restaurant.id),
    where('status', 'in', ['placed', 'accepted', 'preparing', 'ready']),
    orderBy('createdAtMs'),
    limit(50),
  );
  return onSnapshot(
    open,
    (snapshot) => {
      for (const change of snapshot.docChanges()) {
        if (change.type === 'removed' || begun.has(change.doc.id)) continue;
        begun.add(change.doc.id);
        cook(app, change.doc.id, change.doc.data() as Order, doors).catch((error: unknown) => {
          if (!isTooLate(error)) events.tell({ type: 'trouble', what: `${restaurant.name}: ${String(error)}` });
        });
      }
    },
    (error) => events.tell({ type: 'trouble', what: `${restaurant.name} cannot see its orders: ${error.message}` }),
  );
}

async function cook(app: App, orderId: string, order: Order, doors: Doors): Promise<void> {
  const plan = doors.plans.get(orderId);
  if (!plan || order.status !== 'placed') return;
  await pause(plan.acceptAfterMs);
  if (plan.story === 'cancelEarly') return;
  if (plan.story === 'rejected') return move(app, orderId, { action: 'reject', reason: 'too_busy' });
  await move(app, orderId, { action: 'accept', prepMinutes: order.prepMinutes });
  if (plan.story === 'cancelLate') return move(app, orderId, { action: 'startPreparing' });
  await pause(plan.cookMs);
  await move(app, orderId, { action: 'markReady' });
  const pin = doors.pins.get(orderId);
  if (order.kind === 'pickup' && pin !== undefined) await move(app, orderId, { action: 'collect', pin });
}

async function move(
  app: App,
  orderId: string,
  step: Parameters<typeof app.call<'moveOrder'>>[1]['move'],
): Promise<void> {
  await app.call('moveOrder', { orderId, idempotencyKey: crypto.randomUUID(), move: step });
}

/** The customer was quicker: the order is cancelled. */
export function isTooLate(error: unknown): boolean {
  return error instanceof Error && ['MOVE_NOT_ALLOWED', 'ROLE_NOT_ALLOWED'].includes(error.message);
}

/** People take their time; nothing waits for a pause to be long enough. */
export const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
