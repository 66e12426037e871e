import type { Order } from '../contract/orders.js';
import type { Reconciliation } from '../contract/reconciliation.js';
import { isFinal } from '../orders/model/order-state.js';
import { MAX_TIPS } from '../payments/model/tip-rules.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { resolveDrift, createDriftTask } from './resolve-drift.js';
import { compare, NOTHING_MOVED, NOTHING_THERE, withJournal, type Ours, type Theirs } from './model/compare.js';
import { listIntentIds, isMoneyOpen } from '../orders/model/payment-intents.js';

/** The recovery task retries an unfinished step for about this long: until then it is no drift. */
const YOUNG_MS = 3_600_000;

export interface ReconcileResult {
  drifts: Reconciliation['drifts'];
  /** The next night compares it again. */
  open: boolean;
}

/**
 * Reconciles one order that does not match by the day's lists: both sides are read again and completely, since the
 * lists are of different times and of one day; remaining differences are resolved. A repair counts as one when the
 * drift is gone.
 */
export async function reconcileOrder(
  ctx: Context,
  orderId: string,
  listed: Theirs = NOTHING_THERE,
): Promise<ReconcileResult> {
  const { ours, lastMovedAtMs } = await readOurs(ctx, orderId, listed);
  if (lastMovedAtMs > ctx.now() - YOUNG_MS) return { drifts: [], open: true };
  const found = compare(orderId, ours, await askTheirs(ctx, orderId, ours.order, listed));
  const drifts: ReconcileResult['drifts'] = [];
  for (const drift of found) drifts.push({ ...drift, outcome: await resolveDrift(ctx, drift, ours.order) });
  const acted = drifts.some(({ outcome }) => outcome !== 'raised');
  const open = acted || (ours.order !== null && isUnderWay(ours.order));
  return { drifts: acted ? await verified(ctx, orderId, listed, drifts) : drifts, open };
}

/** A drift that remains after its repair becomes an operator task, too. */
async function verified(
  ctx: Context,
  orderId: string,
  listed: Theirs,
  drifts: ReconcileResult['drifts'],
): Promise<ReconcileResult['drifts']> {
  const { ours } = await readOurs(ctx, orderId, listed);
  const left = compare(orderId, ours, await askTheirs(ctx, orderId, ours.order, listed));
  return Promise.all(
    drifts.map(async (drift) => {
      const stays = left.some(({ kind, providerId }) => kind === drift.kind && providerId === drift.providerId);
      return drift.outcome === 'repaired' && stays ? { ...drift, outcome: await createDriftTask(ctx, drift) } : drift;
    }),
  );
}

async function readOurs(
  { db }: Context,
  orderId: string,
  { disputes }: Theirs,
): Promise<{ ours: Ours; lastMovedAtMs: number }> {
  const [read, journals, tips, known] = await Promise.all([
    paths.order(db, orderId).get(),
    paths.ledger(db).where('orderId', '==', orderId).get(),
    paths.tips(db, orderId).limit(MAX_TIPS).get(),
    Promise.all(disputes.map(({ disputeId }) => paths.dispute(db, disputeId).get())),
  ]);
  const order = read.data() ?? null;
  const booked = journals.docs.map((journal) => journal.data());
  const movedAtMs = [...(order?.events ?? []), ...booked, ...tips.docs.map((tip) => tip.data())].map(
    ({ atMs }) => atMs,
  );
  const ours: Ours = {
    order,
    moved: booked.reduce(withJournal, NOTHING_MOVED),
    tips: new Map(tips.docs.map((tip) => [tip.id, tip.data().status])),
    disputes: new Set(known.filter((dispute) => dispute.exists).map((dispute) => dispute.id)),
  };
  return { ours, lastMovedAtMs: Math.max(0, ...movedAtMs) };
}

async function askTheirs({ payments }: Context, orderId: string, order: Order | null, listed: Theirs): Promise<Theirs> {
  const ids = new Set([...listed.holds.map((hold) => hold.intentId), ...(order ? listIntentIds(order) : [])]);
  const [holds, transfers] = await Promise.all([
    Promise.all([...ids].map((id) => payments.inspect(id))),
    payments.transfersOf(orderId),
  ]);
  const foreign = listed.transfers.filter((one) => !transfers.some(({ id }) => id === one.id));
  return {
    holds: holds.filter((hold) => hold !== null),
    transfers: [...transfers, ...foreign],
    disputes: listed.disputes,
  };
}

const isUnderWay = ({ status, due, payment }: Order) => due !== null || !isFinal(status) || isMoneyOpen(payment);
