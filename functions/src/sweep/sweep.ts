import type { Query } from 'firebase-admin/firestore';
import type { Due, Order } from '../contract/orders.js';
import { markSilentOffline } from '../couriers/mark-stale-offline.js';
import { endOffer } from '../dispatch/end-offer.js';
import { joinWindow } from '../dispatch/match-window.js';
import { boundPush } from '../notifications/push.js';
import { checkAgain } from '../platform/recovery.js';
import { attempt, handlePages, readPages, filterReadable } from '../platform/isolate.js';
import { raiseOperatorTask } from '../platform/operator-tasks.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { isCurable, type ErrorReason } from '../core/errors.js';
import { Refusal } from '../core/outcome.js';
import { chargeDeferred, syncDeferred } from '../orders/flow/deferred-charge.js';
import { syncPayment, syncTopUp } from '../orders/flow/sync-payment.js';
import { SYSTEM } from '../orders/model/actors.js';
import type { Actor } from '../orders/model/order-command.js';
import { toDeadlineCommand } from '../orders/model/deadline-command.js';
import { handleDueOrders, postponeDeadline } from './due-lanes.js';
import { isPayout } from '../orders/model/deadline.js';
import { isMoneyOpen, isUndecided } from '../orders/model/payment-intents.js';
import { markEvent } from '../orders/flow/run-effects.js';
import { ensureMoneyMoved } from '../payments/move-money.js';
import { runFollowUp, transition } from '../orders/flow/transition.js';
import { update } from '../platform/stored.js';

/** An expired offer is ended by its task; the sweep replaces a lost task. */
const LOST_TASK_MS = 15_000;
/** An order that has waited for a courier this long may have lost its window's task. */
const LOST_WINDOW_MS = 60_000;
/** A sweep starts no further order after this time: another task continues, so that no run reaches its time limit. */
const SWEEP_BUDGET_MS = 30_000;
/** After that, deadlines that call the payment provider are started for this long. */
const PROVIDER_BUDGET_MS = 10_000;
/**
 * The timeout of one response of the payment or push provider: a retry costs less than delaying the orders behind it.
 */
const PROVIDER_TIMEOUT_MS = 5_000;

export interface SweepOptions {
  budgetMs?: number;
  providerTimeoutMs?: number;
  /** Milliseconds of real time: the duration of a sweep's own work. */
  clock?: () => number;
}

export interface Swept {
  /** Due orders and expired offers that were handled. */
  orders: number;
  offers: number;
  /** No due order or offer was left for a further task. */
  finished: boolean;
}

/**
 * Handles due orders and expired offers, every minute, and work that a lost task left, page by page and each document
 * separately. A further task handles at once what exceeds the budget.
 */
export async function sweep(given: Context, options: SweepOptions = {}): Promise<Swept> {
  const {
    budgetMs = SWEEP_BUDGET_MS,
    providerTimeoutMs = PROVIDER_TIMEOUT_MS,
    clock = () => performance.now(),
  } = options;
  const timer = (lengthMs: number) => {
    const untilMs = clock() + lengthMs;
    return () => clock() < untilMs;
  };
  const ctx = { ...given, push: boundPush(given.push, providerTimeoutMs) };
  const hasTime = timer(budgetMs);
  const limits = { hasTime, startProviderTime: () => timer(PROVIDER_BUDGET_MS), providerTimeoutMs };
  const [orders, offers, searches] = await Promise.all([
    handleDueOrders(ctx, dueOrders(ctx), limits, handleDue),
    handlePages(ctx, 'sweep', hasTime, expiredOffers(ctx), ({ id, data }) =>
      endOffer(ctx, id, data.offer?.orderId ?? '', { end: 'expired' }),
    ),
    rescheduleLostWindows(ctx, hasTime),
    attempt(ctx, 'fadeSilent', 'couriers', () => markSilentOffline(ctx)),
  ]);
  const finished = orders.finished && offers.finished && searches;
  if (!finished) await ctx.tasks.schedule(`sweep-${ctx.newId()}`, ctx.now(), { type: 'sweep' });
  return { orders: orders.handled, offers: offers.handled, finished };
}

const dueOrders = ({ db, now }: Context): Query<Order> =>
  paths.orders(db).where('due.atMs', '<=', now()).orderBy('due.atMs');

const expiredOffers = ({ db, now }: Context) =>
  paths
    .couriers(db)
    .where('offer.expiresAtMs', '<=', now() - LOST_TASK_MS)
    .orderBy('offer.expiresAtMs');

/** Schedules another window for zones with orders whose window was lost. True when all of them were checked. */
async function rescheduleLostWindows(ctx: Context, hasTime: () => boolean): Promise<boolean> {
  const lost = paths
    .orders(ctx.db)
    .where('searchFromMs', '<=', ctx.now() - LOST_WINDOW_MS)
    .orderBy('searchFromMs');
  const zoneIds = new Set<string>();
  let finished = true;
  for await (const page of readPages(lost)) {
    for (const { data } of await filterReadable(ctx, 'sweep', page)) zoneIds.add(data.zoneId);
    finished = hasTime();
    if (!finished) break;
  }
  await Promise.all(
    [...zoneIds].map((zoneId) => attempt(ctx, 'sweep', `zones/${zoneId}`, () => joinWindow(ctx, zoneId, ctx.now()))),
  );
  return finished;
}

/** Repeats the effects of an event after a crash or a failure of a provider. */
export async function retryEffects(ctx: Context, orderId: string, causeId: string, lastTry: boolean): Promise<void> {
  const ref = paths.order(ctx.db, orderId);
  const order = (await ref.get()).data();
  const event = order?.events.find((one) => one.causeId === causeId);
  if (!order || !event) return checkAgain(`event ${causeId} of ${orderId}`, lastTry);
  if (event.effectsDoneAtMs !== undefined) return;
  // So that a task delivered twice repeats nothing.
  if (await runFollowUp(ctx, orderId, order, event))
    return markEvent(ctx, orderId, event.n, { effectsDoneAtMs: ctx.now() });
  if (!lastTry) throw new Error(`effects of ${orderId} event ${event.n} are not done`);
  await raiseOperatorTask(ctx, { kind: 'effect_failed', orderId, detail: `event ${event.n} ${event.action}` });
}

/** Handles an order's deadline, if it is due: an order that moved on has another deadline. */
export async function handleDue(ctx: Context, orderId: string, order: Order): Promise<void> {
  const { due } = order;
  if (due === null || due.atMs > ctx.now()) return;
  if (due.kind === 'expire' && (await syncPayment(ctx, orderId, order)) === 'authorized') return;
  if (due.kind === 'editLapse' && (await syncTopUp(ctx, orderId, order)) === 'authorized') return;
  if (due.kind === 'authorize') return chargeDeferred(ctx, orderId, order);
  if (due.kind === 'fixPayment' && (await syncDeferred(ctx, orderId, order)) === 'authorized') return;
  if (isPayout(due) && isUndecided(order.payment)) return postponePayout(ctx, orderId, due);
  const isOpen = isPayout(due) && isMoneyOpen(order.payment);
  if (isOpen && !(await ensureCapturedBeforePayout(ctx, orderId, order)))
    return void (await postponeDeadline(ctx, orderId, due));
  try {
    await transition(ctx, {
      orderId,
      command: toDeadlineCommand(order, due.kind, isOpen),
      causeId: `due:${due.kind}:${due.atMs}`,
      actor: (now) => systemIfDue(now, due),
    });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    // Nothing would be left that can be sold.
    if (error.reason === 'LAST_LINE') return cancelEmptied(ctx, orderId, due);
    // The order was disputed between the query and now.
    if (error.reason === 'ORDER_DISPUTED') return;
    if (isCurable(error.reason)) throw error;
    return raiseIfStuck(ctx, orderId, { order, due, refusedBy: error.reason });
  }
}

/** The interval at which a deadline that no step answers is tried again. */
const STUCK_LOOK_MS = 24 * 3_600_000;

/**
 * Creates an operator task where a refused deadline is still the order's own: no sweep would ever end it. An order that
 * was moved between the query and now has another deadline.
 */
async function raiseIfStuck(ctx: Context, orderId: string, { order, due, refusedBy }: Stuck): Promise<void> {
  if (!(await postponeDeadline(ctx, orderId, due, STUCK_LOOK_MS))) return;
  const detail = `deadline ${due.kind} is refused in status ${order.status}: ${refusedBy}`;
  await raiseOperatorTask(ctx, { kind: 'effect_failed', orderId, detail });
}

interface Stuck {
  order: Order;
  due: Due;
  refusedBy: ErrorReason;
}

/** The interval at which the payout of a disputed order is checked: a bank decides after weeks. */
const DISPUTE_LOOK_MS = 24 * 3_600_000;

/** Postpones the payout of a disputed order: once the bank has decided for the order, the next check pays it. */
async function postponePayout(ctx: Context, orderId: string, due: Due): Promise<void> {
  const ref = paths.order(ctx.db, orderId);
  await ctx.db.runTransaction(async (tx) => {
    const order = (await tx.get(ref)).data();
    const isSame = order?.due?.kind === due.kind && order.due.atMs === due.atMs;
    if (isSame && isUndecided(order.payment)) update(tx, ref, { due: { ...due, atMs: ctx.now() + DISPUTE_LOOK_MS } });
  });
}

async function cancelEmptied(ctx: Context, orderId: string, due: Due): Promise<void> {
  const command = { action: 'cancel' as const, reason: 'edit_unanswered' };
  const causeId = `due:${due.kind}:${due.atMs}:cancel`;
  await transition(ctx, { orderId, command, causeId, actor: (now) => systemIfDue(now, due) });
}

/**
 * Requires in the transaction that the deadline is still the order's: a courier may have accepted it since the sweep
 * read it, which its status does not show.
 */
function systemIfDue(order: Order, due: Due): Actor {
  if (order.due?.kind !== due.kind || order.due.atMs !== due.atMs) throw new Refusal('MOVE_NOT_ALLOWED');
  return SYSTEM;
}

/** Before a payout the provider confirms once more that it has the money; while that fails an operator is notified. */
async function ensureCapturedBeforePayout(ctx: Context, orderId: string, order: Order): Promise<boolean> {
  try {
    return await ensureMoneyMoved(ctx, orderId, order);
  } catch (error) {
    await raiseOperatorTask(ctx, { kind: 'effect_failed', orderId, detail: `capture still open: ${String(error)}` });
    return false;
  }
}
