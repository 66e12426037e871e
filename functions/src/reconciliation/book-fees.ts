import type { Journal } from '../contract/orders.js';
import { ACCOUNTS } from '../ledger/model/chart.js';
import { feesJournal } from '../ledger/model/journals.js';
import type { Context } from '../platform/context.js';
import { isAlreadyExists, paths } from '../platform/firestore.js';
import { reportIfUnreadable } from '../platform/isolate.js';
import { sum } from '../pricing/money.js';
import type { ProviderDay } from './provider-day.js';

/**
 * Journals the provider's fees of a day and its payouts to the bank: one journal by day and currency,
 * `fees-2026-11-29-EUR`, dated now. Entries that the provider lists later are the next journal of that day,
 * `fees-2026-11-29-EUR-2`; an existing journal is never changed. Where one of them cannot be read, it becomes an operator
 * task and nothing is journalled in that currency: what it posted would be posted twice. Idempotent.
 */
export async function journalFees(ctx: Context, day: string, listed: ReadonlyMap<string, ProviderDay>): Promise<void> {
  for (const [currency, listedDay] of listed)
    await reportIfUnreadable(ctx, 'reconcile', () => journalCurrency(ctx, day, currency, listedDay));
}

async function journalCurrency(
  ctx: Context,
  day: string,
  currency: string,
  { feesMinor, bankMinor }: ProviderDay,
): Promise<void> {
  const name = `fees-${day}-${currency}`;
  const booked = await journalsNamed(ctx, name);
  const left = {
    feesMinor: feesMinor - postedTo(ACCOUNTS.providerFees, booked),
    bankMinor: bankMinor - postedTo(ACCOUNTS.bank, booked),
  };
  const journal = feesJournal(currency, left, ctx.now());
  if (journal) await create(ctx, booked.length === 0 ? name : `${name}-${booked.length + 1}`, journal);
}

/** Reads the journals with this name, and with a number after it: the dot comes after the hyphen. */
async function journalsNamed({ db }: Context, name: string): Promise<Journal[]> {
  const found = await paths.ledger(db).where('__name__', '>=', name).where('__name__', '<', `${name}.`).get();
  return found.docs.map((one) => one.data());
}

const postedTo = (account: string, journals: readonly Journal[]): number =>
  sum(
    journals.flatMap(({ entries }) => entries.filter((one) => one.account === account)).map((one) => one.amountMinor),
  );

/** A concurrent run has written the same journal. */
async function create(ctx: Context, id: string, journal: Journal): Promise<void> {
  try {
    await paths.journal(ctx.db, id).create(journal);
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
  }
}
