import type { CourierPayout } from '../contract/courier-payouts.js';
import type { Journal } from '../contract/orders.js';
import type { Drift, DriftKind } from '../contract/reconciliation.js';
import { courierPayoutJournal, returnedPayoutJournal, setOffJournal } from '../ledger/model/courier-journals.js';
import { toDayEndMs, toDayStartMs } from '../ledger/model/days.js';
import { DocumentId } from '../contract/common.js';
import { filterReadable, handlePages, readPages } from '../platform/isolate.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { repairPayout } from '../payouts/finish-payout.js';
import { sum } from '../pricing/money.js';

const JOB = 'reconcile';
const DAY_MS = 24 * 3_600_000;
/** A payout's recovery task has ended by then. */
const TASKS_LAST_MS = 2 * 3_600_000;
/** A payout that is under way for longer is a drift. Source: Stripe docs, "Payouts": some banks take ten days. */
const ENDLESS_MS = 14 * DAY_MS;
const always = (): boolean => true;

/** Reads the payouts to couriers that were made, or failed, on a day; each side may have both. */
async function readPayoutsOf(ctx: Context, day: string): Promise<{ made: NamedPayout[]; failed: NamedPayout[] }> {
  const { db } = ctx;
  const [fromMs, untilMs] = [toDayStartMs(day), toDayEndMs(day)];
  const created = paths.courierPayouts(db).where('createdAtMs', '>=', fromMs).where('createdAtMs', '<', untilMs);
  const returned = paths.courierPayouts(db).where('failedAtMs', '>=', fromMs).where('failedAtMs', '<', untilMs);
  const made: NamedPayout[] = [];
  const failed: NamedPayout[] = [];
  for await (const page of readPages(created.orderBy('createdAtMs')))
    for (const { id, data } of await filterReadable(ctx, JOB, page)) made.push({ id, payout: data });
  for await (const page of readPages(returned.orderBy('failedAtMs')))
    for (const { id, data } of await filterReadable(ctx, JOB, page)) failed.push({ id, payout: data });
  return { made, failed };
}

interface NamedPayout {
  id: string;
  payout: CourierPayout;
}

/** Returns the journals that a day's payouts to couriers caused. */
export async function expectPayoutJournals(ctx: Context, day: string): Promise<Journal[]> {
  const { made, failed } = await readPayoutsOf(ctx, day);
  const journals = [
    ...made.flatMap(({ payout }) => [courierPayoutJournal(payout, 0), setOffJournal(payout, 0)]),
    ...failed.map(({ id, payout }) => returnedPayoutJournal(id, payout, 0)),
  ];
  return journals.filter((one) => one !== null);
}

/**
 * Compares a day's payouts to couriers with the provider's transfers. `listed` are the transfers that it lists for that
 * day, by payout, less their reversals.
 */
export async function comparePayouts(ctx: Context, day: string, listed: ReadonlyMap<string, number>): Promise<Drift[]> {
  const { made, failed } = await readPayoutsOf(ctx, day);
  const known = new Map([...made, ...failed].map(({ id, payout }) => [id, payout]));
  const drifts: Drift[] = [];
  for (const payoutId of new Set([...listed.keys(), ...known.keys()])) {
    const payout = known.get(payoutId) ?? (await readPayout(ctx, payoutId));
    if (payout?.stripeAccountId === null) continue;
    // The reversal, or the transfer of a payout of the day before, is not in the day's list.
    const theirsMinor = listed.get(payoutId) ?? (await sumTransfers(ctx, payoutId));
    const kind = judgeTransfer(payout, theirsMinor);
    const oursMinor = expectTransfer(payout);
    if (kind) drifts.push({ kind, orderId: payoutId, providerId: null, oursMinor, theirsMinor });
  }
  return drifts;
}

const readPayout = async ({ db }: Context, payoutId: string): Promise<CourierPayout | undefined> =>
  DocumentId.safeParse(payoutId).success ? (await paths.courierPayout(db, payoutId).get()).data() : undefined;

const sumTransfers = async ({ payments }: Context, payoutId: string): Promise<number> =>
  sum((await payments.transfersOf(payoutId)).map(({ amountMinor }) => amountMinor));

const expectTransfer = (payout: CourierPayout | undefined): number =>
  payout && payout.status !== 'failed' ? payout.amountMinor : 0;

/** Null where both sides agree. */
function judgeTransfer(payout: CourierPayout | undefined, theirsMinor: number): DriftKind | null {
  const oursMinor = expectTransfer(payout);
  if (oursMinor === theirsMinor) return null;
  if (oursMinor === 0) return 'unknown_courier_transfer';
  return theirsMinor === 0 ? 'missing_courier_transfer' : 'courier_transfer_mismatch';
}

/**
 * Repeats the steps of a payout at the provider. True where its transfer agrees afterwards; a payout that is unknown
 * cannot be repaired.
 */
export async function resolvePayout(ctx: Context, payoutId: string): Promise<boolean> {
  if (!(await readPayout(ctx, payoutId))) return false;
  await repairPayout(ctx, payoutId);
  const payout = await readPayout(ctx, payoutId);
  return judgeTransfer(payout, await sumTransfers(ctx, payoutId)) === null;
}

/**
 * Fetches the state of payouts that are under way for some hours, since a webhook may be lost, and repeats
 * unfinished steps. Returns a drift for each that has no end after two weeks.
 */
export async function followPayouts(ctx: Context): Promise<Drift[]> {
  const drifts: Drift[] = [];
  const underWay = paths.courierPayouts(ctx.db).where('status', 'in', ['pending', 'sent']);
  const unfinished = paths.courierPayouts(ctx.db).where('open', '==', true);
  const follow = async ({ id, data }: { id: string; data: CourierPayout }): Promise<void> => {
    const ageMs = ctx.now() - (data.failedAtMs ?? data.createdAtMs);
    if (ageMs < TASKS_LAST_MS) return;
    await repairPayout(ctx, id);
    const after = await readPayout(ctx, id);
    const isEnded = after?.open === false && after.status !== 'sent' && after.status !== 'pending';
    if (isEnded || ageMs < ENDLESS_MS) return;
    drifts.push({
      kind: 'endless_payout',
      orderId: id,
      providerId: data.bankPayoutId,
      oursMinor: data.amountMinor,
      theirsMinor: 0,
    });
  };
  await handlePages(ctx, JOB, always, underWay.orderBy('__name__'), follow);
  await handlePages(ctx, JOB, always, unfinished.orderBy('__name__'), async (found) => {
    if (found.data.status !== 'pending') await follow(found);
  });
  return drifts;
}
