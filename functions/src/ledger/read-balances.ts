import type { Transaction } from 'firebase-admin/firestore';
import type { DayBook } from '../contract/books.js';
import { JOURNAL_KINDS } from '../contract/orders.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { lookUp } from '../core/look-up.js';
import { classifyAccount, isDebited } from './model/chart.js';
import { toDayEndMs, toDayStartMs } from './model/days.js';
import { PLATFORM } from './model/roll-up.js';

/** The balances of an account by currency; debits are positive. */
export type CurrencyBalances = ReadonlyMap<string, number>;

/**
 * Reads the balance of an account as of now: the closing balance of its owner's latest summary, and the journals since.
 * A customer's credit is in no summary: its few journals are read from the first on. `owner` is null there.
 */
export const readBalances = (
  ctx: Context,
  tx: Transaction,
  account: string,
  owner: string | null,
): Promise<CurrencyBalances> => readBalancesAt(ctx, tx, account, owner, null);

/**
 * Reads the balance of an account as `readBalances` does, at the beginning of a day in UTC; null: as of now. A summary
 * that may lack journals of an incomplete day is not used.
 */
export async function readBalancesAt(
  { db }: Context,
  tx: Transaction,
  account: string,
  owner: string | null,
  beforeDay: string | null,
): Promise<CurrencyBalances> {
  const latest = owner === null ? undefined : await readLatest(tx, db, owner, beforeDay);
  const [book] = classifyAccount(account);
  const sign = isDebited(book) ? 1 : -1;
  const { docs } = await tx.get(
    paths
      .ledger(db)
      .where('accounts', 'array-contains', account)
      .where('kind', 'in', JOURNAL_KINDS)
      .where('atMs', '>=', latest ? toDayEndMs(latest.day) : 0)
      .where('atMs', '<', beforeDay === null ? Number.MAX_SAFE_INTEGER : toDayStartMs(beforeDay)),
  );
  const sums = new Map<string, number>();
  const add = (currency: string, amountMinor: number): unknown =>
    sums.set(currency, (sums.get(currency) ?? 0) + amountMinor);
  for (const [currency, { books }] of Object.entries(latest?.currencies ?? {}))
    add(currency, sign * (lookUp(books, book)?.closingMinor ?? 0));
  for (const one of docs) {
    const { currency, entries } = one.data();
    for (const entry of entries) if (entry.account === account) add(currency, entry.amountMinor);
  }
  return sums;
}

/** After every day that has a summary. */
const LAST_DAY = '9999-12-31';

/** A summary after an incomplete day was chained without that day. */
async function readLatest(
  tx: Transaction,
  db: Context['db'],
  owner: string,
  beforeDay: string | null,
): Promise<DayBook | undefined> {
  const incomplete = await tx.get(paths.days(db, PLATFORM).where('incomplete', '==', true));
  const limits = [...incomplete.docs.map(({ id }) => id), beforeDay ?? LAST_DAY].toSorted();
  const [first = LAST_DAY] = limits;
  const latest = paths.days(db, owner).where('day', '<', first).orderBy('day', 'desc').limit(1);
  return (await tx.get(latest)).docs[0]?.data();
}
