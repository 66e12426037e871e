import type { Transaction } from 'firebase-admin/firestore';
import { JOURNAL_KINDS, STAFFED_STATUSES, type Order } from '../contract/orders.js';
import type { Drift } from '../contract/reconciliation.js';
import { addDays, startOfDay } from '../ledger/model/days.js';
import { PLATFORM, placeOf } from '../ledger/model/roll-up.js';
import { attempt, pagesOf, readable } from '../platform/isolate.js';
import { ACCOUNTS, openAmount } from '../ledger/model/journals.js';
import { zoneOf } from '../platform/caches.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { differing, type Balances } from './model/expected-accounts.js';

const PAGE = 200;
const AT_ONCE = 20;

/** What couriers carry in cash is what the ledger has for them: those with cash, and those who took some that day. */
export async function checkCash(ctx: Context, seen: ReadonlySet<string>): Promise<Drift[]> {
  const uids = new Set(seen);
  for await (const page of pagesOf(paths.couriers(ctx.db).where('cashMinor', '>', 0).orderBy('cashMinor'), PAGE))
    for (const { id } of page) uids.add(id);
  return checkEach(ctx, uids, (tx, uid) => driftOfCash(ctx, tx, uid));
}

/** What customers may spend, and what their open orders have taken of it, is what the ledger owes them. */
export function checkCredit(ctx: Context, seen: ReadonlySet<string>): Promise<Drift[]> {
  return checkEach(ctx, seen, (tx, uid) => driftsOfCredit(ctx, tx, uid));
}

/** What stands on `disputed` is what open disputes are about. */
export async function checkDisputed(ctx: Context): Promise<Drift[]> {
  return ctx.db.runTransaction(
    async (tx) => {
      const open = paths.disputes(ctx.db).where('status', 'in', ['needsResponse', 'underReview']);
      const [disputes, found] = await Promise.all([tx.get(open), readBalances(ctx, tx, ACCOUNTS.disputed, PLATFORM)]);
      const amounts = (await readable(ctx, 'reconcile', disputes.docs)).map(({ data }) => data);
      return compareOwner(ACCOUNTS.disputed, found, byCurrency(amounts.map((one) => [one.currency, openAmount(one)])));
    },
    { readOnly: true },
  );
}

async function checkEach(
  ctx: Context,
  uids: ReadonlySet<string>,
  check: (tx: Transaction, uid: string) => Promise<Drift[]>,
): Promise<Drift[]> {
  const drifts: Drift[] = [];
  const all = [...uids].toSorted();
  for (let first = 0; first < all.length; first += AT_ONCE) {
    const looked = await Promise.all(
      all
        .slice(first, first + AT_ONCE)
        .map((uid) =>
          attempt(ctx, 'reconcile', paths.user(ctx.db, uid).path, () =>
            ctx.db.runTransaction((tx) => check(tx, uid), { readOnly: true }),
          ),
        ),
    );
    drifts.push(...looked.flatMap((one) => (one.ok ? one.value : [])));
  }
  return drifts;
}

async function driftOfCash(ctx: Context, tx: Transaction, uid: string): Promise<Drift[]> {
  const account = ACCOUNTS.cash(uid);
  const [courier, found] = await Promise.all([
    tx.get(paths.courier(ctx.db, uid)),
    readBalances(ctx, tx, account, placeOf(account)[1]),
  ]);
  const { cashMinor = 0, zoneId = '' } = courier.data() ?? {};
  // Of no cash the currency does not matter.
  const carried = cashMinor === 0 ? [] : [[(await zoneOf(ctx, zoneId)).currency, cashMinor] as const];
  return compareOwner(account, found, byCurrency(carried));
}

async function driftsOfCredit(ctx: Context, tx: Transaction, uid: string): Promise<Drift[]> {
  const account = ACCOUNTS.credit(uid);
  const own = paths.orders(ctx.db).where('customerId', '==', uid);
  const [standing, underWay, unsettled, found] = await Promise.all([
    tx.get(paths.standing(ctx.db, uid)),
    tx.get(own.where('status', 'in', STAFFED_STATUSES)),
    tx.get(own.where('due.kind', '==', 'settle')),
    readBalances(ctx, tx, account, null),
  ]);
  const open = new Map([...underWay.docs, ...unsettled.docs].map((one) => [one.id, one.data()]));
  const taken = [...open.values()].map(
    ({ currency, reserved }: Order) => [currency, reserved?.creditMinor ?? 0] as const,
  );
  const spendable = Object.entries(standing.data()?.credits ?? {});
  const owed = byCurrency([...spendable, ...taken].map(([currency, amountMinor]) => [currency, 0 - amountMinor]));
  return compareOwner(account, found, owed);
}

/**
 * What an account holds, by currency: what the latest book of its owner closes with, and the journals since. A
 * customer's credit is in no owner's book: its few journals are read from the first on.
 */
async function readBalances(
  { db }: Context,
  tx: Transaction,
  account: string,
  owner: string | null,
): Promise<Balances> {
  const latest =
    owner === null ? null : (await tx.get(paths.days(db, owner).orderBy('day', 'desc').limit(1))).docs[0]?.data();
  const sinceMs = latest ? startOfDay(addDays(latest.day, 1)) : 0;
  const since = paths
    .ledger(db)
    .where('accounts', 'array-contains', account)
    .where('kind', 'in', JOURNAL_KINDS)
    .where('atMs', '>=', sinceMs);
  const { docs } = await tx.get(since);
  const [book] = placeOf(account);
  const closed = Object.entries(latest?.currencies ?? {}).map(
    ([currency, { books }]) => [currency, books[book]?.closingMinor ?? 0] as const,
  );
  const posted = docs
    .map((one) => one.data())
    .flatMap(({ currency, entries }) =>
      entries.filter((entry) => entry.account === account).map((entry) => [currency, entry.amountMinor] as const),
    );
  return byCurrency([...closed, ...posted]);
}

function byCurrency(amounts: readonly (readonly [currency: string, amountMinor: number])[]): Balances {
  const sums = new Map<string, number>();
  for (const [currency, amountMinor] of amounts) sums.set(currency, (sums.get(currency) ?? 0) + amountMinor);
  return sums;
}

const compareOwner = (account: string, found: Balances, expected: Balances): Drift[] =>
  differing(found, expected).map((currency) =>
    ownerDrift(account, found.get(currency) ?? 0, expected.get(currency) ?? 0),
  );

/** Of no order: the account's own name stands where the order's would. */
const ownerDrift = (account: string, oursMinor: number, theirsMinor: number): Drift => ({
  kind: 'account_differs',
  orderId: account,
  providerId: null,
  account,
  oursMinor,
  theirsMinor,
});
