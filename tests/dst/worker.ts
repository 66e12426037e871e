import { Random } from '#simulator/random.js';
import type { RunOptions, RunResult } from './run.js';
import { installVirtualProcess, startProcess } from './virtual/globals.js';
import { VirtualTime } from './virtual/time.js';

/** What the parent process receives for one run. */
export type WorkerAnswer = { type: 'result'; result: RunResult } | { type: 'broken'; seed: number; error: string };

/** The stack of every error of the SDK would take a tenth of the time; a run that is replayed has them. */
const STACK_LINES = process.env['DST_STACKS'] === '1' ? 20 : 0;

/** Runs seeds that the parent process asks for, one after the other, each on the virtual clock. */
async function main(): Promise<void> {
  Error.stackTraceLimit = STACK_LINES;
  installVirtualProcess();
  // Modules may read the clock while they load.
  startProcess({ time: new VirtualTime(0, () => 0), random: new Random(0) });
  // Loaded only now: some modules keep the timers that they find.
  const { runSeed } = await import('./run.js');
  let last = Promise.resolve();
  process.on('message', (options: RunOptions) => {
    last = last.then(async () => {
      process.send?.(await answer(runSeed, options));
    });
  });
}

async function answer(run: (options: RunOptions) => Promise<RunResult>, options: RunOptions): Promise<WorkerAnswer> {
  try {
    return { type: 'result', result: await run(options) };
  } catch (error) {
    return { type: 'broken', seed: options.seed, error: error instanceof Error ? (error.stack ?? '') : String(error) };
  }
}

void main();
