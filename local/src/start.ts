import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { setLogLevel } from 'firebase/app';
import { drawCity, PASSWORD, type City } from '../../simulator/src/city/population.js';
import { openCity } from '../../simulator/src/city-life.js';
import type { Events } from '../../simulator/src/events.js';
import { createNarrator } from '../../simulator/src/narrator.js';
import { PLAIN } from '../../simulator/src/people/plan.js';
import { Random } from '../../simulator/src/random.js';
import { localStack } from '../../simulator/src/stack.js';
import { connectAdmin } from './admin.js';
import { listenToAccounts } from './connected-accounts.js';
import { EVERY_ADDRESS, listLanAddresses, formatLanLines } from './lan.js';
import { readSavedStack } from './saved-stack.js';
import { seedCity } from './seed.js';
import {
  PORT_OFFSET,
  PORT_OFFSET_HELP,
  readOptions,
  withUsageErrors,
  applyPortOffset,
  UsageError,
  wholeNumber,
} from './command-line.js';
import { toStackPort } from './port-offset.js';
import { standInPorts } from './stand-ins.js';
import { startStack, suiteLog, type LocalStack } from './stack.js';
import { LaunchError } from './suite/launch-error.js';
import { openTerminal, type Terminal } from './terminal.js';

const HELP = `Usage: npm start -- [--seed N] [--quiet] [--lan] [--leave ID]… [--import DIR] [--export-on-exit DIR] [--port-offset N]

Runs the whole backend on this machine, and a demo city that uses it. Ctrl-C stops everything.
  --seed N          the number of the city (default 42), which sets streets, restaurants, menus, people
  --quiet           place one order only
  --lan             listen on the local network too, for phones; prints the addresses and a QR code
  --leave ID        operate a restaurant or a courier yourself, e.g. restaurant-1 or courier-1; can be repeated
  --import DIR      continue with a saved stack: accounts, documents, files, payments
  --export-on-exit DIR   save the stack when it stops; without it the next start is a new city
${PORT_OFFSET_HELP}
`;

/** The interval between orders after the first one. */
const ORDER_EVERY_MS = 15_000;
/** How long the city may take to close when the stack stops. */
const CLOSE_TIMEOUT_MS = 1_000;
/** The orders between two incidents; each kind of incident occurs once. */
const ORDERS_PER_INCIDENT = 4;

interface Options {
  readonly seed: number;
  readonly quiet: boolean;
  /** Ids of restaurants and couriers that the developer operates. */
  readonly operated: ReadonlySet<string>;
  /** The address to listen on; only this machine by default. */
  readonly host?: string;
  readonly importFrom?: string;
  readonly exportTo?: string;
}

function readCommandLine(args: readonly string[]): Options {
  const values = readOptions(args, HELP, {
    seed: { type: 'string', default: '42' },
    quiet: { type: 'boolean', default: false },
    lan: { type: 'boolean', default: false },
    leave: { type: 'string', multiple: true, default: [] },
    import: { type: 'string' },
    'export-on-exit': { type: 'string' },
    ...PORT_OFFSET,
  });
  return withUsageErrors(() => {
    applyPortOffset(values['port-offset']);
    const seed = wholeNumber(values.seed, 'seed');
    requireKnown(values.leave, drawCity(seed));
    return {
      seed,
      quiet: values.quiet,
      operated: new Set(values.leave),
      ...(values.lan ? { host: EVERY_ADDRESS } : {}),
      ...(values.import === undefined ? {} : { importFrom: resolve(values.import) }),
      ...(values['export-on-exit'] === undefined ? {} : { exportTo: resolve(values['export-on-exit']) }),
    };
  });
}

function requireKnown(operated: readonly string[], { restaurants, couriers }: City): void {
  const known = [...restaurants.map(({ id }) => id), ...couriers.map(({ uid }) => uid)];
  const unknown = operated.find((id) => !known.includes(id));
  if (unknown !== undefined)
    throw new UsageError(
      `--leave is "${unknown}", but it must be one of restaurant-1 to restaurant-${restaurants.length} or courier-1 to courier-${couriers.length}`,
    );
  if (operated.filter((id) => id.startsWith('restaurant-')).length === restaurants.length)
    throw new UsageError('--leave names every restaurant, but the city needs one for the first order');
}

async function main(args: readonly string[]): Promise<number> {
  const given = readCommandLine(args);
  const saved = given.importFrom === undefined ? undefined : await readSavedStack(given.importFrom);
  const options = { ...given, seed: saved?.citySeed ?? given.seed };
  const terminal = openTerminal();
  const stopping = stopOnSignals(terminal);
  const stack = await startStack(terminal, options.seed, { ...options, stopped: stopping.signal });
  stopping.onSecondSignal(() => stack.suite.kill());
  const suiteEnded = stack.suite.exited.then((code) => {
    if (!stopping.signal.aborted)
      throw new LaunchError(
        'The emulator suite stopped unexpectedly.',
        `firebase ended with code ${code}.`,
        `read ${suiteLog()}.`,
      );
  });
  suiteEnded.catch(() => stopping.stop());
  const city = runCity(terminal, drawCity(options.seed), options, stopping.signal).catch(async (error: unknown) => {
    // When the suite dies, calls to it fail shortly before its exit is reported.
    await Promise.race([suiteEnded, sleep(CLOSE_TIMEOUT_MS)]);
    throw error;
  });
  // Calls that are in progress when the stack stops may fail with any error.
  city.catch(() => undefined);
  try {
    await Promise.race([city, suiteEnded, aborted(stopping.signal)]);
  } finally {
    stopping.stop();
    await stopAll(terminal, stack, city);
    if (options.exportTo !== undefined) terminal.line(`Saved. To continue: npm start -- --import ${options.exportTo}`);
  }
  return 0;
}

interface Stopping {
  readonly signal: AbortSignal;
  stop(): void;
  /** Sets the function that a second signal calls. */
  onSecondSignal(kill: () => void): void;
}

/**
 * Creates the signal handling: the first signal stops the stack, the second one kills it. A hang-up of the terminal
 * counts as a signal.
 */
function stopOnSignals(terminal: Terminal): Stopping {
  const controller = new AbortController();
  let kill = (): void => undefined;
  const onSignal = (): void => {
    if (controller.signal.aborted) {
      kill();
      process.exit(130);
    }
    terminal.line('\nStopping: waiting for the emulators to shut down. Press Ctrl-C again to kill them.');
    controller.abort();
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, onSignal);
  return {
    signal: controller.signal,
    stop: () => controller.abort(),
    onSecondSignal: (how) => {
      kill = how;
    },
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    if (signal.aborted) done();
    signal.addEventListener('abort', () => done(), { once: true });
  });
}

async function runCity(
  terminal: Terminal,
  city: City,
  { quiet, operated, host, importFrom }: Options,
  stopped: AbortSignal,
): Promise<void> {
  if (importFrom === undefined) await makeCity(terminal, city);
  else {
    await listenToAccounts();
    terminal.done(`restored Demoville (seed ${city.seed}) from ${importFrom}`);
  }
  const life = await openCity(localStack(), city, muteAfter(stopped, createNarrator(terminal)), operated);
  terminal.done('kitchens open, couriers on shift; the first order:');
  const random = new Random(city.seed).fork('start');
  try {
    await life.order(random, PLAIN);
    terminal.done('delivered, charged, in the ledger');
    printTable(terminal, city);
    if (host !== undefined)
      for (const line of formatLanLines(listLanAddresses(), toStackPort(8080))) terminal.line(line);
    for (const id of operated) terminal.line(`You operate ${id}: sign in as ${getEmail(city, id)}`);
    for (let number = 1; !stopped.aborted; number++) {
      await pauseOrStop(quiet ? 3_600_000 : ORDER_EVERY_MS, stopped);
      if (stopped.aborted || quiet) continue;
      const incident =
        number % ORDERS_PER_INCIDENT === 0 ? life.incidents[number / ORDERS_PER_INCIDENT - 1] : undefined;
      await Promise.all([life.order(random), incident?.()]).catch((error: unknown) => {
        if (!stopped.aborted) terminal.failed(String(error));
      });
    }
  } finally {
    await life.close();
  }
}

async function makeCity(terminal: Terminal, city: City): Promise<void> {
  const admin = connectAdmin();
  terminal.waiting('seeding');
  await seedCity(admin, city);
  await admin.close();
  const { restaurants, couriers, customers } = city;
  terminal.done(
    `seeded Demoville (seed ${city.seed}): ${restaurants.length} restaurants, ${couriers.length} couriers, ${customers.length} customers`,
  );
}

function printTable(terminal: Terminal, city: City): void {
  const at = (port: number): string => `127.0.0.1:${toStackPort(port)}`;
  terminal.line('');
  terminal.table([
    ['Firestore', at(8080), `Android emulator: 10.0.2.2:${toStackPort(8080)}`],
    ['Auth', at(9099), `customer1@demo.test … customer${city.customers.length}@demo.test`],
    [
      'Functions',
      at(5001),
      `merchant1@demo.test, courier1@demo.test, ${city.operator.email}, ${city.secondOperator.email}`,
    ],
    ['Storage', at(9199), `every password: ${PASSWORD}`],
    [
      'Stripe stand-in',
      `http://${at(12111)}/_local/state`,
      'cards: pm_card_visa, pm_card_chargeDeclined, pm_card_threeDSecure2Required',
    ],
    [
      'OSRM stand-in',
      `http://127.0.0.1:${standInPorts().osrm}/route/v1/bike/<lng>,<lat>;<lng>,<lat>`,
      'routes along the streets',
    ],
    ['Push inbox', `http://${at(9399)}/messages`, 'notifications sent to phones'],
    ['Bill so far', `http://${at(8080)}/emulator/v1/projects/demo-tiffin:billing`, 'reads, writes, deletes by caller'],
    [
      'Limits',
      `http://${at(8080)}/emulator/v1/projects/demo-tiffin:limits`,
      "violations of production's limits, also in firestore-debug.log",
    ],
    ['Suite log', suiteLog(), ''],
  ]);
  terminal.line('\nThe city is running. Ctrl-C stops everything.\n');
}

function pauseOrStop(ms: number, stopped: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const timer = setTimeout(done, ms);
    const stop = (): void => {
      clearTimeout(timer);
      done();
    };
    if (stopped.aborted) stop();
    stopped.addEventListener('abort', stop, { once: true });
  });
}

function getEmail({ restaurants, couriers }: City, id: string): string {
  const person = restaurants.find((one) => one.id === id)?.owner ?? couriers.find(({ uid }) => uid === id);
  return person?.email ?? '';
}

/** Suppresses events after the stop: failures are expected while everything stops. */
function muteAfter(stopped: AbortSignal, events: Events): Events {
  return {
    emit: (event) => {
      if (!stopped.aborted) events.emit(event);
    },
  };
}

/** Stops the stack. The apps are not closed first: for them it is a loss of the network. */
async function stopAll(terminal: Terminal, stack: LocalStack, city: Promise<void>): Promise<void> {
  setLogLevel('silent');
  terminal.waiting('stopping');
  await Promise.all([stack.stop(), Promise.race([city.catch(() => undefined), sleep(CLOSE_TIMEOUT_MS)])]);
  terminal.done('stopped; no process is left');
}

try {
  process.exit(await main(process.argv.slice(2)));
} catch (error) {
  if (error instanceof Error && error.name === 'AbortError') process.exit(0);
  console.error(error instanceof LaunchError ? `\n${error.message}` : error);
  process.exit(1);
}
