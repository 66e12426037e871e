import type { BalanceDay, Drift, Reconciliation } from '../contract/reconciliation.js';
import { addDays } from '../ledger/model/days.js';
import type { Context } from '../platform/context.js';
import { lookUp } from '../core/look-up.js';
import { journalFees } from './book-fees.js';
import { listProviderDay, NOTHING_CHANGED, type ProviderDay } from './provider-day.js';

type Balances = NonNullable<Reconciliation['balances']>;

/**
 * Journals the provider's fees of a day, and of the day before where it listed entries late, and compares the orders'
 * movements in the ledger with the provider's own balance. `posted` are the ledger's sums of the day, by currency;
 * `before` are the balances of the day before, absent where it was not compared. Throws when the provider does not
 * respond.
 */
export async function reconcileBalance(
  ctx: Context,
  day: string,
  posted: ReadonlyMap<string, number>,
  before: Balances | undefined,
): Promise<{ balances: Balances; drifts: Drift[] }> {
  const yesterday = addDays(day, -1);
  const [listed, late] = await Promise.all([listProviderDay(ctx, day), listProviderDay(ctx, yesterday)]);
  await journalFees(ctx, yesterday, late);
  await journalFees(ctx, day, listed);
  const balances = compareBalances({ posted, listed, late }, before);
  return { balances, drifts: listDrifts(balances, before ?? {}) };
}

interface Compared {
  posted: ReadonlyMap<string, number>;
  listed: ReadonlyMap<string, ProviderDay>;
  /** The day before, as it is listed now. */
  late: ReadonlyMap<string, ProviderDay>;
}

function compareBalances({ posted, listed, late }: Compared, before: Balances | undefined): Balances {
  const currencies = new Set([...posted.keys(), ...listed.keys(), ...Object.keys(before ?? {})]);
  const rows = [...currencies].map((currency): [string, BalanceDay] => {
    const [oursMinor, theirsMinor] = [posted.get(currency) ?? 0, (listed.get(currency) ?? NOTHING_CHANGED).ordersMinor];
    const last = lookUp(before, currency) ?? { theirsMinor: 0, differenceMinor: 0 };
    const lateMinor = before ? (late.get(currency) ?? NOTHING_CHANGED).ordersMinor - last.theirsMinor : 0;
    return [
      currency,
      { oursMinor, theirsMinor, differenceMinor: last.differenceMinor + oursMinor - theirsMinor - lateMinor },
    ];
  });
  return Object.fromEntries(rows);
}

/**
 * Finds differences that existed on two nights in a row. An amount in transit at midnight, journalled on one day and
 * taken on the next, is balanced by the second night.
 */
function listDrifts(balances: Balances, before: Balances): Drift[] {
  return Object.entries(balances).flatMap(([currency, { differenceMinor }]) => {
    const lastMinor = lookUp(before, currency)?.differenceMinor ?? 0;
    const stoodMinor =
      Math.sign(lastMinor) === Math.sign(differenceMinor)
        ? Math.min(Math.abs(lastMinor), Math.abs(differenceMinor))
        : 0;
    if (stoodMinor === 0) return [];
    const oursMinor = Math.sign(differenceMinor) * stoodMinor;
    return [
      {
        kind: 'balance_mismatch' as const,
        orderId: `balance-${currency}`,
        providerId: null,
        oursMinor,
        theirsMinor: 0,
      },
    ];
  });
}
