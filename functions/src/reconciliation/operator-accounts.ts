import type { AuditEntry } from '../contract/operations.js';
import type { Journal } from '../contract/orders.js';
import type { Drift } from '../contract/reconciliation.js';
import { toDayEndMs, toDayStartMs } from '../ledger/model/days.js';
import { readPages, filterReadable } from '../platform/isolate.js';
import { ACCOUNTS } from '../ledger/model/chart.js';
import { courierDebtJournal, type DebtEnd } from '../ledger/model/courier-journals.js';
import { creditJournal, depositJournal } from '../ledger/model/journals.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { lookUp } from '../core/look-up.js';
import { expectPayoutJournals } from './courier-payouts.js';
import { listDifferingAccounts, type Balances } from './model/expected-accounts.js';

const PAGE = 500;

/** The movements of accounts, by currency. */
export type MovedByCurrency = ReadonlyMap<string, Balances>;

/**
 * Compares a day's journals without an order, except the provider's fees, with the audit entries of the operators who
 * caused them, cash that was paid in, debts that were settled and credit that was granted, and with the payouts to couriers. Credit of an erased customer is forfeited to the
 * platform without an audit entry. `customers` were granted credit.
 */
export async function checkOperators(
  ctx: Context,
  day: string,
  moved: MovedByCurrency,
): Promise<{ drifts: Drift[]; customers: string[] }> {
  const caused = await readCaused(ctx, day);
  const drifts: Drift[] = [];
  for (const currency of new Set([...moved.keys(), ...caused.expected.keys()])) {
    const sides = [moved, caused.expected].map((side) => new Map(side.get(currency)));
    const [found = new Map<string, number>(), expected = new Map<string, number>()] = sides;
    for (const account of listDifferingAccounts(found, expected))
      if (await hasLeft(ctx, account)) mergeLeft(account, found, expected);
    drifts.push(...listDifferingAccounts(found, expected).map((account) => toDrift(account, found, expected)));
  }
  return { drifts, customers: caused.customers };
}

interface Caused {
  expected: Map<string, Map<string, number>>;
  customers: string[];
}

async function readCaused(ctx: Context, day: string): Promise<Caused> {
  const caused: Caused = { expected: new Map(), customers: [] };
  const ofDay = paths.audit(ctx.db).where('atMs', '>=', toDayStartMs(day)).where('atMs', '<', toDayEndMs(day));
  for await (const page of readPages(ofDay.orderBy('atMs'), PAGE))
    for (const { data } of await filterReadable(ctx, 'reconcile', page)) addEntry(caused, data);
  addJournals(caused, await expectPayoutJournals(ctx, day));
  return caused;
}

/** `couriers/{uid}` of a deposit or a debt, `users/{uid}/private/standing` of a grant. */
function addEntry({ expected, customers }: Caused, { action, subject, before, after, atMs }: AuditEntry): void {
  const uid = subject.split('/')[1] ?? '';
  const currency = String(after?.['currency']);
  const change = (field: string): number =>
    Number(lookUp(after ?? {}, field) ?? 0) - Number(lookUp(before ?? {}, field) ?? 0);
  if (action === 'grantCredit') customers.push(uid);
  const journals =
    action === 'grantCredit'
      ? [creditJournal(uid, currency, change('balanceMinor'), atMs)]
      : action === 'recordCashDeposit'
        ? [depositJournal(uid, currency, -change('cashMinor'), atMs)]
        : action === 'settleCourierDebt'
          ? [courierDebtJournal(uid, { currency, amountMinor: -change('owedMinor'), how: toDebtEnd(after) }, atMs)]
          : [];
  addJournals({ expected }, journals);
}

const toDebtEnd = (after: AuditEntry['after']): DebtEnd => (after?.['how'] === 'repaid' ? 'repaid' : 'writtenOff');

function addJournals({ expected }: Pick<Caused, 'expected'>, journals: readonly Journal[]): void {
  for (const { currency, entries } of journals) {
    const sums = expected.get(currency) ?? new Map<string, number>();
    expected.set(currency, sums);
    for (const { account, amountMinor } of entries) sums.set(account, (sums.get(account) ?? 0) + amountMinor);
  }
}

/** The link from a person's account to the person is deleted with the person. */
async function hasLeft({ db }: Context, account: string): Promise<boolean> {
  const [book, id] = account.split(':');
  if ((book !== 'credit' && book !== 'cash') || id === undefined) return false;
  return !(await paths.ledgerAccount(db, id).get()).exists;
}

/**
 * The audit entry of an erased person names a pseudonym, hence another account. Cash of all of them is compared as one
 * sum; the difference of their credit was forfeited.
 */
function mergeLeft(account: string, found: Map<string, number>, expected: Map<string, number>): void {
  const isCash = account.startsWith('cash:');
  const differenceMinor = (found.get(account) ?? 0) - (expected.get(account) ?? 0);
  if (isCash) {
    add(found, 'cash:left', found.get(account) ?? 0);
    add(expected, 'cash:left', expected.get(account) ?? 0);
  } else add(expected, ACCOUNTS.forfeitedCredit, -differenceMinor);
  found.delete(account);
  expected.delete(account);
}

const add = (sums: Map<string, number>, account: string, minor: number): unknown =>
  sums.set(account, (sums.get(account) ?? 0) + minor);

const toDrift = (account: string, found: Balances, expected: Balances): Drift => ({
  kind: 'account_differs',
  orderId: account,
  providerId: null,
  account,
  oursMinor: found.get(account) ?? 0,
  theirsMinor: expected.get(account) ?? 0,
});
