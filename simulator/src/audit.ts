import type { Firestore } from 'firebase-admin/firestore';
import { addDays, dayOf, startOfDay } from '../../functions/src/ledger/days.js';
import { connectAdmin } from '../../local/src/admin.js';
import { readBooks } from './books.js';
import { balancesOf, checkBooks, type Books, type Check } from './invariants.js';
import type { Supplies, Told } from './invariants/facts.js';
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
    const books: Books = { ...read, supplies: { ...read.supplies, opened }, told: await readTold(admin.db, stack) };
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
  const today = dayOf(Date.now());
  const rehearsed = await db.collection('reconciliations').where('day', '>=', today).get();
  await Promise.all(rehearsed.docs.map((report) => report.ref.delete()));
  const nightMs = startOfDay(addDays(dayOf(atMs), 1)) + THREE_HOURS_MS;
  await runAt(stack, 'rollUpDays', nightMs);
  await runAt(stack, 'reconcile', nightMs);
}

/** The phones of this machine, and Stripe's log of what it told the backend. */
async function readTold(db: Firestore, { host, ports }: Stack): Promise<Told> {
  const read = async <T>(port: number, path: string): Promise<T> =>
    // The stand-ins' own answers; their shapes are tested there.
    (await (await fetch(`http://${host}:${port}${path}`)).json()) as T;
  const [devices, members, inbox, stripe] = await Promise.all([
    db.collectionGroup('devices').get(),
    db.collectionGroup('members').get(),
    read<{ messages: { target: string; message: { data: { id: string } } }[] }>(ports.inbox, '/messages'),
    read<{ deliveries: { event: string; status: number }[] }>(ports.stripe, '/_local/state'),
  ]);
  return {
    pushes: inbox.messages.map(({ target, message }) => ({ token: target, id: message.data.id })),
    phones: devices.docs.map((one) => [one.ref.parent.parent?.id ?? '', String(one.get('token'))]),
    staff: members.docs.map((one) => [one.ref.parent.parent?.id ?? '', one.id]),
    webhooks: [...new Map(stripe.deliveries.map(({ event, status }) => [event, status]))],
  };
}
