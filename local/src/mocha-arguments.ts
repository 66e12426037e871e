import { availableParallelism } from 'node:os';

/** Long files come first, so that none of them starts last. Journeys share the suite and are one file. */
const ALL_TESTS = [
  'tests/journeys/all.ts',
  'tests/functions/**/*.test.ts',
  'tests/{local,repository}/**/*.test.ts',
  'tests/!(journeys|functions|local|repository)/**/*.test.ts',
];
/** The most parallel processes; each needs up to 1 GB. */
const MAX_JOBS = 4;

/** Splits the arguments into the value of `--port-offset` and all others. */
export function splitPortOffset(args: readonly string[]): { offset: string; rest: string[] } {
  const at = args.findIndex((argument) => argument.split('=')[0] === OFFSET);
  if (at < 0) return { offset: '0', rest: [...args] };
  const [, inline] = args[at]?.split('=') ?? [];
  return { offset: inline ?? args[at + 1] ?? '', rest: args.toSpliced(at, inline === undefined ? 2 : 1) };
}

const OFFSET = '--port-offset';

/**
 * Returns mocha's arguments for those of `npm test`. Named files run in one process with mocha's own listing. Otherwise
 * all files run in parallel and print progress, unless `--verbose` or a reporter is given.
 */
export function toMochaArguments(args: readonly string[], cores = availableParallelism()): string[] {
  const own = args.filter((argument) => argument !== '--verbose');
  if (own.some((argument) => argument.endsWith('.ts'))) return own;
  const has = (...names: string[]) => own.some((argument) => names.includes(argument.split('=')[0] ?? ''));
  const jobs = has('--jobs', '-j') ? [] : ['--jobs', String(Math.min(cores, MAX_JOBS))];
  const lists = args.includes('--verbose') || has('--reporter', '-R');
  const reporter = lists ? [] : ['--reporter', './tests/progress-reporter.ts'];
  return ['--parallel', ...jobs, ...reporter, ...own, ...ALL_TESTS];
}
