import type { z } from 'zod';
import type { PayoutsReportInput, PayoutsReportOutput } from '../calls/books.js';
import { REPORT_DAYS } from '../contract/books.js';
import type { Journal } from '../contract/orders.js';
import { MANAGERS, requireStaff } from '../authority/staff.js';
import { ACCOUNTS } from '../ledger/model/chart.js';
import { listAll, type Span, type Transfer } from './payments.js';
import { filterReadable } from '../platform/isolate.js';
import { getAccountId } from '../platform/caches.js';
import type { Caller, Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { Refusal } from '../core/outcome.js';
import { countDays, toDayEndMs, toDayStartMs } from '../ledger/model/days.js';
import { toCsv, listPayouts, sumPayouts } from './model/payouts.js';

/** A transfer that failed at first is made by the reconciliation of one of the next nights. */
const LATE_MS = 7 * 24 * 3_600_000;

/** Reports a restaurant's payouts of some days: order by order, by the ledger and by the provider. */
export async function payoutsReport(
  ctx: Context,
  caller: Caller,
  { restaurantId, fromDay, toDay }: z.infer<typeof PayoutsReportInput>,
): Promise<z.infer<typeof PayoutsReportOutput>> {
  if (caller.claims.role !== 'operator') await requireStaff(ctx, caller, restaurantId, MANAGERS);
  const days = countDays(fromDay, toDay);
  if (days < 1 || days > REPORT_DAYS) throw new Refusal('PERIOD_INVALID', { maxDays: REPORT_DAYS });
  const span = { fromMs: toDayStartMs(fromDay), untilMs: toDayEndMs(toDay) };
  const [journals, reversals, transfers] = await Promise.all([
    readJournals(ctx, restaurantId, 'payout', span),
    // Food may be refunded after its payout, at any time until now.
    readJournals(ctx, restaurantId, 'reversal', { ...span, untilMs: ctx.now() + 1 }),
    listTransfers(ctx, restaurantId, { ...span, untilMs: span.untilMs + LATE_MS }),
  ]);
  const payouts = listPayouts(restaurantId, { payouts: journals, reversals }, transfers);
  return { payouts, totals: sumPayouts(payouts), csv: toCsv(payouts) };
}

async function readJournals(
  ctx: Context,
  restaurantId: string,
  kind: Journal['kind'],
  { fromMs, untilMs }: Span,
): Promise<Journal[]> {
  const found = await paths
    .ledger(ctx.db)
    .where('accounts', 'array-contains', ACCOUNTS.merchant(restaurantId))
    .where('kind', '==', kind)
    .where('atMs', '>=', fromMs)
    .where('atMs', '<', untilMs)
    .orderBy('atMs')
    .get();
  return (await filterReadable(ctx, 'payoutsReport', found.docs)).map(({ data }) => data);
}

async function listTransfers(ctx: Context, restaurantId: string, span: Span): Promise<Map<string, Transfer>> {
  const accountId = await getAccountId(ctx, restaurantId);
  const transfers = new Map<string, Transfer>();
  if (accountId === null) return transfers;
  for await (const transfer of listAll(span, (part) => ctx.payments.listTransfers({ ...part, accountId })))
    if (transfer.orderId !== null) transfers.set(transfer.orderId, transfer);
  return transfers;
}
