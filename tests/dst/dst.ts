import { availableParallelism } from 'node:os';
import { readOptions, UsageError, wholeNumber, withUsageErrors } from '#local/command-line.js';
import { Pool } from './pool.js';
import { describeFailure } from './report.js';
import type { RunOptions, RunResult } from './run.js';
import { shrink, toKind, type Failure } from './shrink.js';
import { NO_FAULTS, FAULT_KINDS, type FaultRates } from './world/fault-rates.js';

const HELP = `Usage: npm run dst -- [--seeds N] [--from S] [--orders K] [--plain] [--replay S]

Runs the whole backend against simulated time, with faults that a seed draws: instances that die, calls whose answer is
lost, slow calls, clocks that differ, tasks, triggers and webhooks that are late, doubled or lost. Customers, two kitchens,
couriers, an operator and a bank act; the invariants of the domain must hold after it. The same seed gives
the same run. Exit code 1 where an invariant is violated.
  --seeds N    how many seeds (default 200)
  --from S     the first seed (default 1)
  --orders K   how many orders each seed places (default 6)
  --plain      no faults, and all people do what is expected
  --replay S   run one seed, and tell its whole story
  --only LIST  with --replay: only these of its orders, such as 0,3
  --faults F   with --replay: these faults instead of those that the seed draws, as JSON
`;
/** How many different violations are shrunk and told: the first ones are enough to begin with. */
const MAX_TOLD = 3;
const PROGRESS_MS = 10_000;

const values = readOptions(process.argv.slice(2), HELP, {
  seeds: { type: 'string', default: '200' },
  from: { type: 'string', default: '1' },
  orders: { type: 'string', default: '6' },
  plain: { type: 'boolean', default: false },
  replay: { type: 'string' },
  only: { type: 'string' },
  faults: { type: 'string' },
});

async function runMany(): Promise<number> {
  const [seeds, from, orders] = withUsageErrors(() => [
    wholeNumber(values.seeds, 'seeds', 1),
    wholeNumber(values.from, 'from'),
    wholeNumber(values.orders, 'orders', 1),
  ]);
  const pool = await Pool.open(Math.min(seeds, availableParallelism()));
  const startedMs = Date.now();
  const all = Array.from({ length: seeds }, (_, index) => toOptions(from + index, orders));
  const failures = await runAll(pool, all, startedMs);
  const seconds = (Date.now() - startedMs) / 1000;
  for (const failure of distinct(failures).slice(0, MAX_TOLD))
    process.stdout.write(describeFailure(await shrink((options) => pool.run(options), failure)));
  pool.close();
  const failed = failures.length === 0 ? 'no invariant is violated' : `${failures.length} seeds violate an invariant`;
  process.stdout.write(
    `${seeds} seeds from ${from} with ${orders} orders each in ${seconds.toFixed(0)} s: ${failed}\n`,
  );
  return failures.length === 0 ? 0 : 1;
}

const toOptions = (seed: number, orders: number): RunOptions => ({
  seed,
  orders: Array.from({ length: orders }, (_, number) => number),
  plain: values.plain,
});

async function runAll(pool: Pool, all: readonly RunOptions[], startedMs: number): Promise<Failure[]> {
  const failures: Failure[] = [];
  let done = 0;
  const progress = setInterval(() => {
    const left = ((Date.now() - startedMs) / done) * (all.length - done);
    process.stderr.write(
      `${done} of ${all.length} seeds, ${failures.length} failed, ${Math.round(left / 1000)} s left\n`,
    );
  }, PROGRESS_MS);
  await Promise.all(
    all.map(async (options) => {
      const result = await pool.run(options);
      done += 1;
      if (result.breaches.length > 0) failures.push({ options, result });
    }),
  );
  clearInterval(progress);
  return failures.toSorted((a, b) => a.options.seed - b.options.seed);
}

/** The first failure of each kind. */
function distinct(failures: readonly Failure[]): Failure[] {
  const kinds = new Map<string, Failure>();
  for (const failure of failures) {
    const kind = toKind(failure.result.breaches);
    if (!kinds.has(kind)) kinds.set(kind, failure);
  }
  return [...kinds.values()];
}

async function replay(text: string): Promise<number> {
  const options = withUsageErrors((): RunOptions => {
    const given = toOptions(wholeNumber(text, 'replay'), wholeNumber(values.orders, 'orders', 1));
    const orders = values.only?.split(',').map((number) => wholeNumber(number, 'only')) ?? given.orders;
    return { ...given, orders, ...(values.faults !== undefined && { faults: parseFaultRates(values.faults) }) };
  });
  const pool = await Pool.open(1, true);
  const result: RunResult = await pool.run(options);
  pool.close();
  for (const sentence of result.story) process.stdout.write(`${sentence}\n`);
  process.stdout.write(`seed ${result.seed}: ${result.calls} calls and commits, digest ${result.digest}\n`);
  for (const breach of result.breaches) process.stdout.write(`violated: ${breach}\n`);
  return result.breaches.length === 0 ? 0 : 1;
}

function parseFaultRates(json: string): FaultRates {
  const given: unknown = JSON.parse(json);
  const faults = { ...NO_FAULTS };
  for (const [name, value] of Object.entries(given ?? {})) {
    const kind = FAULT_KINDS.find((one) => one === name);
    if (kind === undefined || typeof value !== 'number') throw new UsageError(`--faults: ${name} is no kind of fault`);
    faults[kind] = value;
  }
  return faults;
}

process.exitCode = values.replay === undefined ? await runMany() : await replay(values.replay);
