import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { drawCity } from '../../simulator/src/city/population.js';
import { LocalClock } from './clock.js';
import { startStandIns, STAND_IN_PORTS, type StandIns } from './stand-ins.js';
import type { WebhookEndpoint } from './stripe/webhooks.js';
import { startSuite, type Suite } from './suite.js';
import { writeFunctionsManifest } from './suite/functions-manifest.js';
import { requireFreePorts } from './suite/ports.js';
import type { Terminal } from './terminal.js';

export const REPOSITORY = join(import.meta.dirname, '../..');
export const PROJECT_ID = 'demo-tiffin';
export const REGION = 'europe-west1';
/** What the suite says, which tells how often functions were called. */
export const SUITE_LOG = join(REPOSITORY, '.tmp/suite.log');
const MANIFEST_FILE = join(REPOSITORY, '.tmp/functions-manifest.json');

/** Secrets of the local stack: they open nothing but the stand-ins. */
const LOCAL_SECRETS = {
  STRIPE_SECRET_KEY: 'sk_test_local',
  STRIPE_WEBHOOK_SECRET: 'whsec_local',
  PIN_SECRET: 'local-pin-secret',
  /** OSRM's key is its address. */
  ROUTES_KEY: `http://127.0.0.1:${STAND_IN_PORTS.osrm}`,
} as const;

/** As often as in production. */
const SCHEDULES = [
  { name: 'sweep', everyMs: 60_000 },
  { name: 'rollUpDays', everyMs: 24 * 3_600_000 },
  { name: 'compareClaims', everyMs: 24 * 3_600_000 },
  { name: 'reconcile', everyMs: 24 * 3_600_000 },
  { name: 'tidyUp', everyMs: 24 * 3_600_000 },
] as const;

export interface LocalStack {
  suite: Suite;
  standIns: StandIns;
  stop(): Promise<number>;
}

/** Bundles the functions and writes what they find their parameters and secrets in. */
export async function prepareFunctions(): Promise<void> {
  await promisify(execFile)(process.execPath, [join(REPOSITORY, 'functions/build.mjs')]);
  const secrets = Object.entries(LOCAL_SECRETS).map(([name, value]) => `${name}=${process.env[name] ?? value}`);
  await writeFile(join(REPOSITORY, 'functions/.secret.local'), `${secrets.join('\n')}\n`, { mode: 0o600 });
}

/** The functions' webhook, as Stripe knows it. */
export function endpointFor(events: readonly string[]): WebhookEndpoint {
  const url = `http://127.0.0.1:5001/${PROJECT_ID}/${REGION}/stripeWebhook`;
  return { url, secret: LOCAL_SECRETS.STRIPE_WEBHOOK_SECRET, enabledEvents: [...events] };
}

/** Stripe, OSRM, FCM and Cloud Tasks, as this machine has them; the webhook points at the functions emulator. */
export function startLocalStandIns(citySeed: number): Promise<StandIns> {
  return startStandIns({
    streets: () => drawCity(citySeed).streets,
    ports: STAND_IN_PORTS,
    clock: new LocalClock(),
    webhooks: [endpointFor(WEBHOOK_EVENTS)],
    projectId: PROJECT_ID,
    region: REGION,
    schedules: SCHEDULES,
  });
}

/** What the backend listens to at Stripe; the README's deployment part names the same. */
export const WEBHOOK_EVENTS = [
  'payment_intent.amount_capturable_updated', 'payment_intent.canceled', 'refund.failed', 'charge.dispute.created',
  'charge.dispute.updated', 'charge.dispute.funds_withdrawn', 'charge.dispute.funds_reinstated', 'charge.dispute.closed',
] as const; // prettier-ignore

/** The same for connected accounts: an endpoint of its own. */
export const CONNECT_EVENTS = ['account.updated'] as const;

/** The whole local stack: stand-ins in this process, the official suite as a child. */
export async function startStack(terminal: Terminal, citySeed: number): Promise<LocalStack> {
  await mkdir(join(REPOSITORY, '.tmp'), { recursive: true });
  await requireFreePorts(STAND_IN_PORTS);
  terminal.waiting('bundling functions');
  await prepareFunctions();
  terminal.done('functions bundled');
  const standIns = await startLocalStandIns(citySeed);
  terminal.done('stand-ins for Stripe, OSRM, FCM and Cloud Tasks');
  terminal.waiting('starting the Firebase Emulator Suite');
  try {
    const log = createWriteStream(SUITE_LOG);
    const suite = await startSuite({
      command: 'start',
      projectId: PROJECT_ID,
      env: { FIRESTORE_EMULATOR_FUNCTIONS_MANIFEST: MANIFEST_FILE },
      onOutput: (text) => log.write(text),
      onRules: ({ errors, warnings }) => {
        for (const text of [...errors, ...warnings]) terminal.failed(`rules: ${text}`);
      },
    });
    const manifest = writeFunctionsManifest(join(REPOSITORY, 'functions'), MANIFEST_FILE).catch((error: unknown) =>
      terminal.failed(`no function is retried, for what they say of that cannot be read: ${String(error)}`),
    );
    await Promise.all([suite.ready, manifest]);
    terminal.done('Firebase Emulator Suite: auth, functions, firestore, storage, tasks, eventarc (no Java)');
    const stop = async () => {
      const code = await suite.stop();
      await standIns.close();
      return code;
    };
    return { suite, standIns, stop };
  } catch (error) {
    await standIns.close();
    throw error;
  }
}
