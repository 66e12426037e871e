import type { Firestore } from 'firebase-admin/firestore';
import { toPlain } from '../../functions/src/platform/firestore.js';
import { Courier } from '../../functions/src/contract/couriers.js';
import { Journal, Order } from '../../functions/src/contract/orders.js';
import { connectAdmin } from '../../local/src/admin.js';
import { balancesOf, checkInvariants, type Check, type Facts } from './invariants.js';
import type { Stack } from './stack.js';

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
    for (let round = 0; round < MAX_ROUNDS && (await isAnythingDue(admin.db, atMs)); round++) await sweepAt(stack, atMs);
    const facts = await readFacts(admin.db, atMs);
    return { checks: checkInvariants(facts), balances: balancesOf(facts.journals) };
  } finally {
    await admin.close();
  }
}

async function isAnythingDue(db: Firestore, atMs: number): Promise<boolean> {
  const due = await db.collection('orders').where('due.atMs', '<=', atMs).limit(1).get();
  return !due.empty;
}

/** The scheduled sweep, as the scheduler would call it at that time. */
async function sweepAt({ host, ports, projectId, region }: Stack, atMs: number): Promise<void> {
  const response = await fetch(`http://${host}:${ports.functions}/${projectId}/${region}/sweep-0`, {
    method: 'POST',
    headers: { 'X-CloudScheduler-ScheduleTime': new Date(atMs).toISOString() },
  });
  if (!response.ok) throw new Error(`the sweep answered ${response.status}`);
}

async function readFacts(db: Firestore, nowMs: number): Promise<Facts> {
  const [orders, couriers, journals] = await Promise.all(['orders', 'couriers', 'ledger'].map((name) => db.collection(name).get()));
  const parsed = <T>(snapshot: typeof orders, schema: { parse(data: unknown): T }) =>
    (snapshot?.docs ?? []).map((found) => ({ id: found.id, data: schema.parse(toPlain(found.data())) }));
  return { nowMs, orders: parsed(orders, Order), couriers: parsed(couriers, Courier), journals: parsed(journals, Journal) };
}
