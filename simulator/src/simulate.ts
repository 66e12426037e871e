import { readFile } from 'node:fs/promises';
import type { Order } from '../../functions/src/contract/orders.js';
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
import type { Events, Happening } from './events.js';
import { PLAIN } from './people/plan.js';
import { Random } from './random.js';
import { billRows, endingRows, happenedRows, ledgerRows, stepRows } from './report.js';
import { localStack, type Stack } from './stack.js';
import { readWarnings, warningRows, type Warning } from './warnings.js';

const HELP = `Usage: npm run simulate -- [--orders N] [--seed N] [--at-once N] [--port-offset N]

Runs an evening of N orders through a local stack of its own; beside npm start it takes a port offset.
  --orders N    how many (default 50)
  --seed N      who orders what, and how it goes (default 1)
  --at-once N   orders under way at the same time (default 4)
${PORT_OFFSET_HELP}

What it is made of, everybody on the client SDKs under rules and callables, drawn from the seed:
  meals       delivered and collected, at once and for a slot; by card, declined card, 3-D Secure, cash, credit, coupon
  customers   search, chat, share the way, cancel, tip, complain with a photo, review, appeal, dispute with their bank
  kitchens    late, out of a dish, substituting, rejecting, calling off, reporting reviews; one opens tonight and
              counts its places and portions
  couriers    decline with a reason, take breaks, bring back what nobody takes in, fall silent with a delivery in hand;
              one applies, is approved and takes shifts
  operators   decide claims, reports and appeals, reassign, refund, answer banks; a surge, a paused store, a flag set back
  a guest     signs up, tries all of it, and in the end takes an export along and leaves an erased account
  Stripe      tells everything twice, and out of order

Two hours and a night later the report says how they ended, what happened beside, seconds per step, the bill of an
order, the ledger, and every invariant of the backend, checked from the database. Exit code 1 when an order does not
end, somebody meets with trouble, or an invariant fails.
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
  const troubles: string[] = [];
  const happened = new Map<Happening, number>();
  const events: Events = {
    tell(event) {
      if (event.type === 'trouble') troubles.push(event.what);
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
  const ended = await runOrders(terminal, life, options, troubles);
  await letStripe(stack, {});
  await life.calm();
  const measured = await measureDelivered(terminal, life, options.seed);
  terminal.waiting('two hours later: completing and auditing');
  await life.afterHours(async () => void (await passTwoHours(stack)));
  await life.close();
  const result = await audit(stack, life.opened);
  terminal.done(`${ended.length} of ${options.orders} orders ended`);
  await report(terminal, stack, { ended, happened, measured, result, troubles });
  return (
    troubles.length === 0 &&
    ended.length === options.orders &&
    result.checks.every(({ breaches }) => breaches.length === 0)
  );
}

interface Evening {
  ended: Awaited<ReturnType<typeof runOrders>>;
  happened: ReadonlyMap<Happening, number>;
  measured: Awaited<ReturnType<typeof measureDelivered>>;
  result: Awaited<ReturnType<typeof audit>>;
  troubles: readonly string[];
}

async function report(terminal: Terminal, stack: Stack, evening: Evening): Promise<void> {
  const { ended, happened, measured, result, troubles } = evening;
  const print = (title: string, rows: readonly (readonly string[])[]) => {
    terminal.line(`\n${title}`);
    for (const line of tableLines(rows)) terminal.line(`  ${line}`);
  };
  print('How they ended', endingRows(ended));
  print('What happened beside', happenedRows(happened));
  print('Seconds per step', stepRows(ended));
  print(
    `The bill of a delivered order (${MEASURED} more, every one delivered)`,
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
  if (troubles.length > 0)
    print(
      'Troubles',
      troubles.slice(0, 20).map((what) => [what]),
    );
}

/** Stripe promises neither order nor a single delivery: in the evening it says everything twice, as it comes. */
async function letStripe({ host, ports }: Stack, conduct: object): Promise<void> {
  await fetch(`http://${host}:${ports.stripe}/_local/webhooks`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(conduct),
  });
}

const MEASURED = 20;
const WARNINGS_TITLE = "What production's limits would say (couriers ride 200 times as fast here as in a city)";

/** The mix has orders that end early; what a delivered one costs is measured on its own. */
async function measureDelivered(
  terminal: Terminal,
  life: CityLife,
  orderSeed: number,
): Promise<{ bill: Bill; invoked: number; warnings: Warning[] }> {
  const stack = localStack();
  terminal.waiting(`measuring ${MEASURED} delivered orders`);
  const warnings = await readWarnings(stack);
  await resetBill(stack);
  const before = await invocations();
  for (let number = 1; number <= MEASURED; number++) {
    await life.orderAsEver(new Random(orderSeed * 7_000_003 + number), PLAIN);
  }
  return { bill: await readBill(stack), invoked: (await invocations()) - before, warnings };
}

/**
 * So many orders, some at a time; each draws from a stream of its own, so their order does not matter. The evening's
 * incidents begin one after the other meanwhile.
 */
async function runOrders(
  terminal: Terminal,
  life: CityLife,
  { orders, seed: orderSeed, atOnce }: Options,
  troubles: string[],
): Promise<Order[]> {
  const ended: Order[] = [];
  const incidents: Promise<void>[] = [];
  let next = 0;
  const startIncidents = (): void => {
    const begun = Math.ceil((next * life.incidents.length) / orders);
    for (const incident of life.incidents.slice(incidents.length, begun))
      incidents.push(incident().catch((error: unknown) => void troubles.push(`incident: ${String(error)}`)));
  };
  const worker = async (): Promise<void> => {
    while (next < orders) {
      const number = ++next;
      startIncidents();
      try {
        ended.push((await life.order(new Random(orderSeed * 1_000_003 + number))).order);
      } catch (error) {
        troubles.push(`order ${number}: ${String(error)}`);
      }
      if (ended.length % 10 === 0) terminal.done(`${ended.length} of ${orders} orders ended`);
      terminal.waiting(`${ended.length} of ${orders} orders ended`);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, orders) }, worker));
  terminal.waiting('the last incidents');
  await Promise.all(incidents);
  terminal.done('the evening is over');
  return ended;
}

/** Executions as the functions emulator logged them; the sweep's, every few seconds here, are not an order's. */
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
