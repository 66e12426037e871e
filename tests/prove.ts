import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readOptions, withUsageErrors, wholeNumber } from '#local/command-line.js';

const HELP = `Usage: npm run prove -- [--seed N]

Tries the properties of prices, money, hours and dispatch as often as a proof asks for: 10,000 carts, 10,000
kitchens that open and close, 5,000 walks over the order's states, 1,000 cities to dispatch, at every point of every
flow a crash and a provider that fails, every way to spoil one document in every batch job, 5,000 orders due in the
same minute, 5,000 of what each job pages or batches, and a bill among 10,000 orders. npm test tries them less
often.
  --seed N   replay a run (default: a new one, which is printed)
`;

/** Every test with a property that a proof tries more often. */
const PROOFS = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
  .map((name) => join(import.meta.dirname, name))
  .filter((file) => file.endsWith('.test.ts') && readFileSync(file, 'utf8').includes('fixtures/proofs.js'));

const values = readOptions(process.argv.slice(2), HELP, { seed: { type: 'string' } });
const seed = withUsageErrors(() =>
  values.seed === undefined ? randomInt(2 ** 31 - 1) : wholeNumber(values.seed, 'seed'),
);
console.log(`seed ${seed}; replay it with npm run prove -- --seed ${seed}`);
const args = ['--timeout', '600000', ...PROOFS.flatMap((spec) => ['--spec', spec])];
const env = { ...process.env, PROOF_SEED: String(seed) };
process.exitCode = spawnSync('npx', ['mocha', ...args], { env, stdio: 'inherit' }).status ?? 1;
