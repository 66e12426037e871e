import type { Firestore } from 'firebase-admin/firestore';
import { addDays, toUtcDay, toDayStartMs } from '../../functions/src/ledger/model/days.js';
import { connectAdmin } from '../../local/src/admin.js';
import { readBooks } from './books.js';
import { computeBalances, checkBooks, type Books, type Check } from './invariants.js';
import type { BalanceChange, Inventory, NotificationLog } from './invariants/snapshot.js';
import type { Stack } from './stack.js';
import { runAt, sweepAt } from './sweep.js';

export interface Audit {
  checks: readonly Check[];
  balances: ReadonlyMap<string, number>;
}

const TWO_HOURS_MS = 2 * 3_600_000 + 60_000;
const OFFLINE_CHECK_MS = 3 * 60_000;
const THREE_HOURS_MS = 3 * 3_600_000;
/** The time from the comparison of the night to the learning of preparation times. */
const PREPARATIONS_AFTER_MS = 45 * 60_000;
/** The time from the comparison of the night to the payouts to couriers. */
const PAYOUTS_AFTER_MS = 90 * 60_000;
/** The stand-in's banks take ten seconds. */
const PAYOUTS_WITHIN_MS = 120_000;
/** Each run of the sweep takes a limited number of orders, so the audit runs it at most this many times. */
const MAX_ROUNDS = 50;

/**
 * Advances the clock by two hours, so that the issue window ends and delivered orders complete, and then by a night,
 * which closes the daily ledgers, compares the ledger with Stripe and pays the couriers. Then reads all documents and checks the
 * invariants. `opened` are the portions that each kitchen started with.
 */
export async function audit(stack: Stack, opened: Inventory['opened'] = new Map()): Promise<Audit> {
  const admin = connectAdmin();
  try {
    const atMs = await passTwoHours(stack);
    await passNight(admin.db, stack, atMs);
    const read = await readBooks(admin.db, atMs);
    const state = await readStripe(stack);
    const notifications = await readNotifications(admin.db, stack, state);
    const books: Books = {
      ...read,
      inventory: { ...read.inventory, opened },
      notifications: notifications,
      balance: toBalanceChanges(state),
      courierTransfers: sumCourierTransfers(state),
    };
    const checks = [...checkBooks(books), await checkStripeBalance(stack, books)];
    return { checks, balances: computeBalances(books) };
  } finally {
    await admin.close();
  }
}

/** Runs everything that is due within two hours and counts the reviews. Returns the time after these two hours. */
export async function passTwoHours(stack: Stack): Promise<number> {
  const admin = connectAdmin();
  try {
    // At multiples of three minutes the sweep also takes couriers offline whose heartbeats are missing.
    const atMs = Math.ceil((Date.now() + TWO_HOURS_MS) / OFFLINE_CHECK_MS) * OFFLINE_CHECK_MS;
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

/** Today has not ended: the reports of an earlier audit of the same day are deleted first. */
async function passNight(db: Firestore, stack: Stack, atMs: number): Promise<void> {
  const today = toUtcDay(Date.now());
  const rehearsed = await db.collection('reconciliations').where('day', '>=', today).get();
  await Promise.all(rehearsed.docs.map((report) => report.ref.delete()));
  const nightMs = toDayStartMs(addDays(toUtcDay(atMs), 1)) + THREE_HOURS_MS;
  await runAt(stack, 'rollUpDays', nightMs);
  await runAt(stack, 'reconcile', nightMs);
  await runAt(stack, 'learnPreparations', nightMs + PREPARATIONS_AFTER_MS);
  await runAt(stack, 'payCouriers', nightMs + PAYOUTS_AFTER_MS);
  await awaitPayouts(db);
}

/** Waits until the stand-in's banks have all payouts to couriers, or have failed them. */
async function awaitPayouts(db: Firestore): Promise<void> {
  const underWay = db.collection('courierPayouts').where('status', 'in', ['pending', 'sent']);
  await new Promise<void>((resolve, reject) => {
    const late = setTimeout(() => end(() => reject(new Error('payouts to couriers have no end'))), PAYOUTS_WITHIN_MS);
    const stop = underWay.onSnapshot(
      ({ empty }) => empty && end(resolve),
      (error) => end(() => reject(error)),
    );
    const end = (settle: () => void): void => {
      clearTimeout(late);
      stop();
      settle();
    };
  });
}

/** Compares the platform's balance at Stripe with the ledger's account, fees included. */
async function checkStripeBalance(stack: Stack, books: Books): Promise<Check> {
  const response = await fetch(`http://${stack.host}:${stack.ports.stripe}/v1/balance`, {
    headers: { authorization: 'Bearer sk_test_local' },
  });
  const { available, pending } = (await response.json()) as StripeBalance;
  const theirs = [...available, ...pending].reduce((sum, { amount }) => sum + amount, 0);
  const ours = computeBalances(books).get('stripe') ?? 0;
  return {
    name: 'the balance at Stripe is that of the ledger, after the couriers were paid',
    breaches: ours === theirs ? [] : [`the ledger has ${ours} at Stripe, Stripe has ${theirs}`],
  };
}

interface StripeBalance {
  available: { amount: number; currency: string }[];
  pending: { amount: number; currency: string }[];
}

interface StripeState {
  deliveries: { event: string; status: number }[];
  balanceTransactions: { source: string; amount: number; fee: number; currency: string; created: number }[];
  transfers: { amount: number; amount_reversed: number; metadata: Record<string, string> }[];
}

// The responses of the local stand-ins. Their own tests check the shapes.
const read = async <T>({ host }: Stack, port: number, path: string): Promise<T> =>
  (await (await fetch(`http://${host}:${port}${path}`)).json()) as T;

const readStripe = (stack: Stack): Promise<StripeState> => read(stack, stack.ports.stripe, '/_local/state');

/** The city's currency has two decimals, as in Stripe's API. The stand-in makes no payouts to a bank. */
function toBalanceChanges({ balanceTransactions }: StripeState): BalanceChange[] {
  return balanceTransactions.map(({ source, amount, fee, currency, created }) => ({
    kind: source.startsWith('dp_') ? 'dispute' : 'other',
    currency: currency.toUpperCase(),
    amountMinor: amount,
    feeMinor: fee,
    atMs: created * 1000,
  }));
}

function sumCourierTransfers({ transfers }: StripeState): Map<string, number> {
  return new Map(
    transfers.flatMap(({ amount, amount_reversed: reversed, metadata: { payoutId } }) =>
      payoutId === undefined ? [] : [[payoutId, amount - reversed] as const],
    ),
  );
}

/** Reads the devices, the pushes that they received, and the webhook deliveries that the Stripe stand-in logged. */
async function readNotifications(db: Firestore, stack: Stack, stripe: StripeState): Promise<NotificationLog> {
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
