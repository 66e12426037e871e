import { IndexGuard } from '#emulator/indexes/guard.js';
import { START_MS } from '#fixtures/catalogue.js';
import { breaches } from '#simulator/invariants.js';
import { Random } from '#simulator/random.js';
import { readFileSync } from 'node:fs';
import { compileRules } from '#emulator/rules/index.js';
import type { Ruleset } from '#emulator/rules/types.js';
import type { StoredDocument } from '#emulator/store/document.js';
import { loadCity, writeCity } from './city.js';
import { CommitChecks } from './checks/commit-checks.js';
import { readAllBooks } from './checks/end-books.js';
import { checkIdleSweeps } from './checks/idle-sweeps.js';
import { waitingBreaches } from './checks/nothing-waits.js';
import { runScenario } from './scenario.js';
import { liveNight } from './world/nightly-jobs.js';
import { settled, startProcess } from './virtual/globals.js';
import { VirtualTime } from './virtual/time.js';
import { Sweeps } from './world/schedules.js';
import { Story } from './world/story.js';
import { NO_FAULTS, drawFaultRates, type FaultRates } from './world/fault-rates.js';
import { World } from './world/world.js';

/** What one run is made of. The same options give the same run. */
export interface RunOptions {
  seed: number;
  /** The numbers of the orders that are placed. */
  orders: readonly number[];
  /** Without faults, and with people who do what is expected. */
  plain?: boolean;
  /** Instead of the faults that the seed draws. */
  faults?: FaultRates;
}

export interface RunResult {
  seed: number;
  breaches: string[];
  story: string[];
  digest: string;
  calls: number;
  faults: FaultRates;
}

/** More steps than any run needs: one that goes on is a loop. */
const MAX_STEPS = 2_000_000;
/** The project's rules, compiled once. */
const RULES = readRules();
const INDEXES = new IndexGuard(new Map([['*', 'firestore.indexes.json']]));

/** The documents of the city, once they were written and every trigger of them has run. */
let city: readonly StoredDocument[] | undefined;

/** Runs one seed to its calm end and checks every invariant. */
export async function runSeed(options: RunOptions): Promise<RunResult> {
  city ??= await buildCity();
  const { seed, orders, plain = false } = options;
  const random = new Random(seed);
  const faults = options.faults ?? (plain ? NO_FAULTS : drawFaultRates(random.fork('faults')));
  const world = startWorld(random, faults);
  const { time, story } = world;
  loadCity(world, city);
  new Sweeps(world);
  new CommitChecks(world);
  await drain(time, runScenario(world, random, { orders, plain }));
  await advance(world);
  await drain(time, liveNight(world));
  await advance(world);
  await drain(time, checkIdleSweeps(world));
  const books = await drain(time, readAllBooks(world, plain));
  return {
    seed,
    breaches: [...world.breaches, ...breaches(books), ...waitingBreaches(world)],
    story: story.lines(),
    digest: world.digest(),
    calls: world.calls,
    faults,
  };
}

function startWorld(random: Random, faults: FaultRates): World {
  const ties = random.fork('ties');
  const time = new VirtualTime(START_MS, () => ties.next());
  startProcess({ time, random: random.fork('process') });
  return new World({ time, random, faults, story: new Story(time), indexes: INDEXES, rules: RULES });
}

async function buildCity(): Promise<StoredDocument[]> {
  const world = startWorld(new Random(0), NO_FAULTS);
  await drain(world.time, writeCity(world));
  await advance(world);
  return [...world.database.allDocuments()];
}

/** Runs until nothing is left to happen. */
async function advance({ time }: World): Promise<void> {
  for (let step = 0; time.step(); step += 1) {
    if (step > MAX_STEPS) throw new Error('the run does not end');
    await settled();
  }
}

/** Runs until the work is done. */
async function drain<T>(time: VirtualTime, work: Promise<T>): Promise<T> {
  let isDone = false;
  const done = work.finally(() => (isDone = true));
  done.catch(() => undefined);
  await settled();
  while (!isDone) {
    if (!time.step()) break;
    await settled();
  }
  return done;
}

function readRules(): Ruleset {
  const { ruleset } = compileRules(readFileSync('firestore.rules', 'utf8'), 'firestore.rules');
  if (!ruleset) throw new Error('firestore.rules does not compile');
  return ruleset;
}
