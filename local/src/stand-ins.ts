import type { Streets } from '../../simulator/src/city/streets.js';
import { LocalClock } from './clock.js';
import type { RunningServer } from './http.js';
import { startInbox, type Inbox } from './inbox.js';
import { startOsrm } from './osrm.js';
import { startStripe, type StripeStandIn } from './stripe/server.js';
import type { WebhookEndpoint } from './stripe/webhooks.js';
import { startTaskQueue, type TaskQueue, type TaskQueueOptions } from './task-queue.js';
import { PORT_OFFSET, readOptions, withUsageErrors, applyPortOffset } from './command-line.js';
import { toStackPort } from './port-offset.js';
import { openTerminal } from './terminal.js';
import { startTicker, type Schedule, type Ticker } from './ticker.js';

const PORTS = { stripe: 12111, osrm: 12112, inbox: 9399, tasks: 9498 } as const;

/** Returns the ports of the stand-ins of this process's stack. */
export function standInPorts(): Record<keyof typeof PORTS, number> {
  return {
    stripe: toStackPort(PORTS.stripe),
    osrm: toStackPort(PORTS.osrm),
    inbox: toStackPort(PORTS.inbox),
    tasks: toStackPort(PORTS.tasks),
  };
}

export interface StandInsOptions {
  readonly ports?: Readonly<Record<keyof typeof PORTS, number>>;
  /** The address of Stripe and the inbox, which apps call too; 127.0.0.1 by default. */
  readonly host?: string;
  /** One clock for all stand-ins, so that holds, webhooks, tasks and schedules stay synchronised. */
  readonly clock?: LocalClock;
  readonly webhooks?: readonly WebhookEndpoint[];
  readonly projectId?: string;
  readonly region?: string;
  /** `host:port` of the functions emulator. */
  readonly functionsHost?: string;
  /** Without schedules no ticker is started. */
  readonly schedules?: readonly Schedule[];
  /** Without streets no OSRM stand-in is started; zones that use OSRM then measure great circles. */
  readonly streets?: () => Streets;
  readonly taskTimes?: NonNullable<TaskQueueOptions['scheduleTimesOn']>;
}

export interface StandIns {
  readonly clock: LocalClock;
  readonly stripe: StripeStandIn;
  readonly osrm: RunningServer | undefined;
  readonly inbox: Inbox;
  readonly tasks: TaskQueue;
  readonly ticker: Ticker | undefined;
  close(): Promise<void>;
}

/** Starts a stand-in for each service outside of Firebase, in this process, on one clock. */
export async function startStandIns(options: StandInsOptions = {}): Promise<StandIns> {
  const ports = options.ports ?? standInPorts();
  const clock = options.clock ?? new LocalClock();
  const functionsHost = options.functionsHost ?? `127.0.0.1:${toStackPort(5001)}`;
  const at = options.host === undefined ? {} : { host: options.host };
  const stripe = await startStripe({ port: ports.stripe, clock, webhooks: options.webhooks ?? [], ...at });
  const osrm = options.streets && (await startOsrm({ port: ports.osrm, streets: options.streets }));
  const inbox = await startInbox({ port: ports.inbox, now: () => clock.now(), ...at });
  const tasks = await startTaskQueue({
    port: ports.tasks,
    clock,
    scheduleTimesOn: options.taskTimes ?? 'wall',
    functionUrl: (project, location, queue) => `http://${functionsHost}/${project}/${location}/${queue}`,
  });
  const ticker =
    options.schedules &&
    startTicker({
      schedules: options.schedules,
      clock,
      functionsHost,
      projectId: options.projectId ?? 'demo-tiffin',
      region: options.region ?? 'europe-west1',
    });
  return {
    clock,
    stripe,
    osrm,
    inbox,
    tasks,
    ticker,
    close: async () => {
      ticker?.stop();
      await Promise.all([stripe.close(), osrm?.close(), inbox.close(), tasks.close()]);
      clock.stop();
    },
  };
}

const HELP = `Usage: stand-ins [--port-offset N] [--webhook-url URL --webhook-secret whsec_…] [--tick NAME=SECONDS …]
                 [--project ID] [--region REGION] [--functions HOST:PORT] [--speed N]
`;

async function main(args: readonly string[]): Promise<void> {
  const values = readOptions(args, HELP, {
    ...PORT_OFFSET,
    'webhook-url': { type: 'string' },
    'webhook-secret': { type: 'string', default: 'whsec_local' },
    tick: { type: 'string', multiple: true, default: [] },
    project: { type: 'string', default: 'demo-tiffin' },
    region: { type: 'string', default: 'europe-west1' },
    functions: { type: 'string', default: '127.0.0.1:5001' },
    speed: { type: 'string', default: '1' },
  });
  const schedules = withUsageErrors(() => {
    applyPortOffset(values['port-offset']);
    return values.tick.map(parseTick);
  });
  const terminal = openTerminal();
  const url = values['webhook-url'];
  const standIns = await startStandIns({
    clock: new LocalClock(Number(values.speed)),
    webhooks: url === undefined ? [] : [{ url, secret: values['webhook-secret'], enabledEvents: ['*'] }],
    projectId: values.project,
    region: values.region,
    functionsHost: values.functions,
    schedules,
  });
  terminal.done('stand-ins ready');
  terminal.table([
    ['Stripe', standIns.stripe.url],
    ['Push inbox', `${standIns.inbox.url}/messages`],
    ['Tasks', `${standIns.tasks.url}/tasks`],
  ]);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void standIns.close());
}

/** Parses `sweep=60`, which calls the scheduled function `sweep` once a minute of the stand-ins' clock. */
function parseTick(text: string): Schedule {
  const [name, seconds] = text.split('=');
  const everyMs = Number(seconds) * 1000;
  if (!name || !(everyMs > 0)) throw new Error(`--tick is "${text}", but it must be NAME=SECONDS`);
  return { name, everyMs };
}

if (import.meta.filename === process.argv[1]) await main(process.argv.slice(2));
