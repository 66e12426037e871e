import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readOptions, UsageError, withUsageErrors, wholeNumber } from '#local/command-line.js';

/** Sources that are mutated together, with the tests that run against their mutants. */
interface Part {
  readonly sources: readonly string[];
  /** Patterns without braces: mocha's runner divides a pattern at its commas. */
  readonly tests: readonly string[];
}

const MODELS = 'functions/src';
const UNIT = 'tests/unit/functions';
const PARTS = {
  pricing: {
    sources: [`${MODELS}/pricing/*.ts`],
    // Fast ones first: a mutant is tried until one test fails. `properties` and `search-large` take seconds for each.
    tests: [
      ...[
        'cheapest',
        'currencies',
        'discounts',
        'fees',
        'frozen-menu',
        'item-discounts',
        'money',
        'price-order',
        'refund',
        'settle',
        'trace',
        'oracle',
        'search',
      ].map((name) => `${UNIT}/pricing/${name}.test.ts`),
      `${UNIT}/orders/edits.test.ts`,
    ],
  },
  payments: {
    sources: [`${MODELS}/payments/model/*.ts`],
    tests: [`${UNIT}/payments/*.test.ts`, `${UNIT}/orders/effects.test.ts`, `${UNIT}/orders/order-state.test.ts`],
  },
  ledger: {
    sources: [`${MODELS}/ledger/model/*.ts`],
    tests: [`${UNIT}/ledger/*.test.ts`, `${UNIT}/payments/*.test.ts`, `${UNIT}/orders/effects.test.ts`],
  },
  orders: {
    sources: [`${MODELS}/orders/model/**/*.ts`],
    // The settlement of an order is tested with payments and ledger. The two files that take seconds come last.
    tests: [
      `${UNIT}/orders/!(closed-kitchen|random-walk).test.ts`,
      `${UNIT}/payments/*.test.ts`,
      `${UNIT}/ledger/*.test.ts`,
      `${UNIT}/orders/closed-kitchen.test.ts`,
      `${UNIT}/orders/random-walk.test.ts`,
    ],
  },
  dispatch: {
    sources: [`${MODELS}/dispatch/model/*.ts`],
    tests: [
      ...['assignment', 'choose', 'match', 'plan', 'route'].map((name) => `${UNIT}/dispatch/${name}.test.ts`),
      `${UNIT}/orders/limits-bounds.test.ts`,
    ],
  },
} as const satisfies Readonly<Record<string, Part>>;

const NAMES = Object.keys(PARTS).join(', ');
/** The script fails below this share of killed mutants, in percent. */
const BREAK = 85;

const HELP = `Usage: npm run mutate -- --part NAME [--file FILE] [--concurrency N]

Puts one fault at a time into the pure decisions (Stryker) and runs their unit tests: a survivor is a fault that no test
sees. Fails where fewer than ${BREAK} % are killed. Installs Stryker at the first run.
  --part NAME       one of ${NAMES}
  --file FILE       only the files of the part that this pattern matches
  --concurrency N   how many mutants are tried at the same time (default 1)
The report is .tmp/mutation/NAME.html.
`;

const ROOT = join(import.meta.dirname, '..');
/** Stryker, and the version of mocha that its runner can load: only this script needs them. */
const PACKAGES = join(import.meta.dirname, 'mutation');
const TOOLS = join(ROOT, '.tmp/stryker-tools');
const OUT = '.tmp/mutation';

function findPart(name: string | undefined): Part & { name: string } {
  const found = Object.entries<Part>(PARTS).find(([known]) => known === name);
  if (!found) throw new UsageError(`--part is "${name ?? ''}", but it must be one of ${NAMES}`);
  return { name: found[0], ...found[1] };
}

const toConfig = ({ name, sources, tests }: Part & { name: string }, concurrency: number) => ({
  testRunner: 'mocha',
  plugins: [join(TOOLS, 'node_modules/@stryker-mutator/mocha-runner/dist/src/index.js')],
  testRunnerNodeArgs: ['--import', 'tsx'],
  mochaOptions: { spec: tests, config: 'tests/mutation/mocharc.json' },
  mutate: sources,
  // Texts are names of reasons and keys, which the types check.
  mutator: { excludedMutations: ['StringLiteral'] },
  coverageAnalysis: 'perTest',
  concurrency,
  reporters: ['progress-append-only', 'clear-text', 'json', 'html'],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  jsonReporter: { fileName: `${OUT}/${name}.json` },
  htmlReporter: { fileName: `${OUT}/${name}.html` },
  thresholds: { high: 95, low: BREAK, break: BREAK },
  tempDirName: '.tmp/stryker',
  ignorePatterns: ['docs', 'tests/conformance', '.tmp'],
});

const values = readOptions(process.argv.slice(2), HELP, {
  part: { type: 'string' },
  file: { type: 'string' },
  concurrency: { type: 'string', default: '1' },
});
const { part, concurrency } = withUsageErrors(() => ({
  part: findPart(values.part),
  concurrency: wholeNumber(values.concurrency, 'concurrency', 1),
}));

const run = (command: string, args: readonly string[]): number =>
  spawnSync(command, args, { cwd: ROOT, stdio: 'inherit' }).status ?? 1;
const stryker = join(TOOLS, 'node_modules/.bin/stryker');
if (!existsSync(stryker)) {
  mkdirSync(TOOLS, { recursive: true });
  for (const name of ['package.json', 'package-lock.json']) copyFileSync(join(PACKAGES, name), join(TOOLS, name));
  run('npm', ['ci', '--no-audit', '--no-fund', '--prefix', TOOLS]);
}

const config = join(ROOT, OUT, `${part.name}.config.json`);
mkdirSync(join(ROOT, OUT), { recursive: true });
writeFileSync(config, JSON.stringify(toConfig(part, concurrency), null, 2));
process.exitCode = run(stryker, ['run', config, ...(values.file === undefined ? [] : ['--mutate', values.file])]);
