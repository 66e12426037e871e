import { spawn, type ChildProcess } from 'node:child_process';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import {
  PORT_OFFSET,
  PORT_OFFSET_HELP,
  readOptions,
  withUsageErrors,
  applyPortOffset,
  UsageError,
} from './command-line.js';
import { portOffset } from './port-offset.js';
import { bundleEmulators } from './suite/bundle.js';
import { isOfficial, suiteEnvironment, type Environment } from './suite/environment.js';
import { readSuiteConfig, type SuiteConfig } from './suite/firebase-config.js';
import { LaunchError } from './suite/launch-error.js';
import { requireFreePorts } from './suite/ports.js';
import { endGroup, killGroup } from './suite/process-group.js';
import { createTemporaryFolder, type TemporaryFolder } from './suite/temporary-folder.js';
import { requireValidRules, watchRules, type CheckedRules } from './suite/rules-check.js';

const REPOSITORY = join(import.meta.dirname, '../..');
/**
 * The time after which firebase is killed; nothing is lost then. firebase-tools gives its own helpers 4 s each to stop.
 */
const STOP_TIMEOUT_MS = 7_000;
/** The same with an export, which is written before the emulators stop. */
const EXPORT_TIMEOUT_MS = 60_000;
/** How long to wait for the last output of a process that has ended. */
const LAST_OUTPUT_MS = 500;

export interface SuiteOptions {
  /** `start` runs until it is stopped. `exec` runs `script` in a shell with the emulators' addresses, then stops. */
  readonly command: 'exec' | 'start';
  readonly script?: string;
  /** The emulators to run; all of firebase.json by default. */
  readonly only?: readonly string[];
  readonly projectId?: string;
  readonly portOffset?: number;
  /** The address that the emulators listen on; 127.0.0.1 by default. */
  readonly host?: string;
  /** True to run all functions in one process; firebase-tools starts one for each function. */
  readonly sharesWorker?: boolean;
  /** Replaces the folder of functions in firebase.json. */
  readonly functionsSource?: string;
  /** The folder of firebase.json; the repository by default. */
  readonly root?: string;
  /** Added to this process's environment. */
  readonly env?: Environment;
  /** Further arguments of `firebase emulators:…`, e.g. `--import`. */
  readonly args?: readonly string[];
  /** Receives the output of firebase; by default it goes to this terminal. */
  readonly onOutput?: (text: string) => void;
  /**
   * Receives issues of the rules, at the start and after each change. Without it firebase's own output reports errors,
   * and the warnings at the start are printed beside that output.
   */
  readonly onRules?: (rules: CheckedRules) => void;
}

export interface Suite {
  readonly pid: number;
  /** The port of each emulator. */
  readonly ports: Readonly<Record<string, number>>;
  /** Resolves when all emulators of `start` are up; rejects with a LaunchError when the suite ends before that. */
  readonly ready: Promise<void>;
  /** Resolves with firebase's exit code, or with 128 + the signal that ended it. */
  readonly exited: Promise<number>;
  /** Asks firebase to shut down, waits, and kills its process group if it does not. Resolves with the exit code. */
  stop(): Promise<number>;
  /** Kills the process group at once. */
  kill(): void;
}

/** Runs the suite to its end and passes Ctrl-C on. Resolves with the exit code of the script, or of firebase. */
export async function runSuite(options: SuiteOptions): Promise<number> {
  const suite = await startSuite(options);
  suite.ready.catch(() => {}); // The exit code reports the failure.
  const stop = (): void => void suite.stop();
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, stop);
  try {
    return await suite.exited;
  } finally {
    for (const signal of signals) process.off(signal, stop);
  }
}

/** Starts the unmodified firebase-tools. Throws a LaunchError when a port is taken or a file is missing or invalid. */
export async function startSuite(options: SuiteOptions): Promise<Suite> {
  const root = options.root ?? REPOSITORY;
  const env = { ...process.env, ...options.env };
  const projectId = options.projectId ?? 'demo-tiffin';
  const config = await readSuiteConfig(root, options.only, options);
  let temporary: TemporaryFolder | undefined;
  try {
    await requireFreePorts(config.ports);
    const unwatch = isOfficial(env) ? () => undefined : checkRules(root, options, Object.keys(config.ports));
    const programs = isOfficial(env) ? undefined : await bundleEmulators(REPOSITORY);
    temporary = createTemporaryFolder();
    const own = temporaryEnvironment(temporary.path);
    const child = spawn(process.execPath, firebaseArguments(options, projectId, config), {
      cwd: root,
      env: {
        ...suiteEnvironment(env, projectId, join(REPOSITORY, 'local/bin'), programs, join(REPOSITORY, '.tmp')),
        ...own,
      },
      // A separate process group: the terminal's Ctrl-C reaches firebase once, through this process.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const isExporting = (options.args ?? []).some((arg) => arg.startsWith('--export-on-exit'));
    const remove = [config.remove, temporary.remove, async () => unwatch()];
    return watch(child, config, options.onOutput ?? print, remove, isExporting ? EXPORT_TIMEOUT_MS : STOP_TIMEOUT_MS);
  } catch (error) {
    await Promise.all([config.remove(), temporary?.remove()]);
    throw error;
  }
}

/**
 * Returns variables for the temporary folder and for the discovery of functions by a file. With discovery by HTTP, the
 * process of the functions ends only after that connection was idle for 3 s. The Firestore emulator reads the `retry`
 * options from the same files.
 */
function temporaryEnvironment(path: string): Environment {
  return {
    TMPDIR: path,
    TMP: path,
    TEMP: path,
    FIREBASE_FUNCTIONS_DISCOVERY_OUTPUT_PATH: 'true',
    FIRESTORE_EMULATOR_FUNCTION_MANIFESTS: path,
  };
}

/**
 * Checks the rules and watches them if `onRules` is given; returns a function that stops the watch. Google's own
 * programs report issues of the rules themselves.
 */
function checkRules(root: string, { onRules, onOutput }: SuiteOptions, emulators: readonly string[]): () => void {
  const warnings = requireValidRules(root, emulators);
  if (onRules) {
    if (warnings.length > 0) onRules({ errors: [], warnings });
    return watchRules(root, emulators, onRules);
  }
  if (warnings.length > 0) (onOutput ?? print)(`${warnings.join('\n')}\n`);
  return () => undefined;
}

const print = (text: string): void => void process.stdout.write(text);

function firebaseArguments(options: SuiteOptions, projectId: string, config: SuiteConfig): string[] {
  if (options.command === 'exec' && options.script === undefined) throw new Error('exec needs a script.');
  const firebase = createRequire(import.meta.url).resolve('firebase-tools/lib/bin/firebase.js');
  return [
    '--require',
    join(REPOSITORY, 'local/preload/end-with-launcher.js'),
    '--require',
    join(REPOSITORY, 'local/preload/lazy-auth-schemas.js'),
    ...(options.sharesWorker ? ['--require', join(REPOSITORY, 'local/preload/shared-worker.js')] : []),
    firebase,
    `emulators:${options.command}`,
    ...(options.command === 'exec' && options.script !== undefined ? [options.script] : []),
    '--project',
    projectId,
    '--config',
    config.file,
    ...(options.only ? ['--only', options.only.join(',')] : []),
    ...(options.args ?? []),
  ];
}

function watch(
  child: ChildProcess,
  { ports }: SuiteConfig,
  onOutput: (text: string) => void,
  remove: readonly (() => Promise<void>)[],
  stopTimeoutMs: number,
): Suite {
  const pid = child.pid ?? 0;
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const exited = new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    // Not `close`, which waits for every process that holds the pipes: workers of functions may outlive a crash.
    child.once('exit', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
  })
    .finally(() => endGroup(pid))
    .finally(() => Promise.race([closed, sleep(LAST_OUTPUT_MS)]))
    .finally(() => Promise.all(remove.map((each) => each())));
  const ready = new Promise<void>((resolve, reject) => {
    const forward = (chunk: Buffer): void => {
      const text = chunk.toString();
      if (text.includes('All emulators ready')) resolve();
      onOutput(text);
    };
    child.stdout?.on('data', forward);
    child.stderr?.on('data', forward);
    exited.then(
      (code) =>
        reject(
          new LaunchError(
            'The emulators stopped before they were ready.',
            `firebase ended with code ${code}.`,
            'read its output above, and firebase-debug.log.',
          ),
        ),
      reject,
    );
  });
  const stop = (): Promise<number> => {
    const running = child.exitCode === null && child.signalCode === null;
    if (running) child.kill('SIGINT');
    const killing = setTimeout(() => killGroup(pid), stopTimeoutMs);
    return exited.finally(() => clearTimeout(killing));
  };
  return { pid, ports, ready, exited, stop, kill: () => void killGroup(pid) };
}

const HELP = `Usage: npm run emulators -- [--only auth,firestore,…] [--project demo-…] [--port-offset N] [-- firebase arguments]

Runs the Firebase Emulator Suite with the project's own Firestore and Storage rules in place of Java, without the
stand-ins and the demo city that npm start adds.
  --only NAMES      run these emulators only, e.g. auth,firestore
  --project ID      the project to run as (default demo-tiffin)
${PORT_OFFSET_HELP}
  -- ARGUMENTS      arguments of firebase, e.g. -- --import data --export-on-exit
OFFICIAL=1 runs Google's own programs, which need Java 21 and the network.
`;

/**
 * Runs the command line: `start` for npm run emulators, `exec SCRIPT` to run a script with the emulators' addresses.
 */
async function main(args: readonly string[]): Promise<number> {
  const end = args.indexOf('--');
  const own = end < 0 ? args : args.slice(0, end);
  const passedOn = end < 0 ? [] : args.slice(end + 1);
  const [command, script] = own.filter((arg, i) => i === 0 || (i === 1 && own[0] === 'exec' && !arg.startsWith('--')));
  const options = own.slice(command === 'exec' && script !== undefined ? 2 : command === undefined ? 0 : 1);
  const isHelp = command === '--help';
  const values = readOptions(isHelp ? own : options, HELP, {
    only: { type: 'string' },
    project: { type: 'string' },
    ...PORT_OFFSET,
  });
  withUsageErrors(() => {
    applyPortOffset(values['port-offset']);
    if (command !== 'start' && command !== 'exec') throw new UsageError('The command must be start or exec');
    if (command === 'exec' && script === undefined) throw new UsageError('exec needs a script to run');
  });
  return runSuite({
    command: command === 'exec' ? 'exec' : 'start',
    portOffset: portOffset(),
    args: passedOn,
    ...(script === undefined ? {} : { script }),
    ...(values.only === undefined ? {} : { only: values.only.split(',') }),
    ...(values.project === undefined ? {} : { projectId: values.project }),
  });
}

if (import.meta.filename === process.argv[1]) {
  process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
    process.stderr.write(`${error instanceof LaunchError ? error.message : String(error)}\n`);
    return 1;
  });
}
