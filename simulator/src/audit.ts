import type { Firestore } from 'firebase-admin/firestore';
import { addDays, toUtcDay, toDayStartMs } from '../../functions/src/ledger/model/days.js';
import { connectAdmin } from '../../local/src/admin.js';
import { readBooks } from './books.js';
import { balancesOf, checkBooks, type Books, type Check } from './invariants.js';
import type { BalanceChange, Supplies, NotificationLog } from './invariants/snapshot.js';
import type { Stack } from './stack.js';
import { runAt, sweepAt } from './sweep.js';

export interface Audit {
  checks: readonly Check[];
  balances: ReadonlyMap<string, number>;
}

const TWO_HOURS_MS = 2 * 3_600_000 + 60_000;
const LOOKS_EVERY_MS = 3 * 60_000;
const THREE_HOURS_MS = 3 * 3_600_000;
/** Each round of the sweep takes so many orders. */
const MAX_ROUNDS = 50;

/**
 * Lets the issue window pass, so that what was delivered completes, and then the night, which closes the books and
 * compares them with Stripe's; then reads everything and checks it. `opened` are the portions that kitchens began with.
 */
export async function audit(stack: Stack, opened: Supplies['opened'] = new Map()): Promise<Audit> {
  const admin = connectAdmin();
  try {
    const atMs = await passTwoHours(stack);
    await passTheNight(admin.db, stack, atMs);
    const read = await readBooks(admin.db, atMs);
    const state = await readStripe(stack);
    const told = await readTold(admin.db, stack, state);
    const books: Books = { ...read, supplies: { ...read.supplies, opened }, told, balance: balanceOf(state) };
    return { checks: checkBooks(books), balances: balancesOf(books) };
  } finally {
    await admin.close();
  }
}

/** Whatever is due within two hours is done, and reviews are counted; the time it is then. */
export async function passTwoHours(stack: Stack): Promise<number> {
  const admin = connectAdmin();
  try {
    // Every so often the sweep also looks for couriers who are not heard of.
    const atMs = Math.ceil((Date.now() + TWO_HOURS_MS) / LOOKS_EVERY_MS) * LOOKS_EVERY_MS;
    await sweepAt(stack, atMs);
    for (let round = 0; round < MAX_ROUNDS && (await isAnythingDue(admin.db, atMs)); round++)
      await sweepAt(stack, atMs);
    await runAt(stack, 'countReviews', atMs);
    return atMs;
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
  const today = toUtcDay(Date.now());
  const rehearsed = await db.collection('reconciliations').where('day', '>=', today).get();
  await Promise.all(rehearsed.docs.map((report) => report.ref.delete()));
  const nightMs = toDayStartMs(addDays(toUtcDay(atMs), 1)) + THREE_HOURS_MS;
  await runAt(stack, 'rollUpDays', nightMs);
  await runAt(stack, 'reconcile', nightMs);
}

interface StripeState {
  deliveries: { event: string; status: number }[];
  balanceTransactions: { source: string; amount: number; fee: number; currency: string; created: number }[];
}

// The stand-ins' own answers; their shapes are tested there.
const read = async <T>({ host }: Stack, port: number, path: string): Promise<T> =>
  (await (await fetch(`http://${host}:${port}${path}`)).json()) as T;

const readStripe = (stack: Stack): Promise<StripeState> => read(stack, stack.ports.stripe, '/_local/state');

/** The city's currency has two decimals, as Stripe counts it. The stand-in pays nothing out to a bank. */
function balanceOf({ balanceTransactions }: StripeState): BalanceChange[] {
  return balanceTransactions.map(({ source, amount, fee, currency, created }) => ({
    kind: source.startsWith('dp_') ? 'dispute' : 'other',
    currency: currency.toUpperCase(),
    amountMinor: amount,
    feeMinor: fee,
    atMs: created * 1000,
  }));
}

/** The phones of this machine, and Stripe's log of what it told the backend. */
async function readTold(db: Firestore, stack: Stack, stripe: StripeState): Promise<NotificationLog> {
  const [devices, members, inbox] = await Promise.all([
    db.collectionGroup('devices').get(),
    db.collectionGroup('members').get(),
    read<{ messages: { target: string; message: { data: { id: string } } }[] }>(stack, stack.ports.inbox, '/messages'),
  ]);
  return {
    pushes: inbox.messages.map(({ target, message }) => ({ token: target, id: message.data.id })),
    phones: devices.docs.map((one) => [one.ref.parent.parent?.id ?? '', String(one.get('token'))]),
    staff: members.docs.map((one) => [one.ref.parent.parent?.id ?? '', one.id]),
    webhooks: [...new Map(stripe.deliveries.map(({ event, status }) => [event, status]))],
  };
}
