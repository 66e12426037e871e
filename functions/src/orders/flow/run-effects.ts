import type { Order, OrderEvent } from '../../contract/orders.js';
import { joinWindow } from '../../dispatch/match-window.js';
import { notifyRecipient } from '../../notifications/send.js';
import type { Context } from '../../platform/context.js';
import { paths } from '../../platform/firestore.js';
import { raiseOperatorTask } from '../../platform/operator-tasks.js';
import { pauseUnansweringStore } from '../../catalog/missed-orders.js';
import { scheduleCartNotifications } from '../../catalog/notify-carts.js';
import { refreshStaffKeys } from '../../authority/staff-keys.js';
import type { Effect } from '../model/effect.js';
import { listEffects, toOrderAfter } from '../model/effects.js';
import { closeFormerChats } from './close-messages.js';
import { moveMoney } from '../../payments/move-money.js';

/**
 * Runs the effects of an event independently of each other, so that a failing push does not delay a capture. Where only
 * another effect failed, users are not notified again. False when any failed: then the caller arranges a retry.
 */
export async function runEffects(ctx: Context, occurred: Occurred): Promise<boolean> {
  const { orderId, order, event } = occurred;
  const effects = listEffects(toOrderAfter(order, event), event).map((effect, index) => ({ effect, index }));
  const isPush = ({ effect }: { effect: Effect }) => effect.type === 'push';
  const open = event.notifiedAtMs === undefined ? effects : effects.filter((one) => !isPush(one));
  const done = await Promise.all(open.map(({ effect, index }) => tryEffect(ctx, { ...occurred, index }, effect)));
  const succeeded = (wanted: boolean) => open.every((one, at) => isPush(one) !== wanted || done[at] === true);
  if (succeeded(false)) return succeeded(true);
  if (open.some(isPush) && succeeded(true)) await markEvent(ctx, orderId, event.n, { notifiedAtMs: ctx.now() });
  return false;
}

/** Records in an event what a later retry need not repeat. */
export async function markEvent(
  ctx: Context,
  orderId: string,
  n: number,
  fields: Pick<OrderEvent, 'notifiedAtMs' | 'effectsDoneAtMs'>,
): Promise<void> {
  await ctx.db.runTransaction(async (tx) => {
    const ref = paths.order(ctx.db, orderId);
    const order = (await tx.get(ref)).data();
    if (!order) return;
    tx.set(ref, { ...order, events: order.events.map((event) => (event.n === n ? { ...event, ...fields } : event)) });
  });
}

export interface Occurred {
  orderId: string;
  order: Order;
  event: OrderEvent;
}

interface Occasion extends Occurred {
  index: number;
}

async function tryEffect(ctx: Context, occasion: Occasion, effect: Effect): Promise<boolean> {
  try {
    await carryOut(ctx, occasion, effect);
    return true;
  } catch (error) {
    const { orderId, event } = occasion;
    ctx.log.error('effect failed', { orderId, event: event.n, effect: effect.type }, error);
    return false;
  }
}

async function carryOut(ctx: Context, { orderId, order, event, index }: Occasion, effect: Effect): Promise<void> {
  switch (effect.type) {
    case 'push':
      return notifyRecipient(ctx, effect.to, effect.message, { orderId, order, id: `${orderId}-${event.n}-${index}` });
    case 'money':
      await moveMoney(ctx, orderId, order, effect.money);
      return;
    case 'dispatch':
      return joinWindow(ctx, order.zoneId, order.searchFromMs ?? 0);
    case 'operator':
      return raiseOperatorTask(ctx, {
        kind: effect.kind,
        orderId,
        zoneId: order.zoneId,
        detail: `${event.action} in ${order.status}`,
      });
    case 'soldOut':
      return scheduleCartNotifications(ctx, `${orderId}-${event.n}`, order.restaurantId, effect.itemIds);
    case 'staffKeys':
      return refreshStaffKeys(ctx, order.restaurantId);
    case 'closeFormerChats':
      return closeFormerChats(ctx, orderId);
    case 'missed':
      return pauseUnansweringStore(ctx, order);
    case 'autoAccept':
      // A step of its own, which transition() takes next.
      return;
  }
}
