import type { Payout } from '../../calls/books.js';
import type { Journal } from '../../contract/orders.js';
import { ACCOUNTS } from '../../ledger/model/chart.js';
import type { Transfer } from '../payments.js';
import { formatMinor } from '../../pricing/currencies.js';
import { sum } from '../../pricing/money.js';
import { toUtcDay } from '../../ledger/model/days.js';

/**
 * Lists a restaurant's payouts by its ledger, less their later reversals, each beside the provider's transfer for the
 * same order.
 */
export function listPayouts(
  restaurantId: string,
  { payouts, reversals }: { payouts: readonly Journal[]; reversals: readonly Journal[] },
  transfers: ReadonlyMap<string, Transfer>,
): Payout[] {
  const merchant = ACCOUNTS.merchant(restaurantId);
  const postedTo = (journals: readonly Journal[]) =>
    sum(
      journals
        .flatMap(({ entries }) => entries.filter((one) => one.account === merchant))
        .map((one) => one.amountMinor),
    );
  return payouts.flatMap((journal) => {
    const { orderId, atMs, currency } = journal;
    if (orderId === null) return [];
    const transfer = transfers.get(orderId);
    const amountMinor = postedTo([journal, ...reversals.filter((one) => one.orderId === orderId)]);
    const [transferId, transferredMinor] = [transfer?.id ?? null, transfer?.amountMinor ?? 0];
    return [{ orderId, day: toUtcDay(atMs), amountMinor, currency, transferId, transferredMinor }];
  });
}

/** Sums payouts by currency. */
export function sumPayouts(
  payouts: readonly Payout[],
): Record<string, { paidOutMinor: number; transferredMinor: number }> {
  const totals = new Map<string, { paidOutMinor: number; transferredMinor: number }>();
  for (const { currency, amountMinor, transferredMinor } of payouts) {
    const before = totals.get(currency) ?? { paidOutMinor: 0, transferredMinor: 0 };
    totals.set(currency, {
      paidOutMinor: before.paidOutMinor + amountMinor,
      transferredMinor: before.transferredMinor + transferredMinor,
    });
  }
  return Object.fromEntries(totals);
}

const COLUMNS = ['day', 'order', 'currency', 'amount', 'transfer', 'transferred'];

/** Formats payouts as CSV, with line ends as in RFC 4180. No field needs quotes: all are ids, days and amounts. */
export function toCsv(payouts: readonly Payout[]): string {
  const lines = payouts.map((one) => [
    one.day,
    one.orderId,
    one.currency,
    formatMinor(one.amountMinor, one.currency),
    one.transferId ?? '',
    formatMinor(one.transferredMinor, one.currency),
  ]);
  return [COLUMNS, ...lines].map((line) => `${line.join(',')}\r\n`).join('');
}
