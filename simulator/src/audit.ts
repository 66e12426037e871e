import type { Firestore } from 'firebase-admin/firestore';
import { toPlain } from '../../functions/src/platform/firestore.js';
import { DayBook } from '../../functions/src/contract/books.js';
import { Courier } from '../../functions/src/contract/couriers.js';
import { Journal, Order } from '../../functions/src/contract/orders.js';
import { Reconciliation } from '../../functions/src/contract/reconciliation.js';
import { addDays, dayOf, startOfDay } from '../../functions/src/ledger/days.js';
import { connectAdmin } from '../../local/src/admin.js';
import { balancesOf, checkBooks, type Books, type Check } from './invariants.js';
import type { Stack } from './stack.js';
import { runAt, sweepAt } from './sweep.js';

export interface Audit {
  checks: readonly Check[];
  balances: ReadonlyMap<string, number>;
}

const TWO_HOURS_MS = 2 * 3_600_000 + 60_000;
const THREE_HOURS_MS = 3 * 3_600_000;
/** Each round of the sweep takes so many orders. */
const MAX_ROUNDS = 50;

/**
 * Lets the issue window pass, so that what was delivered completes, and then the night, which closes the books and
 * compares them with Stripe's; then reads everything and checks it.
 */
export async function audit(stack: Stack): Promise<Audit> {
  const admin = connectAdmin();
  try {
    const atMs = Date.now() + TWO_HOURS_MS;
    for (let round = 0; round < MAX_ROUNDS && (await isAnythingDue(admin.db, atMs)); round++)
      await sweepAt(stack, atMs);
    await passTheNight(admin.db, stack, atMs);
    const books = await readBooks(admin.db, atMs);
    return { checks: checkBooks(books), balances: balancesOf(books) };
  } finally {
    await admin.close();
  }
}

async function isAnythingDue(db: Firestore, atMs: number): Promise<boolean> {
  const due = await db.collection('orders').where('due.atMs', '<=', atMs).limit(1).get();
  return !due.empty;
}

/** Today is not over: what an earlier rehearsal of its night found is no report. */
async function passTheNight(db: Firestore, stack: Stack, atMs: number): Promise<void> {
  const today = dayOf(Date.now());
  const rehearsed = await db.collection('reconciliations').where('day', '>=', today).get();
  await Promise.all(rehearsed.docs.map((report) => report.ref.delete()));
  const nightMs = startOfDay(addDays(dayOf(atMs), 1)) + THREE_HOURS_MS;
  await runAt(stack, 'rollUpDays', nightMs);
  await runAt(stack, 'reconcile', nightMs);
}

async function readBooks(db: Firestore, nowMs: number): Promise<Books> {
  const read = async <T>(path: string, schema: { parse(data: unknown): T }): Promise<[string, T][]> => {
    const found = await db.collection(path).get();
    return found.docs.map((one) => [one.id, schema.parse(toPlain(one.data()))]);
  };
  const [orders, couriers, ledger, reconciliations, days] = await Promise.all([
    read('orders', Order),
    read('couriers', Courier),
    read('ledger', Journal),
    read('reconciliations', Reconciliation),
    db.collectionGroup('days').get(),
  ]);
  return {
    orders,
    couriers,
    ledger,
    reconciliations,
    days: days.docs.map((one) => [one.ref.parent.parent?.path ?? '', DayBook.parse(one.data())] as const),
    nowMs,
  };
}
