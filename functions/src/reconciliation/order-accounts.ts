import type { Transaction } from 'firebase-admin/firestore';
import { toHeldPayId, PAYEES } from '../contract/held-pays.js';
import type { Order, Quote } from '../contract/orders.js';
import type { Drift } from '../contract/reconciliation.js';
import { attempt, filterReadable } from '../platform/isolate.js';
import { ACCOUNTS } from '../ledger/model/chart.js';
import { MAX_REFUNDS } from '../payments/model/refund.js';
import { MAX_TIPS } from '../payments/model/tip-rules.js';
import type { Context } from '../platform/context.js';
import { paths } from '../platform/firestore.js';
import { listDifferingAccounts, expectAccounts, sumEntries, type Balances } from './model/expected-accounts.js';

/** Orders read at a time. */
const PAGE = 100;
const AT_ONCE = 20;
/** More than an order ever has. */
const MAX_DISPUTES = 20;

/** The people whose cash or credit an order moved. */
export interface Checked {
  drifts: Drift[];
  couriers: Set<string>;
  customers: Set<string>;
}

/**
 * Compares the accounts of a day's orders with the documents that caused their journals. Most orders match by the day's
 * own journals and cost two reads, the order and its quote; the others are read completely, in one snapshot. An order
 * whose quote is no longer kept is not checked.
 */
export async function checkOrders(ctx: Context, day: ReadonlyMap<string, Balances>): Promise<Checked> {
  const checked: Checked = { drifts: [], couriers: new Set(), customers: new Set() };
  const ids = [...day.keys()].toSorted();
  for (let first = 0; first < ids.length; first += PAGE) {
    const orders = await readPage(ctx, ids.slice(first, first + PAGE));
    const suspects: string[] = [];
    for (const { orderId, order, quote } of orders) {
      if (order.payment.method === 'cash' && order.courierId !== null) checked.couriers.add(order.courierId);
      if (quote.pricing.totals.creditMinor > 0 || day.get(orderId)?.has(ACCOUNTS.credit(order.customerId)))
        checked.customers.add(order.customerId);
      const none = { refunds: [], tips: [], disputes: [], heldPays: [] };
      const expected = expectAccounts({ orderId, order, quote, ...none });
      if (listDifferingAccounts(day.get(orderId) ?? new Map(), expected).length > 0) suspects.push(orderId);
    }
    checked.drifts.push(...(await lookWhole(ctx, suspects)));
  }
  return checked;
}

interface Page {
  orderId: string;
  order: Order;
  quote: Quote;
}

async function readPage(ctx: Context, ids: readonly string[]): Promise<Page[]> {
  const [orders, quotes] = await Promise.all([
    Promise.all(ids.map((id) => paths.order(ctx.db, id).get())),
    Promise.all(ids.map((id) => paths.quote(ctx.db, id).get())),
  ]);
  const quoteOf = new Map((await filterReadable(ctx, 'reconcile', quotes)).map(({ id, data }) => [id, data]));
  return (await filterReadable(ctx, 'reconcile', orders)).flatMap(({ id, data }) => {
    const quote = quoteOf.get(id);
    return quote ? [{ orderId: id, order: data, quote }] : [];
  });
}

async function lookWhole(ctx: Context, ids: readonly string[]): Promise<Drift[]> {
  const drifts: Drift[] = [];
  for (let first = 0; first < ids.length; first += AT_ONCE) {
    const looked = await Promise.all(
      ids
        .slice(first, first + AT_ONCE)
        .map((orderId) =>
          attempt(ctx, 'reconcile', paths.order(ctx.db, orderId).path, () =>
            ctx.db.runTransaction((tx) => readDrifts(ctx, tx, orderId), { readOnly: true }),
          ),
        ),
    );
    drifts.push(...looked.flatMap((one) => (one.ok ? one.value : [])));
  }
  return drifts;
}

/** One snapshot: a step between two reads is no drift. */
async function readDrifts({ db }: Context, tx: Transaction, orderId: string): Promise<Drift[]> {
  const [read, priced, journals, refunds, tips, disputes, pays] = await Promise.all([
    tx.get(paths.order(db, orderId)),
    tx.get(paths.quote(db, orderId)),
    tx.get(paths.ledger(db).where('orderId', '==', orderId)),
    tx.get(paths.refunds(db, orderId).limit(MAX_REFUNDS)),
    tx.get(paths.tips(db, orderId).limit(MAX_TIPS)),
    tx.get(paths.disputes(db).where('orderId', '==', orderId).limit(MAX_DISPUTES)),
    Promise.all(PAYEES.map((payee) => tx.get(paths.heldPay(db, toHeldPayId(orderId, payee))))),
  ]);
  const [order, quote] = [read.data(), priced.data()];
  if (!order || !quote) return [];
  const found = sumEntries(journals.docs.map((one) => one.data()));
  const expected = expectAccounts({
    orderId,
    order,
    quote,
    refunds: refunds.docs.map((one) => one.data()),
    tips: tips.docs.map((one) => one.data()),
    disputes: disputes.docs.map((one) => one.data()),
    heldPays: pays.flatMap((one) => one.data() ?? []),
  });
  return listDifferingAccounts(found, expected).map((account) => ({
    kind: 'account_differs',
    orderId,
    providerId: null,
    account,
    oursMinor: found.get(account) ?? 0,
    theirsMinor: expected.get(account) ?? 0,
  }));
}
