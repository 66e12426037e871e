import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { prepareFunctions, PROJECT_ID, REPOSITORY, startLocalStandIns } from './stack.js';
import { runSuite } from './suite.js';
import { LaunchError } from './suite/launch-error.js';

const HELP = `Usage: npm test -- [mocha's arguments]

Runs every test in one mocha on the Firebase Emulator Suite (no Java), with the stand-ins for Stripe, FCM and Cloud
Tasks, e.g.  npm test -- --grep pricing  or  npm test -- tests/rules/orders.test.ts
COVERAGE=1 prints the lines covered.
`;

/** Quotes an argument for the shell that firebase runs the script in. */
const quoted = (argument: string) => `'${argument.replaceAll("'", `'\\''`)}'`;

function mochaCommand(args: readonly string[]): string {
  const runner = ['node', join(REPOSITORY, 'node_modules/mocha/bin/mocha.js')];
  const files = args.some((argument) => argument.endsWith('.ts')) ? [] : ['tests/**/*.test.ts'];
  const coverage = process.env['COVERAGE'] ? ['node', join(REPOSITORY, 'node_modules/c8/bin/c8.js')] : [];
  return [...coverage, ...runner, ...args, ...files].map(quoted).join(' ');
}

async function main(args: readonly string[]): Promise<number> {
  if (args.includes('--help')) {
    process.stdout.write(HELP);
    return 0;
  }
  await mkdir(join(REPOSITORY, '.tmp'), { recursive: true });
  await prepareFunctions();
  const standIns = await startLocalStandIns();
  try {
    return await runSuite({ command: 'exec', projectId: PROJECT_ID, script: mochaCommand(args), env: { SUITE: '1' } });
  } finally {
    await standIns.close();
  }
}

try {
  process.exit(await main(process.argv.slice(2)));
} catch (error) {
  console.error(error instanceof LaunchError ? `\n${error.message}` : error);
  process.exit(1);
}
