import { setTimeout as sleep } from 'node:timers/promises';
import { initializeTestEnvironment, type RulesTestEnvironment } from '@firebase/rules-unit-testing';
import {
  type Firestore,
  collection,
  doc,
  getDoc,
  onSnapshot,
  query,
  setDoc,
  updateDoc,
  where,
} from 'firebase/firestore';
import { countReads, type Usage } from '#emulator/billing/meter.js';
import { PRICES, computePrice } from '#emulator/billing/prices.js';
import { startServer } from '#emulator/server.js';
import { readOptions } from '#local/command-line.js';

const HELP = `Usage: npm run bill:naive

Delivers one order as tutorials build it, on the Firestore drop-in, and prints the operations that its meter counts. It
takes no options.
`;

/**
 * Bills one delivered order as tutorials build it, with the drop-in's own meter. The courier's position is written to
 * two documents every 5 s, each rule reads the role with `get()`, every free courier listens to all open orders, and a
 * trigger handles every written document. Browsing and sign-in are left out.
 */
const PROJECT = 'demo-naive';
const TICKS = 240;
const COURIERS = 20;
const STATUSES = ['open', 'accepted', 'preparing', 'ready', 'assigned', 'pickedUp', 'delivered'] as const;
const NOTIFICATIONS = 6;
/** Estimated on paper before the meter existed. */
const PAPER = { writes: 513, reads: 2080, functions: 257 };

const RULES = `rules_version = '2';
service cloud.firestore {
  match /databases/{database}/documents {
    function role() { return get(/databases/$(database)/documents/users/$(request.auth.uid)).data.role; }
    match /orders/{id} {
      allow read: if role() in ['customer', 'merchant', 'driver'];
      allow write: if role() in ['customer', 'merchant', 'driver'];
      match /history/{n} { allow write: if role() in ['customer', 'merchant', 'driver']; }
    }
    match /drivers/{id} { allow read, write: if role() == 'driver'; }
  }
}`;

interface People {
  readonly customer: Firestore;
  readonly merchant: Firestore;
  readonly drivers: readonly [Firestore, ...Firestore[]];
}

/** Writes of functions, which bypass the rules. Each call is an invocation. */
class Functions {
  invocations = 0;

  constructor(private readonly environment: RulesTestEnvironment) {}

  async run(work: (db: Firestore) => Promise<unknown>): Promise<void> {
    this.invocations++;
    await this.environment.withSecurityRulesDisabled(async (context) => {
      await work(asFirestore(context));
    });
  }
}

function asFirestore(context: { firestore(): unknown }): Firestore {
  const db = context.firestore();
  if (!isFirestore(db)) throw new Error('no Firestore of the modular SDK');
  return db;
}

/** The modular functions also accept the compat instance that rules-unit-testing returns. */
function isFirestore(db: unknown): db is Firestore {
  return typeof db === 'object' && db !== null && 'app' in db;
}

async function signUp(environment: RulesTestEnvironment): Promise<People> {
  const uids = ['customer', 'merchant', ...Array.from({ length: COURIERS }, (_, i) => `driver${i}`)];
  await environment.withSecurityRulesDisabled(async (context) => {
    for (const uid of uids)
      await setDoc(doc(asFirestore(context), `users/${uid}`), { role: uid.replace(/\d+$/, ''), token: 't' });
  });
  const [customer, merchant, driver, ...drivers] = uids.map((uid) =>
    asFirestore(environment.authenticatedContext(uid)),
  );
  if (!customer || !merchant || !driver) throw new Error('the customer, the merchant and the driver are not signed up');
  return { customer, merchant, drivers: [driver, ...drivers] };
}

/** Resolves after the first snapshot, so that the count does not depend on timing. */
function listening(db: Firestore, path: string): Promise<void> {
  return new Promise((resolve, reject) => void onSnapshot(doc(db, path), () => resolve(), reject));
}

function listeningToOpenOrders(db: Firestore): Promise<void> {
  const open = query(collection(db, 'orders'), where('status', '==', 'open'));
  return new Promise((resolve, reject) => void onSnapshot(open, () => resolve(), reject));
}

async function changeStatus(by: Firestore, functions: Functions, step: number): Promise<void> {
  const status = STATUSES[step] ?? 'open';
  const order = doc(by, 'orders/o');
  await (step === 0 ? setDoc(order, { status, total: 1 }) : updateDoc(order, { status }));
  await setDoc(doc(by, `orders/o/history/${step}`), { status });
  await functions.run(async (db) => {
    for (const path of ['orders/o', 'users/customer', 'users/merchant']) await getDoc(doc(db, path));
  });
}

async function notify(functions: Functions, n: number): Promise<void> {
  await functions.run(async (db) => {
    const note = doc(db, `notifications/${n}`);
    await setDoc(note, { text: 'hello', sent: false });
    await getDoc(doc(db, 'users/customer'));
    await updateDoc(note, { sent: true });
  });
}

/** The card extension's documents and the counters of finished orders. */
async function payAndCount(functions: Functions): Promise<void> {
  const paths = ['customers/c/checkout_sessions/s', 'customers/c/payments/p', 'stats/orders', 'stats/revenue'];
  for (const [i, path] of paths.entries()) {
    await functions.run(async (db) => {
      await getDoc(doc(db, path));
      await setDoc(doc(db, path), { n: 1 });
      if (i < 3) await setDoc(doc(db, path), { n: 2 });
    });
  }
}

async function drive(driver: Firestore, functions: Functions): Promise<void> {
  for (let tick = 0; tick < TICKS; tick++) {
    const position = { lat: 1 + tick / 1e4, lng: 2 };
    await setDoc(doc(driver, 'drivers/driver0'), position);
    await updateDoc(doc(driver, 'orders/o'), { position });
    await functions.run(() => Promise.resolve());
  }
}

async function deliverOneOrder({ customer, merchant, drivers }: People, functions: Functions): Promise<void> {
  const [driver] = drivers;
  await Promise.all(drivers.map(listeningToOpenOrders));
  const movers = [customer, merchant, merchant, merchant, driver, driver, driver];
  for (const [step, mover] of movers.entries()) {
    await changeStatus(mover, functions, step);
    if (step === 0) await Promise.all([customer, merchant, driver].map((db) => listening(db, 'orders/o')));
    if (step < NOTIFICATIONS) await notify(functions, step);
    if (step === 5) await drive(driver, functions);
  }
  await payAndCount(functions);
}

const meterUrl = (port: number): string => `http://127.0.0.1:${port}/emulator/v1/projects/${PROJECT}:billing`;

async function billed(port: number): Promise<Usage> {
  const { total }: { total: Usage } = JSON.parse(await (await fetch(meterUrl(port))).text());
  return total;
}

function report(bill: Usage, invocations: number): void {
  const reads = countReads(bill);
  const line = (name: string, measured: number, paper: number | undefined): void =>
    console.log(`${name.padEnd(24)}${String(measured).padStart(8)}${String(paper ?? '').padStart(8)}`);
  console.log(`${'one delivered order'.padEnd(24)}${'metered'.padStart(8)}${'paper'.padStart(8)}`);
  line('writes', bill.writes, PAPER.writes);
  line('reads', reads, PAPER.reads);
  // The web SDK's getDoc is a short listener, so the meter cannot tell the two apart.
  line('  by gets and listeners', bill.reads + bill.listenerReads, undefined);
  line('  by rules', bill.ruleReads, undefined);
  line('operations', bill.writes + reads, PAPER.writes + PAPER.reads);
  line('function invocations', invocations, PAPER.functions);
  const perThousand = (dollars: number): string => `${(1000 * dollars).toFixed(2)} ${PRICES.currency}`;
  console.log(
    `1,000 orders at ${PRICES.location}'s prices of ${PRICES.asOf}: ${perThousand(computePrice(bill))} for operations, ` +
      `${perThousand((invocations * PRICES.invocations) / 1e6)} for invocations`,
  );
}

readOptions(process.argv.slice(2), HELP, {});
const server = await startServer();
const environment = await initializeTestEnvironment({
  projectId: PROJECT,
  firestore: { host: '127.0.0.1', port: server.port, rules: RULES },
});
const people = await signUp(environment);
const functions = new Functions(environment);
await fetch(meterUrl(server.port), { method: 'DELETE' });
await deliverOneOrder(people, functions);
await sleep(200);
report(await billed(server.port), functions.invocations);
await environment.cleanup();
await server.close();
