import type { Order } from '../contract/orders.js';
import type { Drift, Reconciliation } from '../contract/reconciliation.js';
import { moveMoney } from '../orders/finish-effects.js';
import { isFinal } from '../orders/order-state.js';
import { followHold } from '../payments/settle-payment.js';
import type { Context } from '../platform/context.js';
import { isAlreadyThere, paths } from '../platform/firestore.js';
import { operatorTask } from '../operations/raise.js';
import { compare, holdsOf, NOTHING_MOVED, NOTHING_THERE, withJournal, type Ours, type Theirs } from './compare.js';
import { moneyToRepeat, REMEDIES } from './repair.js';

/** What a step leaves undone is repeated by its guard for about so long: until then it is no drift. */
const YOUNG_MS = 3_600_000;

export interface Looked {
  drifts: Reconciliation['drifts'];
  /** The next night is to look again. */
  open: boolean;
}

/**
 * One order that does not tie by what the day listed: both sides are read anew and whole, since the lists are of
 * different moments and of one day; what still differs is repaired, or put before an operator.
 */
export async function lookAt(ctx: Context, orderId: string, listed: Theirs = NOTHING_THERE): Promise<Looked> {
  const ours = await readOurs(ctx, orderId);
  if (ours.order && isYoung(ours.order, ctx.now())) return { drifts: [], open: true };
  const theirs = await askTheirs(ctx, orderId, ours.order, listed);
  const drifts: Looked['drifts'] = [];
  for (const drift of compare(orderId, ours, theirs))
    drifts.push({ ...drift, outcome: await settle(ctx, drift, ours.order) });
  const acted = drifts.some(({ outcome }) => outcome !== 'raised');
  return { drifts, open: acted || (ours.order !== null && isUnderWay(ours.order)) };
}

async function readOurs({ db }: Context, orderId: string): Promise<Ours> {
  const [order, journals] = await Promise.all([
    paths.order(db, orderId).get(),
    paths.ledger(db).where('orderId', '==', orderId).get(),
  ]);
  const moved = journals.docs.reduce((sums, journal) => withJournal(sums, journal.data()), NOTHING_MOVED);
  return { order: order.data() ?? null, moved };
}

async function askTheirs({ payments }: Context, orderId: string, order: Order | null, listed: Theirs): Promise<Theirs> {
  const ids = new Set([...listed.holds.map((hold) => hold.intentId), ...(order ? holdsOf(order) : [])]);
  const [holds, transfers] = await Promise.all([
    Promise.all([...ids].map((id) => payments.inspect(id))),
    payments.transfersOf(orderId),
  ]);
  const foreign = listed.transfers.filter((one) => one.orderId === null);
  return {
    holds: holds.filter((hold) => hold !== null),
    transfers: [...transfers, ...foreign],
    disputes: listed.disputes,
  };
}

const isYoung = ({ events }: Order, nowMs: number) => (events.at(-1)?.atMs ?? 0) > nowMs - YOUNG_MS;
const isUnderWay = ({ status, due, payment }: Order) =>
  due !== null || !isFinal(status) || payment.status.endsWith('ing');

async function settle(ctx: Context, drift: Drift, order: Order | null): Promise<Looked['drifts'][number]['outcome']> {
  if (REMEDIES[drift.kind] === 'operator') return raise(ctx, drift);
  try {
    const repaired = await repair(ctx, drift, order);
    ctx.log.warn('drift', { ...drift, repaired });
    return repaired ? 'repaired' : await raise(ctx, drift);
  } catch (error) {
    ctx.log.error('drift not repaired', { ...drift }, error);
    return 'failed';
  }
}

/** By the backend's own ways alone, each of which may be repeated. False when they do not lead there. */
async function repair(ctx: Context, { kind, orderId, intentId }: Drift, order: Order | null): Promise<boolean> {
  switch (REMEDIES[kind]) {
    case 'follow': {
      if (intentId !== null) await followHold(ctx, orderId, await ctx.payments.retrieve(intentId));
      return intentId !== null;
    }
    case 'release': {
      const hold = intentId === null ? null : await ctx.payments.voidHold({ orderId, intentId });
      return hold?.status === 'voided';
    }
    case 'repeat': {
      const money = order && moneyToRepeat(order, kind);
      if (order && money) await moveMoney(ctx, orderId, order, money);
      return money !== null;
    }
    case 'operator':
      return false;
  }
}

/** Once: a task that an operator has closed stays closed, however often the same drift is seen. */
async function raise(ctx: Context, { kind, orderId, intentId, oursMinor, theirsMinor }: Drift): Promise<'raised'> {
  const detail = `${kind}: ours ${oursMinor}, theirs ${theirsMinor}, ${intentId ?? 'no intent'}`;
  const task = operatorTask({ kind: 'books_differ', orderId, detail }, ctx.now());
  try {
    await paths.operatorTask(ctx.db, `${orderId}-${kind}`).create(task);
    ctx.log.warn('operator needed', { kind, orderId });
  } catch (error) {
    if (!isAlreadyThere(error)) throw error;
  }
  return 'raised';
}
