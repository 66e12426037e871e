import type { Transaction } from 'firebase-admin/firestore';
import { STAFFED_STATUSES, type Order } from '../contract/orders.js';
import type { Drift } from '../contract/reconciliation.js';
import { classifyAccount } from '../ledger/model/chart.js';
import { PLATFORM } from '../ledger/model/roll-up.js';
import { readBalances } from '../ledger/read-balances.js';
import { attempt, readPages, filterReadable } from '../platform/isolate.js';
import { ACCOUNTS } from '../ledger/model/chart.js';
import { openAmount } from '../ledger/model/journals.js';
import { getZone } from '../platform/caches.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { listDifferingAccounts, type Balances } from './model/expected-accounts.js';

const PAGE = 200;
const AT_ONCE = 20;

/** Compares couriers' cash with the ledger: of those with cash, and those who collected some that day. */
export async function checkCash(ctx: Context, seen: ReadonlySet<string>): Promise<Drift[]> {
  const uids = new Set(seen);
  for await (const page of readPages(paths.couriers(ctx.db).where('cashMinor', '>', 0).orderBy('cashMinor'), PAGE))
    for (const { id } of page) uids.add(id);
  return checkEach(ctx, uids, (tx, uid) => driftOfCash(ctx, tx, uid));
}

/** Compares customers' credit, and the credit that their open orders have taken, with the ledger. */
export function checkCredit(ctx: Context, seen: ReadonlySet<string>): Promise<Drift[]> {
  return checkEach(ctx, seen, (tx, uid) => driftsOfCredit(ctx, tx, uid));
}

/**
 * Compares the account `disputed` with the amounts of open disputes. Where its balance or one of them cannot be read,
 * the document becomes an operator task and nothing is compared.
 */
export async function checkDisputed(ctx: Context): Promise<Drift[]> {
  const path = paths.days(ctx.db, PLATFORM).path;
  const looked = await attempt(ctx, 'reconcile', path, () =>
    ctx.db.runTransaction((tx) => driftOfDisputed(ctx, tx), { readOnly: true }),
  );
  return looked.ok ? looked.value : [];
}

async function driftOfDisputed(ctx: Context, tx: Transaction): Promise<Drift[]> {
  const open = paths.disputes(ctx.db).where('status', 'in', ['needsResponse', 'underReview']);
  const [disputes, found] = await Promise.all([tx.get(open), readBalances(ctx, tx, ACCOUNTS.disputed, PLATFORM)]);
  const amounts = (await filterReadable(ctx, 'reconcile', disputes.docs)).map(({ data }) => data);
  if (amounts.length < disputes.size) return [];
  return compareOwner(ACCOUNTS.disputed, found, byCurrency(amounts.map((one) => [one.currency, openAmount(one)])));
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
    readBalances(ctx, tx, account, classifyAccount(account)[1]),
  ]);
  const { cashMinor = 0, zoneId = '' } = courier.data() ?? {};
  // Of no cash the currency does not matter.
  const carried = cashMinor === 0 ? [] : [[(await getZone(ctx, zoneId)).currency, cashMinor] as const];
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

function byCurrency(amounts: readonly (readonly [currency: string, amountMinor: number])[]): Balances {
  const sums = new Map<string, number>();
  for (const [currency, amountMinor] of amounts) sums.set(currency, (sums.get(currency) ?? 0) + amountMinor);
  return sums;
}

const compareOwner = (account: string, found: Balances, expected: Balances): Drift[] =>
  listDifferingAccounts(found, expected).map((currency) =>
    ownerDrift(account, found.get(currency) ?? 0, expected.get(currency) ?? 0),
  );

/** A drift without an order: the account's own name replaces the order's id. */
const ownerDrift = (account: string, oursMinor: number, theirsMinor: number): Drift => ({
  kind: 'account_differs',
  orderId: account,
  providerId: null,
  account,
  oursMinor,
  theirsMinor,
});
