import { parseArgs } from 'node:util';
import { drawCity, PASSWORD, type City } from '../../simulator/src/city/population.js';
import { openCity } from '../../simulator/src/city-life.js';
import { narrator } from '../../simulator/src/narrator.js';
import { PLAIN } from '../../simulator/src/people/plan.js';
import { Random } from '../../simulator/src/random.js';
import { localStack } from '../../simulator/src/stack.js';
import { connectAdmin } from './admin.js';
import { seedCity } from './seed.js';
import { STAND_IN_PORTS } from './stand-ins.js';
import { startStack, SUITE_LOG, type LocalStack } from './stack.js';
import { LaunchError } from './suite/launch-error.js';
import { openTerminal, type Terminal } from './terminal.js';

const HELP = `Usage: npm start -- [--seed N] [--quiet]

Runs the whole backend on this machine and a demo city on top of it.
  --seed N   the city of this number (default 42): streets, restaurants, menus, people
  --quiet    one order to see, then no further ones
`;

/** After the first order, one every so often. */
const ORDER_EVERY_MS = 15_000;
/** Each incident of an evening comes once, after so many orders more. */
const ORDERS_PER_INCIDENT = 4;

async function main(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: 'string', default: '42' },
      quiet: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return void process.stdout.write(HELP);
  const citySeed = Number(values.seed);
  const terminal = openTerminal();
  const stopped = new AbortController();
  const stack = await startStack(terminal, citySeed);
  const finish = (): void => stopped.abort();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, finish);
  void stack.suite.exited.then(finish);
  try {
    await live(terminal, drawCity(citySeed), values.quiet, stopped.signal);
  } finally {
    await shutDown(terminal, stack);
  }
}

async function live(terminal: Terminal, city: City, quiet: boolean, stopped: AbortSignal): Promise<void> {
  const admin = connectAdmin();
  terminal.waiting('seeding');
  await seedCity(admin, city);
  await admin.close();
  const { restaurants, couriers, customers } = city;
  terminal.done(
    `seeded Demoville (seed ${city.seed}): ${restaurants.length} restaurants, ${couriers.length} couriers, ${customers.length} customers`,
  );
  const life = await openCity(localStack(), city, narrator(terminal));
  terminal.done('kitchens open, couriers on shift; the first order:');
  const random = new Random(city.seed).fork('start');
  try {
    await life.order(random, PLAIN);
    terminal.done('delivered, charged, in the ledger');
    printTable(terminal, city);
    for (let number = 1; !stopped.aborted; number++) {
      await pauseOrStop(quiet ? 3_600_000 : ORDER_EVERY_MS, stopped);
      if (stopped.aborted || quiet) continue;
      const incident =
        number % ORDERS_PER_INCIDENT === 0 ? life.incidents[number / ORDERS_PER_INCIDENT - 1] : undefined;
      await Promise.all([life.order(random), incident?.()]).catch((error: unknown) => terminal.failed(String(error)));
    }
  } finally {
    await life.close();
  }
}

function printTable(terminal: Terminal, city: City): void {
  terminal.line('');
  terminal.table([
    ['Firestore', '127.0.0.1:8080', 'Android emulator: 10.0.2.2:8080'],
    ['Auth', '127.0.0.1:9099', `customer1@demo.test … customer${city.customers.length}@demo.test`],
    [
      'Functions',
      '127.0.0.1:5001',
      `merchant1@demo.test, courier1@demo.test, ${city.operator.email}, ${city.secondOperator.email}`,
    ],
    ['Storage', '127.0.0.1:9199', `every password: ${PASSWORD}`],
    [
      'Stripe stand-in',
      'http://127.0.0.1:12111/_local/state',
      'cards: pm_card_visa, pm_card_chargeDeclined, pm_card_threeDSecure2Required',
    ],
    [
      'OSRM stand-in',
      `http://127.0.0.1:${STAND_IN_PORTS.osrm}/route/v1/bike/<lng>,<lat>;<lng>,<lat>`,
      'ways along the streets',
    ],
    ['Push inbox', 'http://127.0.0.1:9399/messages', 'what the phones were sent'],
    [
      'Bill so far',
      'http://127.0.0.1:8080/emulator/v1/projects/demo-tiffin:billing',
      'reads, writes, deletes by caller',
    ],
    [
      'Limits',
      'http://127.0.0.1:8080/emulator/v1/projects/demo-tiffin:limits',
      'what production would not bear, also in firestore-debug.log',
    ],
    ['Suite log', SUITE_LOG, ''],
  ]);
  terminal.line('\nOrders go on. Ctrl-C stops everything.\n');
}

function pauseOrStop(ms: number, stopped: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    const stop = (): void => {
      clearTimeout(timer);
      resolve();
    };
    if (stopped.aborted) stop();
    stopped.addEventListener('abort', stop, { once: true });
  });
}

async function shutDown(terminal: Terminal, stack: LocalStack): Promise<void> {
  terminal.waiting('stopping');
  await stack.stop();
  terminal.done('stopped; nothing is left running');
}

try {
  await main(process.argv.slice(2));
  process.exit(0);
} catch (error) {
  console.error(error instanceof LaunchError ? `\n${error.message}` : error);
  process.exit(1);
}
