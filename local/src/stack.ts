import { execFile } from 'node:child_process';
import { createWriteStream, existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { drawCity } from '../../simulator/src/city/population.js';
import { LocalClock } from './clock.js';
import { readSavedStack, writeSavedStack } from './saved-stack.js';
import { getPinSecret } from './pin-secret.js';
import { offsetSuffix, toStackPort, portOffset } from './port-offset.js';
import { standInPorts, startStandIns, type StandIns } from './stand-ins.js';
import type { WebhookEndpoint } from './stripe/webhooks.js';
import { startSuite, type Suite } from './suite.js';
import { readSuiteConfig } from './suite/firebase-config.js';
import { LaunchError } from './suite/launch-error.js';
import { requireFreePorts } from './suite/ports.js';
import type { Terminal } from './terminal.js';

export const REPOSITORY = join(import.meta.dirname, '../..');
export const PROJECT_ID = 'demo-tiffin';
export const REGION = 'europe-west1';
const FUNCTIONS = join(REPOSITORY, 'functions');
/** Returns the path of the suite's output, which shows how often functions were called. */
export const suiteLog = (): string => join(REPOSITORY, `.tmp/suite${offsetSuffix()}.log`);

/** Returns the secrets of the local stack, which are valid only for the stand-ins. */
const localSecrets = (): Record<string, string> => ({
  STRIPE_SECRET_KEY: 'sk_test_local',
  STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET,
  PIN_SECRET: getPinSecret(),
  /** OSRM's key is its URL. */
  ROUTES_KEY: `http://127.0.0.1:${standInPorts().osrm}`,
});
const WEBHOOK_SECRET = 'whsec_local';

/** The intervals of production. */
const SCHEDULES = [
  { name: 'sweep', everyMs: 60_000 },
  { name: 'rollUpDays', everyMs: 24 * 3_600_000 },
  { name: 'compareClaims', everyMs: 24 * 3_600_000 },
  { name: 'reconcile', everyMs: 24 * 3_600_000 },
  { name: 'payCouriers', everyMs: 24 * 3_600_000 },
  { name: 'tidyUp', everyMs: 24 * 3_600_000 },
] as const;

export interface LocalStack {
  suite: Suite;
  standIns: StandIns;
  stop(): Promise<number>;
}

/**
 * Bundles the functions and writes their parameters and secrets. Returns their folder. A stack with a port offset has
 * its own folder, so that two stacks do not reload or overwrite each other's functions.
 */
export async function prepareFunctions(): Promise<string> {
  const folder =
    portOffset() === 0 ? FUNCTIONS : await copyFunctions(join(REPOSITORY, `.tmp/functions${offsetSuffix()}`));
  await promisify(execFile)(process.execPath, [join(FUNCTIONS, 'build.mjs'), join(folder, 'lib')]);
  const secrets = Object.entries(localSecrets()).map(([name, value]) => `${name}=${process.env[name] ?? value}`);
  await writeFile(join(folder, '.secret.local'), `${secrets.join('\n')}\n`, { mode: 0o600 });
  return folder;
}

/** Copies the package and its parameters; the addresses of the stand-ins get the port offset. */
async function copyFunctions(folder: string): Promise<string> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await copyFile(join(FUNCTIONS, 'package.json'), join(folder, 'package.json'));
  if (existsSync(join(FUNCTIONS, 'node_modules')))
    await symlink(join(FUNCTIONS, 'node_modules'), join(folder, 'node_modules'));
  const parameters = await readFile(join(FUNCTIONS, `.env.${PROJECT_ID}`), 'utf8');
  const moved = parameters.replace(/(?<=_HOST=127\.0\.0\.1:)\d+/g, (port) => String(toStackPort(Number(port))));
  await writeFile(join(folder, `.env.${PROJECT_ID}`), moved);
  return folder;
}

/** Returns the webhook endpoint of the functions for these events. */
export function createEndpoint(events: readonly string[]): WebhookEndpoint {
  const url = `http://127.0.0.1:${toStackPort(5001)}/${PROJECT_ID}/${REGION}/stripeWebhook`;
  return { url, secret: WEBHOOK_SECRET, enabledEvents: [...events] };
}

/** Starts Stripe, OSRM, FCM and Cloud Tasks as the local stack needs them; the webhook calls the functions emulator. */
export function startLocalStandIns(citySeed: number, host?: string): Promise<StandIns> {
  return startStandIns({
    ...(host === undefined ? {} : { host }),
    streets: () => drawCity(citySeed).streets,
    clock: new LocalClock(),
    webhooks: [createEndpoint(WEBHOOK_EVENTS)],
    projectId: PROJECT_ID,
    region: REGION,
    schedules: SCHEDULES,
  });
}

/** The Stripe events that the backend handles; the deployment section of the README lists the same. */
export const WEBHOOK_EVENTS = [
  'payment_intent.amount_capturable_updated',
  'payment_intent.canceled',
  'refund.failed',
  'charge.dispute.created',
  'charge.dispute.updated',
  'charge.dispute.funds_withdrawn',
  'charge.dispute.funds_reinstated',
  'charge.dispute.closed',
] as const;

/** The events of connected accounts, which have a separate endpoint. */
export const CONNECT_EVENTS = ['account.updated', 'payout.paid', 'payout.failed', 'payout.canceled'] as const;

export interface StackOptions {
  /** Aborts the start of the stack. */
  readonly stopped?: AbortSignal;
  /** The address to listen on; 127.0.0.1 by default. */
  readonly host?: string;
  /** The folder of a saved stack to start from. */
  readonly importFrom?: string;
  /** The folder that the stack is saved to when it stops. */
  readonly exportTo?: string;
}

/** Lists all ports of a stack without an offset. */
export async function listStackPorts(): Promise<number[]> {
  const { ports } = await readSuiteConfig(REPOSITORY, undefined);
  return [...Object.values(ports), ...Object.values(standInPorts())];
}

/** Starts the whole local stack: the stand-ins in this process, the official suite as a child process. */
export async function startStack(
  terminal: Terminal,
  citySeed: number,
  options: StackOptions = {},
): Promise<LocalStack> {
  await mkdir(join(REPOSITORY, '.tmp'), { recursive: true });
  const saved = options.importFrom === undefined ? undefined : await readSavedStack(options.importFrom);
  await requireFreePorts(standInPorts());
  terminal.waiting('bundling functions');
  const functions = await prepareFunctions();
  terminal.done('functions bundled');
  options.stopped?.throwIfAborted();
  const standIns = await startLocalStandIns(citySeed, options.host);
  if (saved) standIns.stripe.restore(saved.stripe);
  terminal.done('stand-ins for Stripe, OSRM, FCM and Cloud Tasks');
  terminal.waiting('starting the Firebase Emulator Suite');
  try {
    const suite = await startLoggedSuite(terminal, functions, options);
    const stop = async () => {
      const stripe = standIns.stripe.snapshot();
      const [code] = await Promise.all([suite.stop(), standIns.close()]);
      if (options.exportTo !== undefined) await writeSavedStack(options.exportTo, { citySeed, stripe });
      return code;
    };
    return { suite, standIns, stop };
  } catch (error) {
    await standIns.close();
    throw error;
  }
}

/** Starts the official suite, whose output goes to a file. */
async function startLoggedSuite(terminal: Terminal, functions: string, options: StackOptions): Promise<Suite> {
  const log = createWriteStream(suiteLog());
  const suite = await startSuite({
    command: 'start',
    projectId: PROJECT_ID,
    portOffset: portOffset(),
    sharesWorker: process.env['FUNCTIONS_WORKERS'] !== 'each',
    args: [
      ...(options.importFrom === undefined ? [] : ['--import', options.importFrom]),
      ...(options.exportTo === undefined ? [] : ['--export-on-exit', options.exportTo]),
    ],
    ...(options.host === undefined ? {} : { host: options.host }),
    ...(functions === FUNCTIONS ? {} : { functionsSource: relative(REPOSITORY, functions) }),
    onOutput: (text) => log.write(text),
    onRules: ({ errors, warnings }) => {
      for (const text of [...errors, ...warnings]) terminal.failed(`rules: ${text}`);
    },
  });
  const stop = (): void => void suite.stop();
  options.stopped?.addEventListener('abort', stop);
  if (options.stopped?.aborted) stop();
  try {
    await suite.ready;
  } catch (error) {
    const code = await suite.stop();
    options.stopped?.throwIfAborted();
    if (!(error instanceof LaunchError)) throw error;
    throw new LaunchError(error.what, `firebase ended with code ${code}.`, `read ${suiteLog()}.`);
  } finally {
    options.stopped?.removeEventListener('abort', stop);
  }
  terminal.done('Firebase Emulator Suite: auth, functions, firestore, storage, tasks, eventarc (no Java)');
  return suite;
}
