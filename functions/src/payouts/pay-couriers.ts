import { toAccountId } from '../ledger/model/account-id.js';
import { toUtcDay } from '../ledger/model/days.js';
import { boundProvider } from '../payments/bounded-provider.js';
import { attempt, handleEach, filterReadable, readPages } from '../platform/isolate.js';
import { getZone } from '../platform/caches.js';
import type { Context } from '../platform/context.js';
import { isAlreadyExists, paths } from '../platform/firestore.js';
import { operatorTask, raiseOperatorTask } from '../platform/operator-tasks.js';
import { createQueue, type RunWork } from '../core/work-queue.js';
import { beginPayout } from './begin-payout.js';
import { isPayoutDay } from './model/payout-day.js';
import { toPaymentTaskId, toScheduledPayoutId } from './model/payout-ids.js';
import { computeAvailable, splitPayout, type PayoutParts } from './model/split-payout.js';
import { choosePayMethod, toOwedPay, type CourierPay } from './read-pay.js';

const JOB = 'payCouriers';
/** Couriers that are paid at the same time: all of a page are started, so that each run makes progress. */
const PAGE = 25;
/** After that no further page is started: another task continues, so that no run reaches its time limit. */
const RUN_BUDGET_MS = 30_000;
/** How long one call of the provider may take. */
const PROVIDER_TIMEOUT_MS = 10_000;

/**
 * Pays the couriers of each zone whose turn it is, every night. A repeated run pays the couriers whom an earlier one did
 * not reach: each payout is made once for its courier, currency and day.
 */
export async function payCouriers(ctx: Context): Promise<void> {
  const day = toUtcDay(ctx.now());
  for await (const page of readPages(paths.zones(ctx.db).orderBy('__name__')))
    for (const { id, ref, data } of await filterReadable(ctx, JOB, page))
      if (isPayoutDay(data.courierPayouts, day)) await attempt(ctx, JOB, ref.path, () => payZone(ctx, id, day, ''));
}

/** Pays the couriers of a zone whose ids come after this one, page by page; a task does what is left after the time. */
export async function payZone(ctx: Context, zoneId: string, day: string, after: string): Promise<void> {
  const bounded = { ...ctx, payments: boundProvider(ctx.payments, PROVIDER_TIMEOUT_MS).payments };
  const { currency } = await getZone(ctx, zoneId);
  const run = createQueue();
  const untilMs = ctx.now() + RUN_BUDGET_MS;
  const all = paths.couriers(ctx.db).where('zoneId', '==', zoneId).orderBy('__name__');
  for await (const page of readPages(after === '' ? all : all.startAfter(after), PAGE)) {
    await handleEach(ctx, JOB, page, ({ id }) => payCourier(bounded, id, { currency, day, run }));
    const last = page.at(-1)?.id;
    if (last === undefined || page.length < PAGE || ctx.now() < untilMs) continue;
    const name = `pay-couriers-${zoneId}-${day}-${toAccountId(last)}`;
    await ctx.tasks.schedule(name, ctx.now(), { type: 'payCouriers', zoneId, day, after: last });
    return;
  }
}

interface DuePayout {
  currency: string;
  day: string;
  run: RunWork;
}

/** Pays one courier in every currency in which something is owed, the zone's first. */
async function payCourier(ctx: Context, uid: string, due: DuePayout): Promise<void> {
  const { currency } = due;
  const pay = await payCurrency(ctx, uid, due);
  for (const [other, owedMinor] of pay?.owed ?? [])
    if (other !== currency && owedMinor > 0) await payCurrency(ctx, uid, { ...due, currency: other });
}

/** Returns what was read; null where the payout existed. */
async function payCurrency(ctx: Context, uid: string, { currency, day, run }: DuePayout): Promise<CourierPay | null> {
  const payoutId = toScheduledPayoutId(uid, currency, day);
  const { pay } = await beginPayout(ctx, { payoutId, uid, currency, type: 'scheduled', run }, (read) =>
    decideParts(read, currency),
  );
  if (pay) await raiseIfDue(ctx, pay, currency);
  return pay;
}

/**
 * A courier who is suspended or blocked is not paid. Without a usable account only cash is set off, since nothing can be
 * sent.
 */
function decideParts(pay: CourierPay, currency: string): PayoutParts | null {
  if (!pay.courier.approved) return null;
  const parts = splitPayout(toOwedPay(pay, currency), {
    minimumMinor: readMinimum(pay, currency),
    fee: null,
    currency,
  });
  const isSent = choosePayMethod(pay.account) === 'provider';
  const { setOffMinor, amountMinor } = isSent ? parts : { ...parts, amountMinor: 0 };
  return setOffMinor + amountMinor === 0 ? null : { setOffMinor, feeMinor: 0, amountMinor };
}

/** The minimum is in the zone's currency. */
const readMinimum = ({ zone }: CourierPay, currency: string): number =>
  currency === zone.currency ? zone.courierPayouts.minimumMinor : 0;

/**
 * Asks an operator to pay a courier by hand, again with each run. For a courier without any account the task is created
 * once.
 */
async function raiseIfDue(ctx: Context, pay: CourierPay, currency: string): Promise<void> {
  const method = choosePayMethod(pay.account);
  const amountMinor = computeAvailable(toOwedPay(pay, currency));
  if (!pay.courier.approved || method === 'provider' || amountMinor < Math.max(1, readMinimum(pay, currency))) return;
  const detail = method === 'bank' ? `${amountMinor} ${currency} to pay by hand` : 'no account to be paid to';
  const { path } = paths.courier(ctx.db, pay.uid);
  const task = { kind: 'courier_payment_due' as const, orderId: null, path, detail };
  const id = toPaymentTaskId(pay.uid, currency, method);
  if (method === 'bank') return raiseOperatorTask(ctx, task, id);
  try {
    await paths.operatorTask(ctx.db, id).create(operatorTask(task, ctx.now()));
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
  }
}
