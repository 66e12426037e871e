import type { Order } from '../contract/orders.js';
import type { Drift, Reconciliation } from '../contract/reconciliation.js';
import { operatorTask } from '../platform/operator-tasks.js';
import { moveMoney } from '../payments/move-money.js';
import { syncDispute } from '../payments/disputes.js';
import { finishRefund, sendParts } from '../payments/finish-refund.js';
import { applyPaymentState } from '../orders/flow/sync-payment.js';
import type { Context } from '../platform/context.js';
import { isAlreadyExists, isTransient, paths } from '../platform/firestore.js';
import { reportDocument } from '../platform/isolate.js';
import { toDigest } from '../core/digest.js';
import { isOutage } from '../core/outage.js';
import { resolvePayout } from './courier-payouts.js';
import { moneyToRepeat, REMEDIES } from './model/repair.js';

type Outcome = Reconciliation['drifts'][number]['outcome'];

/** Repairs a drift, or creates an operator task. A failed repair is tried again the next night. */
export async function resolveDrift(ctx: Context, drift: Drift, order: Order | null): Promise<Outcome> {
  if (REMEDIES[drift.kind] === 'operator') return createDriftTask(ctx, drift);
  try {
    const repaired = await repair(ctx, drift, order);
    ctx.log.warn('drift found', { ...drift, repaired });
    return repaired ? 'repaired' : await createDriftTask(ctx, drift);
  } catch (error) {
    ctx.log.error('drift not repaired', { ...drift }, error);
    return 'failed';
  }
}

/**
 * Repairs with the backend's own steps only, each of which may be repeated. False when they do not resolve the drift.
 */
async function repair(ctx: Context, { kind, orderId, providerId }: Drift, order: Order | null): Promise<boolean> {
  switch (REMEDIES[kind]) {
    case 'follow':
      return providerId !== null && (await follow(ctx, kind, orderId, providerId));
    case 'release': {
      const hold = providerId === null ? null : await ctx.payments.voidHold({ orderId, intentId: providerId });
      return hold?.status === 'voided';
    }
    case 'repeat': {
      const money = order && moneyToRepeat(order, kind);
      if (order && money) await moveMoney(ctx, orderId, order, money);
      return money !== null;
    }
    case 'refund':
      return sendRefunds(ctx, orderId);
    case 'payout':
      return resolvePayout(ctx, orderId);
    case 'operator':
      return false;
  }
}

async function follow(ctx: Context, kind: Drift['kind'], orderId: string, providerId: string): Promise<boolean> {
  if (kind === 'unknown_dispute') {
    await syncDispute(ctx, providerId);
    return (await paths.dispute(ctx.db, providerId).get()).exists;
  }
  await applyPaymentState(ctx, orderId, await ctx.payments.retrieve(providerId));
  return true;
}

/**
 * Sends refunds that were never sent, and fetches the state of the others: the provider knows each refund by the
 * backend's id. False when no refund could explain the drift.
 */
async function sendRefunds(ctx: Context, orderId: string): Promise<boolean> {
  const refunds = await paths.refunds(ctx.db, orderId).limit(50).get();
  for (const { id: refundId, ref } of refunds.docs) {
    await finishRefund(ctx, orderId, refundId);
    const refund = (await ref.get()).data();
    if (!refund) continue;
    const { currency, reversalMinor } = refund;
    await sendParts(ctx, orderId, refundId, refund);
    if (reversalMinor > 0) await ctx.payments.reverse({ orderId, refundId, amountMinor: reversalMinor, currency });
  }
  return !refunds.empty;
}

/** The name of an account may contain a slash, which an id may not. */
const toDriftTaskId = (id: string): string => (id.includes('/') ? `drift-${toDigest(id)}` : id);

/**
 * Creates the operator task of a drift that has no order to be reported for. A permanent failure is reported for the
 * document at `path` and stops no other drift; a transient one is thrown, and the day is compared again.
 */
export async function tryCreateDriftTask(ctx: Context, drift: Drift, path: string): Promise<Outcome> {
  try {
    return await createDriftTask(ctx, drift);
  } catch (error) {
    if (isOutage(error) || isTransient(error)) throw error;
    await reportDocument(ctx, 'reconcile', path, error);
    return 'failed';
  }
}

/** Once: a task that an operator has closed stays closed, however often the same drift is found. */
export async function createDriftTask(ctx: Context, drift: Drift): Promise<'raised'> {
  const { kind, orderId, providerId, oursMinor, theirsMinor, account } = drift;
  const what = account ?? providerId ?? 'no payment';
  const detail = `${kind}: ours ${oursMinor}, theirs ${theirsMinor}, ${what}`;
  const isOfOrder = orderId !== account;
  const task = operatorTask({ kind: 'books_differ', orderId: isOfOrder ? orderId : null, detail }, ctx.now());
  const id = [orderId, kind, ...(account !== undefined && isOfOrder ? [account] : [])].join('-');
  try {
    await paths.operatorTask(ctx.db, toDriftTaskId(id)).create(task);
    ctx.log.warn('operator task created', { kind, orderId });
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
  }
  return 'raised';
}
