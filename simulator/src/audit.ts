import type { Firestore } from 'firebase-admin/firestore';
import { toPlain } from '../../functions/src/platform/firestore.js';
import { Courier } from '../../functions/src/contract/couriers.js';
import { Journal, Order } from '../../functions/src/contract/orders.js';
import { connectAdmin } from '../../local/src/admin.js';
import { balancesOf, checkBooks, type Books, type Check } from './invariants.js';
import type { Stack } from './stack.js';
import { sweepAt } from './sweep.js';

export interface Audit {
  checks: readonly Check[];
  balances: ReadonlyMap<string, number>;
}

const TWO_HOURS_MS = 2 * 3_600_000 + 60_000;
/** Each round of the sweep takes so many orders. */
const MAX_ROUNDS = 50;

/** Lets the issue window pass, so that what was delivered completes; then reads everything and checks it. */
export async function audit(stack: Stack): Promise<Audit> {
  const admin = connectAdmin();
  try {
    const atMs = Date.now() + TWO_HOURS_MS;
    for (let round = 0; round < MAX_ROUNDS && (await isAnythingDue(admin.db, atMs)); round++)
      await sweepAt(stack, atMs);
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

async function readBooks(db: Firestore, nowMs: number): Promise<Books> {
  const read = async <T>(path: string, schema: { parse(data: unknown): T }): Promise<[string, T][]> => {
    const found = await db.collection(path).get();
    return found.docs.map((one) => [one.id, schema.parse(toPlain(one.data()))]);
  };
  const [orders, couriers, ledger] = await Promise.all([
    read('orders', Order),
    read('couriers', Courier),
    read('ledger', Journal),
  ]);
  return { orders, couriers, ledger, nowMs };
}
