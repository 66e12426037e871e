import type { RunOptions, RunResult } from './run.js';
import { FAULT_KINDS, type FaultKind } from './world/fault-rates.js';

type Run = (options: RunOptions) => Promise<RunResult>;

/** A failed run, and the options that give it again. */
export interface Failure {
  options: RunOptions;
  result: RunResult;
}

/**
 * Looks for the shortest run with the same violation: without one order after the other, then without one kind of
 * fault after the other, for as long as it still fails. A run without a part is another run, so the shortest one that
 * is found need not be the shortest one there is.
 */
export async function shrink(run: Run, failure: Failure): Promise<Failure> {
  const kind = toKind(failure.result.breaches);
  let shortest = failure;
  for (;;) {
    const shorter = await findShorter(run, shortest, kind);
    if (!shorter) return shortest;
    shortest = shorter;
  }
}

async function findShorter(run: Run, { options, result }: Failure, kind: string): Promise<Failure | null> {
  for (const attempt of [...withoutOneOrder(options), ...withoutOneFault(options, result)]) {
    const tried = await run(attempt);
    if (toKind(tried.breaches) === kind) return { options: attempt, result: tried };
  }
  return null;
}

const withoutOneOrder = (options: RunOptions): RunOptions[] =>
  options.orders.length < 2
    ? []
    : options.orders.map((left) => ({ ...options, orders: options.orders.filter((number) => number !== left) }));

const withoutOneFault = (options: RunOptions, { faults }: RunResult): RunOptions[] =>
  FAULT_KINDS.filter((kind: FaultKind) => faults[kind] > 0).map((kind) => ({
    ...options,
    faults: { ...faults, [kind]: 0 },
  }));

/** The violation without the names and numbers of a run. */
export function toKind([first = '']: readonly string[]): string {
  return first.split('\n')[0]?.replaceAll(/\b[\w-]*\d[\w-]*\b/g, '#') ?? '';
}
