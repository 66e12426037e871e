import { readFile } from 'node:fs/promises';
import type { Order } from '../../clients/typescript/src/index.js';
import { openTerminal, tableLines, type Terminal } from '../../local/src/terminal.js';
import {
  PORT_OFFSET,
  PORT_OFFSET_HELP,
  readOptions,
  withUsageErrors,
  applyPortOffset,
  wholeNumber,
} from '../../local/src/command-line.js';
import { startStack, suiteLog } from '../../local/src/stack.js';
import { LaunchError } from '../../local/src/suite/launch-error.js';
import { connectAdmin } from '../../local/src/admin.js';
import { seedCity } from '../../local/src/seed.js';
import { audit, passTwoHours } from './audit.js';
import { readBill, resetBill, splitBill, type Bill } from './bill.js';
import { moneyTables } from './bill-table.js';
import { openCity, type CityLife } from './city-life.js';
import { drawCity, type City } from './city/population.js';
import type { Events, SideEvent } from './events.js';
import { PLAIN } from './people/plan.js';
import { checkMix } from './mix.js';
import { Random } from './random.js';
import { comparePrepTimes } from './kitchens/compare.js';
import { billRows, endingRows, sideEventRows, ledgerRows, prepRows, stepRows } from './report.js';
import { localStack, type Stack } from './stack.js';
import { readWarnings, warningRows, type Warning } from './warnings.js';

const HELP = `Usage: npm run simulate -- [--orders N] [--seed N] [--at-once N] [--port-offset N]

Runs N orders through a local stack of its own. While npm start runs, it needs a port offset.
  --orders N    how many (default 50)
  --seed N      seed of all draws: who orders what, and how each order ends (default 1)
  --at-once N   orders in progress at the same time (default 4)
${PORT_OFFSET_HELP}

The seed draws these events. All apps use the client SDKs, under the rules and through callables:
  meals       delivered and collected, as soon as possible and for a slot; by card, declined card, 3-D Secure, cash,
              credit, coupon
  customers   search, chat, share tracking links, cancel, tip, claim with a photo, review, appeal, dispute with their
              bank
  kitchens    are late and announce it, run out of a dish, substitute, reject, call off, cancel, report and answer
              reviews; some promise learned preparation times; one opens during the run with a menu in two
              languages, prints its tickets and limits its places and portions; all show photos
  couriers    decline with a reason, take breaks, return undeliverable orders, check IDs for drinks, go silent during a
              delivery, cannot carry an order on; one applies, is approved and takes shifts, one repays a debt
  operators   decide claims, reports and appeals, reassign, refund, answer disputes, set a surge, pause a store, roll
              back a flag, edit a store's address, hours and commission; at the desk, by flags, open tasks and
              conversations: check risky orders, assign couriers by hand or let riders deliver, hand orders over on the
              way, take the steps of a silent kitchen, look up, note and tag, take, comment and close tasks
  a guest     signs up, orders with most of the features, exports the personal data and deletes the account
  Stripe      delivers every webhook twice, and out of order

Two hours and a night later, in which the couriers are paid, the report shows the final statuses, the other events, seconds per step, the bill of an
order, the ledger, and every invariant of the backend, checked from the database; and how far promised preparation times
are from the actual ones, with the kitchens' own numbers and with learned ones. Exits with code 1 if an order does
not end, a client call fails unexpectedly, an invariant is violated, or in 300 or more orders one of the other events never
happened.
`;

interface Options {
  orders: number;
  seed: number;
  atOnce: number;
}

async function main(args: readonly string[]): Promise<boolean> {
  const values = readOptions(args, HELP, {
    orders: { type: 'string', default: '50' },
    seed: { type: 'string', default: '1' },
    'at-once': { type: 'string', default: '4' },
    ...PORT_OFFSET,
  });
  const options = withUsageErrors(() => {
    applyPortOffset(values['port-offset']);
    return {
      orders: wholeNumber(values.orders, 'orders', 1),
      seed: wholeNumber(values.seed, 'seed', 1),
      atOnce: wholeNumber(values['at-once'], 'at-once', 1),
    };
  });
  const terminal = openTerminal();
  const city = drawCity(options.seed);
  const stack = await startStack(terminal, options.seed);
  try {
    await seed(city);
    return await simulate(terminal, city, options);
  } finally {
    await stack.stop();
  }
}

async function seed(city: City): Promise<void> {
  const admin = connectAdmin();
  await seedCity(admin, city);
  await admin.close();
}

async function simulate(terminal: Terminal, city: City, options: Options): Promise<boolean> {
  const stack = localStack();
  const failures: string[] = [];
  const happened = new Map<SideEvent, number>();
  const events: Events = {
    emit(event) {
      if (event.type === 'failure') failures.push(event.what);
      if (event.type === 'happened') happened.set(event.what, (happened.get(event.what) ?? 0) + 1);
    },
  };
  const life = await openCity(stack, city, events);
  terminal.done(
    `city of seed ${city.seed}: ${city.restaurants.length} kitchens, ${city.couriers.length} couriers on shift`,
  );
  await life.welcomeNewcomer();
  terminal.done(`${city.newcomer.name} applied, was approved and went online`);
  await letStripe(stack, { duplicates: 1, shuffle: true, shuffleMs: 500 });
  const ended = await runOrders(terminal, life, options, failures);
  await letStripe(stack, {});
  await life.endRecruitedShifts();
  await life.closeDesk();
  const measured = await measureDelivered(terminal, life, options.seed);
  terminal.waiting('two hours later: completing and auditing');
  await life.afterHours(async () => void (await passTwoHours(stack)));
  await life.close();
  const audited = await audit(stack, life.opened);
  const mix = checkMix(happened, options.orders);
  const result = { ...audited, checks: mix ? [...audited.checks, mix] : audited.checks };
  terminal.done(`${ended.length} of ${options.orders} orders ended`);
  await report(terminal, stack, { ended, happened, measured, result, failures, seed: options.seed });
  return (
    failures.length === 0 &&
    ended.length === options.orders &&
    result.checks.every(({ breaches }) => breaches.length === 0)
  );
}

interface RunResult {
  ended: Awaited<ReturnType<typeof runOrders>>;
  happened: ReadonlyMap<SideEvent, number>;
  measured: Awaited<ReturnType<typeof measureDelivered>>;
  result: Awaited<ReturnType<typeof audit>>;
  failures: readonly string[];
  seed: number;
}

async function report(terminal: Terminal, stack: Stack, run: RunResult): Promise<void> {
  const { ended, happened, measured, result, failures, seed: drawn } = run;
  const print = (title: string, rows: readonly (readonly string[])[]) => {
    terminal.line(`\n${title}`);
    for (const line of tableLines(rows)) terminal.line(`  ${line}`);
  };
  print('Final statuses', endingRows(ended));
  print('Other events', sideEventRows(happened));
  print('Seconds per step', stepRows(ended));
  print('Promised preparation times of simulated weeks, off the actual ones by', prepRows(comparePrepTimes(drawn)));
  print(
    `The bill of a delivered order (measured with ${MEASURED} further orders, all delivered, in a city with warm caches)`,
    billRows(splitBill(measured.bill), measured.invoked, MEASURED, measured.bill.prices),
  );
  const { byCaller, byCollection } = moneyTables(measured.bill, MEASURED);
  print('Operations per order, by caller', byCaller);
  print('Operations per order, by collection', byCollection);
  const warnings = [...measured.warnings, ...(await readWarnings(stack))];
  if (warnings.length > 0) print(WARNINGS_TITLE, warningRows(warnings));
  print('The ledger', ledgerRows(result.balances));
  print(
    'Invariants',
    result.checks.map(({ name, breaches }) => [
      breaches.length === 0 ? '✔' : '✖',
      name,
      breaches.slice(0, 3).join('; '),
    ]),
  );
  if (failures.length > 0)
    print(
      'Failures',
      failures.slice(0, 20).map((what) => [what]),
    );
}

/**
 * Stripe guarantees neither the order of events nor a single delivery. During the run the stand-in delivers each event
 * twice, in random order.
 */
async function letStripe({ host, ports }: Stack, conduct: object): Promise<void> {
  await fetch(`http://${host}:${ports.stripe}/_local/webhooks`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(conduct),
  });
}

const MEASURED = 20;
const WARNINGS_TITLE = "Warnings about production's limits (couriers ride 200 times as fast here as in a city)";

/** The orders that are delivered before others are measured, and how many of them at once. */
const WARM_UP = { orders: 24, atOnce: 6 };

/**
 * Orders of a busy city: the caches of the functions have its restaurants and most of its people, which
 * expired while the last orders of the mix ended.
 */
async function warmUp(life: CityLife, orderSeed: number): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < WARM_UP.orders) {
      next += 1;
      await life.orderFromOriginal(new Random(orderSeed * 9_000_011 + next), PLAIN);
    }
  };
  await Promise.all(Array.from({ length: WARM_UP.atOnce }, worker));
}

/** Some orders of the mix end early, so the cost of a delivered order is measured separately. */
async function measureDelivered(
  terminal: Terminal,
  life: CityLife,
  orderSeed: number,
): Promise<{ bill: Bill; invoked: number; warnings: Warning[] }> {
  const stack = localStack();
  terminal.waiting(`measuring ${MEASURED} delivered orders`);
  const warnings = await readWarnings(stack);
  await warmUp(life, orderSeed);
  await resetBill(stack);
  const before = await invocations();
  for (let number = 1; number <= MEASURED; number++) {
    await life.orderFromOriginal(new Random(orderSeed * 7_000_003 + number), PLAIN);
  }
  return { bill: await readBill(stack), invoked: (await invocations()) - before, warnings };
}

/**
 * Runs `orders` orders, `atOnce` at a time. Each order draws from a sequence of its own, so the order of execution does
 * not change the draws. The incidents start one after the other in between.
 */
async function runOrders(
  terminal: Terminal,
  life: CityLife,
  { orders, seed: orderSeed, atOnce }: Options,
  failures: string[],
): Promise<Order[]> {
  const ended: Order[] = [];
  const incidents: Promise<void>[] = [];
  let next = 0;
  const startIncidents = (): void => {
    const begun = Math.ceil((next * life.incidents.length) / orders);
    for (const incident of life.incidents.slice(incidents.length, begun))
      incidents.push(incident().catch((error: unknown) => void failures.push(`incident: ${String(error)}`)));
  };
  const worker = async (): Promise<void> => {
    while (next < orders) {
      const number = ++next;
      startIncidents();
      try {
        ended.push((await life.order(new Random(orderSeed * 1_000_003 + number))).order);
      } catch (error) {
        failures.push(`order ${number}: ${String(error)}`);
      }
      if (ended.length % 10 === 0) terminal.done(`${ended.length} of ${orders} orders ended`);
      terminal.waiting(`${ended.length} of ${orders} orders ended`);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, orders) }, worker));
  terminal.waiting('waiting for the last incidents');
  await Promise.all(incidents);
  terminal.done('all orders and incidents have ended');
  return ended;
}

/**
 * Counts the executions in the log of the functions emulator, without those of the sweep, which runs every few seconds.
 */
async function invocations(): Promise<number> {
  const log = await readFile(suiteLog(), 'utf8').catch(() => '');
  return [...log.matchAll(/Beginning execution of "[\w-]+?-(\w+)"/g)].filter(([, name]) => name !== 'sweep').length;
}

try {
  process.exit((await main(process.argv.slice(2))) ? 0 : 1);
} catch (error) {
  console.error(error instanceof LaunchError ? `\n${error.message}` : error);
  process.exit(1);
}
