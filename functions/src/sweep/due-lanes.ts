import type { Query } from 'firebase-admin/firestore';
import type { Due, Order } from '../contract/orders.js';
import { handlePages, handleReadable, type Readable } from '../platform/isolate.js';
import { boundProvider } from '../payments/bounded-provider.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { update } from '../platform/stored.js';
import { isPayout } from '../orders/model/deadline.js';
import { isMoneyOpen } from '../orders/model/payment-intents.js';

/** The maximum number of orders for which one sweep calls the provider. */
const PROVIDER_LIMIT = 200;
/** How long a failure of the provider postpones a deadline behind those of other orders. */
const BEHIND_MS = 60_000;

/** How long each lane of a sweep starts further orders, and how long one call of the provider may take. */
export interface LaneLimits {
  hasTime: () => boolean;
  /** Starts the time of the second lane. */
  startProviderTime: () => () => boolean;
  providerTimeoutMs: number;
}

type Handle = (ctx: Context, orderId: string, order: Order) => Promise<void>;

/**
 * Handles due orders in two lanes: first those that move without a response of the payment provider, then, in a time of
 * their own, those that call it first. A provider that hangs or fails delays only the second lane, and there no order
 * for longer than its turn: a failed one is postponed behind the others.
 */
export async function handleDueOrders(
  ctx: Context,
  due: Query<Order>,
  limits: LaneLimits,
  handle: Handle,
): Promise<{ handled: number; finished: boolean }> {
  // Those that this sweep calls the provider for: of all others only the number, so that a backlog fills no memory.
  const asking: Readable<Order>[] = [];
  let asked = 0;
  // Its effects call the provider too, after the order has moved; a recovery task repeats unfinished ones.
  const moving = withProvider(ctx, limits);
  const first = await handlePages(ctx, 'sweep', limits.hasTime, due, async (found) => {
    if (!asksProvider(found.data)) return handle(moving.ctx, found.id, found.data);
    asked += 1;
    if (asking.length < PROVIDER_LIMIT) asking.push(found);
  });
  const second = await handleAtProvider(ctx, asking, limits, handle, asked);
  const handled = first.handled - asked + second.handled;
  return { handled, finished: first.finished && second.finished };
}

/**
 * `due`: the number of orders that wait for the provider, these included. Once the provider is down the rest waits for the next sweep: a further task would find it in the same state.
 */
async function handleAtProvider(
  ctx: Context,
  asking: readonly Readable<Order>[],
  limits: LaneLimits,
  handle: Handle,
  due: number,
): Promise<{ handled: number; finished: boolean }> {
  const { ctx: bounded, isDown } = withProvider(ctx, limits);
  const hasTime = limits.startProviderTime();
  let begun = 0;
  const turn = async ({ id, data }: Readable<Order>): Promise<void> => {
    begun += 1;
    await handleOrPostpone(bounded, id, data, handle);
  };
  const handled = await handleReadable(ctx, 'sweep', asking, turn, () => hasTime() && !isDown());
  return { handled: handled.length, finished: isDown() || begun === due };
}

function withProvider(ctx: Context, { providerTimeoutMs }: LaneLimits): { ctx: Context; isDown: () => boolean } {
  const { payments, isDown } = boundProvider(ctx.payments, providerTimeoutMs);
  return { ctx: { ...ctx, payments }, isDown };
}

async function handleOrPostpone(ctx: Context, orderId: string, order: Order, handle: Handle): Promise<void> {
  try {
    await handle(ctx, orderId, order);
  } catch (error) {
    if (order.due) await postponeDeadline(ctx, orderId, order.due);
    throw error;
  }
}

/** True where the deadline calls the payment provider before it moves the order. */
function asksProvider({ due, edit, payment }: Order): boolean {
  switch (due?.kind) {
    case 'expire':
      return payment.intentId !== null;
    case 'editLapse':
      return edit?.topUpIntentId !== undefined;
    case 'authorize':
    case 'fixPayment':
      return true;
    default:
      return isPayout(due) && isMoneyOpen(payment);
  }
}

/**
 * Postpones a deadline that could not be handled behind those of other orders. Does nothing and returns false where the
 * order has another.
 */
export async function postponeDeadline(ctx: Context, orderId: string, due: Due, byMs = BEHIND_MS): Promise<boolean> {
  const ref = paths.order(ctx.db, orderId);
  return ctx.db.runTransaction(async (tx) => {
    const order = (await tx.get(ref)).data();
    const isSame = order?.due?.kind === due.kind && order.due.atMs === due.atMs;
    if (isSame) update(tx, ref, { due: { ...due, atMs: ctx.now() + byMs } });
    return isSame;
  });
}
