import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { PORT_OFFSET_HELP, withUsageErrors, applyPortOffset } from './command-line.js';
import { splitPortOffset, toMochaArguments } from './mocha-arguments.js';
import { movePorts, toStackPort, portOffset } from './port-offset.js';
import { listStackPorts, REPOSITORY, startStack, suiteLog } from './stack.js';
import { LaunchError } from './suite/launch-error.js';
import { areFree, findFreeOffset } from './suite/ports.js';
import { openTerminal } from './terminal.js';

const HELP = `Usage: npm test -- [--verbose] [mocha's arguments]

Runs every test on the Firebase Emulator Suite (no Java), with the stand-ins for Stripe, OSRM, FCM and Cloud Tasks: files
in parallel, with one line of progress. If a stack is running, the tests use other ports. Named files run in one process,
which lists their tests.
  npm test -- --grep refund               run the tests whose titles contain that word
  npm test -- tests/rules/orders.test.ts  run the tests of that file
  --verbose       list every test
  --jobs N        run N test files at once (default: one per core, at most 4)
${PORT_OFFSET_HELP}
COVERAGE=1 prints the lines covered. The output of the suite is in .tmp/suite.log.
`;

/**
 * Returns the addresses of the suite for the tests. FIRESTORE_EMULATOR_HOST is not set: SDKs would prefer it to the
 * emulators that tests start in their own process.
 */
const emulators = () => ({
  SUITE_FIRESTORE_HOST: `127.0.0.1:${toStackPort(8080)}`,
  FIREBASE_AUTH_EMULATOR_HOST: `127.0.0.1:${toStackPort(9099)}`,
  FIREBASE_STORAGE_EMULATOR_HOST: `127.0.0.1:${toStackPort(9199)}`,
  FIREBASE_EMULATOR_HUB: `127.0.0.1:${toStackPort(4400)}`,
  GCLOUD_PROJECT: 'demo-tiffin',
  METADATA_SERVER_DETECTION: 'none',
  SUITE: '1',
});

function runMocha(args: readonly string[]): Promise<number> {
  const coverage = process.env['COVERAGE'] ? [join(REPOSITORY, 'node_modules/c8/bin/c8.js')] : [];
  const command = [...coverage, join(REPOSITORY, 'node_modules/mocha/bin/mocha.js'), ...toMochaArguments(args)];
  return new Promise((resolve, reject) => {
    const mocha = spawn(process.execPath, command, {
      cwd: REPOSITORY,
      stdio: 'inherit',
      env: { ...process.env, ...emulators() },
    });
    mocha.once('error', reject);
    mocha.once('exit', (code, signal) => resolve(signal ? 1 : (code ?? 1)));
  });
}

/** Moves the tests to other ports when the ports of the stack are in use, for example by a running stack. */
async function avoidUsedPorts(): Promise<void> {
  const ports = await listStackPorts();
  if (await areFree(ports)) return;
  const offset = await findFreeOffset(ports);
  movePorts(offset);
  console.log(`Another process uses ports of the stack: the tests add ${offset} to each port.`);
}

async function main(given: readonly string[]): Promise<number> {
  const { offset, rest: args } = splitPortOffset(given);
  const isNamed = args.length < given.length;
  if (isNamed) withUsageErrors(() => applyPortOffset(offset));
  if (args.includes('--help')) {
    process.stdout.write(HELP);
    return 0;
  }
  if (!isNamed && portOffset() === 0) await avoidUsedPorts();
  const terminal = openTerminal();
  const stack = await startStack(terminal, 1);
  // The terminal sends Ctrl-C to mocha too; this process waits for mocha and then stops the stack.
  process.on('SIGINT', () => undefined);
  try {
    return await runMocha(args);
  } finally {
    const code = await stack.stop();
    if (code !== 0 && code !== 130) console.error(`the suite ended with code ${code}: see ${suiteLog()}`);
  }
}

try {
  process.exit(await main(process.argv.slice(2)));
} catch (error) {
  console.error(error instanceof LaunchError ? `\n${error.message}` : error);
  process.exit(1);
}
