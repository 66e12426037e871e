import type { z } from 'zod';
import { REPORT_DAYS, type PayoutsReportInput, type PayoutsReportOutput } from '../contract/calls/books.js';
import type { Journal } from '../contract/orders.js';
import { ACCOUNTS } from '../payments/ledger.js';
import { allOf, type Span, type Transfer } from '../payments/payments.js';
import { readable } from '../operations/isolate.js';
import { termsOf } from '../platform/caches.js';
import type { Caller, Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { Refusal } from '../platform/outcome.js';
import { addDays, daysBetween, startOfDay } from './days.js';
import { csvOf, payoutsOf, totalsOf } from './payouts.js';

/** A transfer that was refused at first is made by the reconciliation of one of the next nights. */
const LATE_DAYS = 7;

/** What a restaurant was paid out on some days: order by order, as the ledger and the provider have it. */
export async function payoutsReport(
  ctx: Context,
  caller: Caller,
  { restaurantId, fromDay, toDay }: z.infer<typeof PayoutsReportInput>,
): Promise<z.infer<typeof PayoutsReportOutput>> {
  checkMayRead(caller, restaurantId);
  const days = daysBetween(fromDay, toDay).length;
  if (days < 1 || days > REPORT_DAYS) throw new Refusal('PERIOD_INVALID', { maxDays: REPORT_DAYS });
  const span = { fromMs: startOfDay(fromDay), untilMs: startOfDay(addDays(toDay, 1)) };
  const [journals, transfers] = await Promise.all([
    readPayouts(ctx, restaurantId, span),
    listTransfers(ctx, restaurantId, { ...span, untilMs: startOfDay(addDays(toDay, 1 + LATE_DAYS)) }),
  ]);
  const payouts = payoutsOf(restaurantId, journals, transfers);
  return { payouts, totals: totalsOf(payouts), csv: csvOf(payouts) };
}

/** A stranger is told that there is no such restaurant; the kitchen, that this is not its matter. */
function checkMayRead({ claims }: Caller, restaurantId: string): void {
  const role = claims.merchant?.[restaurantId];
  if (claims.role === 'operator' || role === 'owner' || role === 'manager') return;
  if (role === 'kitchen') throw new Refusal('ROLE_NOT_ALLOWED', { role });
  throw new Refusal('RESTAURANT_NOT_FOUND', { restaurantId });
}

async function readPayouts(ctx: Context, restaurantId: string, { fromMs, untilMs }: Span): Promise<Journal[]> {
  const found = await paths
    .ledger(ctx.db)
    .where('accounts', 'array-contains', ACCOUNTS.merchant(restaurantId))
    .where('kind', '==', 'payout')
    .where('atMs', '>=', fromMs)
    .where('atMs', '<', untilMs)
    .orderBy('atMs')
    .get();
  return (await readable(ctx, 'payoutsReport', found.docs)).map(({ data }) => data);
}

async function listTransfers(ctx: Context, restaurantId: string, span: Span): Promise<Map<string, Transfer>> {
  const { stripeAccountId: accountId } = await termsOf(ctx, restaurantId);
  const transfers = new Map<string, Transfer>();
  if (accountId === null) return transfers;
  for await (const transfer of allOf(span, (part) => ctx.payments.listTransfers({ ...part, accountId })))
    if (transfer.orderId !== null) transfers.set(transfer.orderId, transfer);
  return transfers;
}
