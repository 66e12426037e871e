import { NAMED_DRIFTS, OPEN_ORDERS, type Reconciliation } from '../contract/reconciliation.js';
import { addDays, toUtcDay, listDays } from '../ledger/model/days.js';
import { attempt, filterReadable, readOne, reportDocument } from '../platform/isolate.js';
import type { Context } from '../platform/context.js';
import { DocumentError } from '../platform/document-error.js';
import { paths } from '../platform/firestore.js';
import { listPassedOn } from './model/passed-on.js';
import { NOTHING_MOVED, NOTHING_THERE, hasNoDifference, type Theirs } from './model/compare.js';
import { collectDay, type DayInBoth } from './collect-day.js';
import { resolveDrift, tryCreateDriftTask } from './resolve-drift.js';
import { reconcileBalance } from './reconcile-balance.js';
import { reconcileOrder, type ReconcileResult } from './reconcile-order.js';
import { comparePayouts, followPayouts } from './courier-payouts.js';
import { checkOperators } from './operator-accounts.js';
import { checkOrders } from './order-accounts.js';
import { checkCash, checkCredit, checkDisputed } from './owner-accounts.js';

/** The number of missed nights that are made up for. */
const LOOK_BACK_DAYS = 7;
/** The number of orders between two saves of the report. */
const CHUNK = 20;

/**
 * Compares the ledger with the provider's records for past days, every night, each day once, the oldest first. Orders
 * that were still under way are passed from one report to the next. An interrupted run continues where its report ends.
 * A day that fails is reported and does not stop the others; the next night tries it again. Returns the reports that it
 * finished. Throws after the last day where a day failed for another reason than an unreadable document: a repeated run
 * may succeed.
 */
export async function reconcile(ctx: Context): Promise<Reconciliation[]> {
  const today = toUtcDay(ctx.now());
  const finished: Reconciliation[] = [];
  const failures: unknown[] = [];
  for (const day of listDays(addDays(today, -LOOK_BACK_DAYS), addDays(today, -1))) {
    try {
      const report = await readReport(ctx, day);
      if (report.state === 'running') finished.push(await reconcileDay(ctx, report));
    } catch (error) {
      if (!(error instanceof DocumentError)) failures.push(error);
      const { path } = error instanceof DocumentError ? error : paths.reconciliation(ctx.db, day);
      await reportDocument(ctx, 'reconcile', path, error);
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} days were not reconciled`);
  return finished;
}

async function readReport(ctx: Context, day: string): Promise<Reconciliation> {
  const begun = await readOne(ctx, 'reconcile', await paths.reconciliation(ctx.db, day).get());
  return (
    begun?.data ?? {
      day,
      state: 'running',
      doneUntil: '',
      orders: 0,
      counts: {},
      drifts: [],
      open: [],
      startedAtMs: ctx.now(),
      finishedAtMs: null,
    }
  );
}

/** Reads the reports before a day, the oldest first, as far back as missed nights are made up for. */
async function readEarlier(ctx: Context, day: string): Promise<Reconciliation[]> {
  const days = listDays(addDays(day, -LOOK_BACK_DAYS), addDays(day, -1));
  const stored = await Promise.all(days.map((one) => paths.reconciliation(ctx.db, one).get()));
  return (await filterReadable(ctx, 'reconcile', stored)).map(({ data }) => data);
}

async function reconcileDay(ctx: Context, begun: Reconciliation): Promise<Reconciliation> {
  const [both, earlier] = await Promise.all([collectDay(ctx, begun.day), readEarlier(ctx, begun.day)]);
  const openBefore = listPassedOn(earlier);
  const last = earlier.find(({ day }) => day === addDays(begun.day, -1));
  const suspects = listSuspects(both, openBefore).filter((orderId) => orderId > begun.doneUntil);
  let report: Reconciliation = {
    ...begun,
    orders: new Set([...both.ours.keys(), ...both.theirs.keys(), ...openBefore]).size,
  };
  for (let first = 0; first < suspects.length; first += CHUNK) {
    const chunk = suspects.slice(first, first + CHUNK);
    const looked = await Promise.all(chunk.map((orderId) => tryReconcileOrder(ctx, orderId, both.theirs.get(orderId))));
    report = chunk.reduce((told, orderId, index) => withResult(told, orderId, looked[index]), report);
    await paths.reconciliation(ctx.db, report.day).set(report);
  }
  if (report.open.length === OPEN_ORDERS) await reportFull(ctx, report.day);
  report = await withPayouts(ctx, report, both.courierTransfers);
  report = await withBalance(ctx, await withAccounts(ctx, report, both), both.posted, last?.balances);
  report = { ...report, state: 'done', finishedAtMs: ctx.now() };
  await paths.reconciliation(ctx.db, report.day).set(report);
  ctx.log.info('reconciled', { day: report.day, orders: report.orders, compared: suspects.length });
  return report;
}

/** In the write that ends the report, so that an interrupted run compares once more. */
async function withBalance(
  ctx: Context,
  report: Reconciliation,
  posted: ReadonlyMap<string, number>,
  before: Reconciliation['balances'],
): Promise<Reconciliation> {
  const { balances, drifts } = await reconcileBalance(ctx, report.day, posted, before);
  const raised = await Promise.all(
    drifts.map(async (drift) => ({ ...drift, outcome: await resolveDrift(ctx, drift, null) })),
  );
  return { ...withResult(report, report.doneUntil, { drifts: raised, open: false }), balances };
}

/**
 * Compares the accounts with the documents behind them: the day's orders, operators' actions, and, once a night, the
 * current balances of the people of yesterday's orders.
 */
async function withAccounts(ctx: Context, report: Reconciliation, both: DayInBoth): Promise<Reconciliation> {
  const { drifts, couriers, customers } = await checkOrders(ctx, both.accounts);
  const ofOperators = await checkOperators(ctx, report.day, both.apart);
  const isYesterday = report.day === addDays(toUtcDay(ctx.now()), -1);
  const ofOwners = isYesterday
    ? [
        await checkCash(ctx, couriers),
        await checkCredit(ctx, new Set([...customers, ...ofOperators.customers])),
        await checkDisputed(ctx),
      ]
    : [];
  const found = [...drifts, ...ofOperators.drifts, ...ofOwners.flat()];
  const raised: Reconciliation['drifts'] = [];
  const { path } = paths.reconciliation(ctx.db, report.day);
  for (const drift of found) raised.push({ ...drift, outcome: await tryCreateDriftTask(ctx, drift, path) });
  return withDrifts(report, raised);
}

/** Compares the payouts to couriers of the day and, once a night, those that are under way. */
async function withPayouts(
  ctx: Context,
  report: Reconciliation,
  listed: ReadonlyMap<string, number>,
): Promise<Reconciliation> {
  const isYesterday = report.day === addDays(toUtcDay(ctx.now()), -1);
  const found = [...(await comparePayouts(ctx, report.day, listed)), ...(isYesterday ? await followPayouts(ctx) : [])];
  const resolved: Reconciliation['drifts'] = [];
  for (const drift of found) resolved.push({ ...drift, outcome: await resolveDrift(ctx, drift, null) });
  return withDrifts(report, resolved);
}

/** More orders are open than one report names: the next night would not compare the others. */
const reportFull = (ctx: Context, day: string): Promise<void> =>
  reportDocument(
    ctx,
    'reconcile',
    paths.reconciliation(ctx.db, day).path,
    new Error(`more than ${OPEN_ORDERS} orders are open`),
  );

/** Reconciles one order; a failure does not stop the others. */
async function tryReconcileOrder(ctx: Context, orderId: string, listed: Theirs | undefined): Promise<ReconcileResult> {
  const path = paths.order(ctx.db, orderId).path;
  const looked = await attempt(ctx, 'reconcile', path, () => reconcileOrder(ctx, orderId, listed));
  return looked.ok ? looked.value : { drifts: [], open: true };
}

/**
 * Lists the orders to be compared, by id. Most match by the day's lists of both sides, and cost no read of their own.
 */
function listSuspects({ ours, theirs }: DayInBoth, openBefore: readonly string[]): string[] {
  const untied = [...new Set([...ours.keys(), ...theirs.keys()])].filter(
    (orderId) => !hasNoDifference(ours.get(orderId) ?? NOTHING_MOVED, theirs.get(orderId) ?? NOTHING_THERE),
  );
  return [...new Set([...untied, ...openBefore])].toSorted();
}

function withResult(
  report: Reconciliation,
  orderId: string,
  looked: ReconcileResult = { drifts: [], open: false },
): Reconciliation {
  return {
    ...withDrifts(report, looked.drifts),
    doneUntil: orderId,
    open: looked.open && report.open.length < OPEN_ORDERS ? [...report.open, orderId] : report.open,
  };
}

/** Counts all drifts, and lists as many as there is room for. */
function withDrifts(report: Reconciliation, found: Reconciliation['drifts']): Reconciliation {
  const counts = { ...report.counts };
  for (const { kind } of found) counts[kind] = (counts[kind] ?? 0) + 1;
  return { ...report, counts, drifts: [...report.drifts, ...found].slice(0, NAMED_DRIFTS) };
}
