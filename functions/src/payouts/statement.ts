import type { Transaction } from 'firebase-admin/firestore';
import type { z } from 'zod';
import type { CourierStatementInput, CourierStatementOutput } from '../calls/courier-payouts.js';
import { REPORT_DAYS } from '../contract/books.js';
import { JOURNAL_KINDS } from '../contract/orders.js';
import { ACCOUNTS, classifyAccount } from '../ledger/model/chart.js';
import { addDays, countDays, toDayEndMs, toDayStartMs } from '../ledger/model/days.js';
import { readBalancesAt, type CurrencyBalances } from '../ledger/read-balances.js';
import type { Caller, Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { Refusal } from '../core/outcome.js';
import { chooseCourier } from './balance.js';
import { listStatementLines, toStatementCsv, type NamedJournal } from './model/statement.js';

interface Period {
  fromDay: string;
  toDay: string;
}

/** Lists what changed a courier's pay and cash on some days, journal by journal, between the ledger's balances. */
export async function courierStatement(
  ctx: Context,
  caller: Caller,
  { courierId, ...period }: z.infer<typeof CourierStatementInput>,
): Promise<z.infer<typeof CourierStatementOutput>> {
  const uid = chooseCourier(caller, courierId);
  const days = countDays(period.fromDay, period.toDay);
  if (days < 1 || days > REPORT_DAYS) throw new Refusal('PERIOD_INVALID', { maxDays: REPORT_DAYS });
  return ctx.db.runTransaction((tx) => readStatement(ctx, tx, uid, period), { readOnly: true });
}

async function readStatement(
  ctx: Context,
  tx: Transaction,
  uid: string,
  period: Period,
): Promise<z.infer<typeof CourierStatementOutput>> {
  const [pay, cash] = [ACCOUNTS.courier(uid), ACCOUNTS.cash(uid)];
  const balanceAt = (account: string, day: string): Promise<CurrencyBalances> =>
    readBalancesAt(ctx, tx, account, classifyAccount(account)[1], day);
  const after = addDays(period.toDay, 1);
  const [payBefore, cashBefore, payAfter, cashAfter, ofPay, ofCash] = await Promise.all([
    balanceAt(pay, period.fromDay),
    balanceAt(cash, period.fromDay),
    balanceAt(pay, after),
    balanceAt(cash, after),
    readJournals(ctx, tx, pay, period),
    readJournals(ctx, tx, cash, period),
  ]);
  const journals = new Map([...ofPay, ...ofCash].map(({ id, journal }) => [id, { id, journal }]));
  const ordered = [...journals.values()].toSorted((a, b) => a.journal.atMs - b.journal.atMs || (a.id < b.id ? -1 : 1));
  const lines = listStatementLines(uid, ordered);
  const currencies = new Set([...payAfter.keys(), ...cashAfter.keys(), ...lines.map(({ currency }) => currency)]);
  const balances = [...currencies].toSorted().map((currency) => ({
    currency,
    openingMinor: 0 - (payBefore.get(currency) ?? 0),
    closingMinor: 0 - (payAfter.get(currency) ?? 0),
    cashOpeningMinor: cashBefore.get(currency) ?? 0,
    cashClosingMinor: cashAfter.get(currency) ?? 0,
  }));
  return { balances, lines, csv: toStatementCsv(lines) };
}

async function readJournals(ctx: Context, tx: Transaction, account: string, period: Period): Promise<NamedJournal[]> {
  const found = await tx.get(
    paths
      .ledger(ctx.db)
      .where('accounts', 'array-contains', account)
      .where('kind', 'in', JOURNAL_KINDS)
      .where('atMs', '>=', toDayStartMs(period.fromDay))
      .where('atMs', '<', toDayEndMs(period.toDay)),
  );
  return found.docs.map((one) => ({ id: one.id, journal: one.data() }));
}
