import { randomInt } from 'node:crypto';
import { readOptions, withUsageErrors, wholeNumber } from '#local/command-line.js';
import { Dice } from './dice.js';
import { bareBytes, deepMessage, mutatedFrames, mutatedMessage } from './grpc-cases.js';
import { hugeQuery } from './query-cases.js';
import { bareHttp, deepJson, malformedToken, mutatedRest } from './rest-cases.js';
import { hostileRules, hugeRules, wideDocuments } from './rules-cases.js';
import { type Memory, Target } from './target.js';
import { webChannel } from './webchannel-cases.js';
import { sendRest } from './wires.js';

const HELP = `Sends the Firestore drop-in what no client would, and asserts that it answers, lives and forgets.

  npm run fuzz -- [--seed N] [--cases N] [--case I]

  --seed N    replays the run that printed this seed (default: drawn)
  --cases N   how many cases (default: 3900, about a minute)
  --case I    only the case of this number
`;

/** Each makes one hostile request and returns a short description of the response. */
const AREAS = {
  'bytes on the port': bareBytes,
  'gRPC messages': mutatedMessage,
  'gRPC frames': mutatedFrames,
  'deep messages': deepMessage,
  'HTTP bytes': bareHttp,
  'REST requests': mutatedRest,
  'deep JSON': deepJson,
  WebChannel: webChannel,
  tokens: malformedToken,
  'hostile rules': hostileRules,
  'huge rules': hugeRules,
  'wide documents': wideDocuments,
  'huge queries': hugeQuery,
} satisfies Record<string, (dice: Dice, port: number) => Promise<string>>;

/** Heap that may stay in use: bounded caches, such as that of compiled patterns, are full at the end. */
const HEAP_GROWTH = 32e6;
/** The allocator gives pages back late, so the process may stay larger than its heap. */
const RESIDENT_GROWTH = 300e6;
const SEED_STRIDE = 1_000_003;

interface Row {
  cases: number;
  slowestMs: number;
  slowestCase: number;
  readonly answers: Map<string, number>;
}

async function run(seed: number, numbers: Iterable<number>): Promise<boolean> {
  const rows = new Map<string, Row>();
  const faults: string[] = [];
  const target = await Target.start();
  try {
    await forget(target.port);
    const start = await target.memory();
    for (const i of numbers) {
      const fault = await runCase(target, seed, i, rows);
      if (fault !== undefined) faults.push(fault);
      if (target.end !== undefined) break;
    }
    if (target.end === undefined) faults.push(...grown(start, await settled(target)));
  } finally {
    await target.stop();
  }
  report(rows, faults);
  return faults.length === 0;
}

/** Runs one case, then checks that the emulator still responds; returns the failure, if any. */
async function runCase(target: Target, seed: number, i: number, rows: Map<string, Row>): Promise<string | undefined> {
  const areas = Object.entries(AREAS);
  const [area, attack] = areas[i % areas.length] ?? ['', bareBytes];
  const begun = performance.now();
  try {
    const answer = await attack(new Dice(seed * SEED_STRIDE + i), target.port);
    note(rows, area, i, answer, performance.now() - begun);
    const alive = await sendRest(target.port, { method: 'GET', path: '/' });
    if (alive !== 200) throw new Error(`GET / answered ${alive}`);
    return undefined;
  } catch (fault) {
    note(rows, area, i, 'FAULT', performance.now() - begun);
    const end = target.end === undefined ? '' : `; the emulator ended: ${target.end}`;
    return `case ${i} (${area}): ${fault instanceof Error ? fault.message : String(fault)}${end}`;
  }
}

function note(rows: Map<string, Row>, area: string, i: number, answer: string, ms: number): void {
  const row = rows.get(area) ?? { cases: 0, slowestMs: 0, slowestCase: i, answers: new Map<string, number>() };
  rows.set(area, row);
  row.cases++;
  if (ms > row.slowestMs) Object.assign(row, { slowestMs: ms, slowestCase: i });
  row.answers.set(answer, (row.answers.get(answer) ?? 0) + 1);
}

async function settled(target: Target): Promise<Memory> {
  await forget(target.port);
  await new Promise((resolve) => setTimeout(resolve, 500));
  return target.memory();
}

async function forget(port: number): Promise<void> {
  await sendRest(port, { method: 'POST', path: '/reset' });
}

function grown(start: Memory, end: Memory): string[] {
  const heap = end.heapBytes - start.heapBytes;
  const resident = (end.residentBytes ?? 0) - (start.residentBytes ?? 0);
  console.log(
    `memory: heap ${megabytes(start.heapBytes)} → ${megabytes(end.heapBytes)}, resident ${megabytes(start.residentBytes)} → ${megabytes(end.residentBytes)}`,
  );
  return [
    ...(heap > HEAP_GROWTH ? [`the heap grew by ${megabytes(heap)}`] : []),
    ...(resident > RESIDENT_GROWTH ? [`the process grew by ${megabytes(resident)}`] : []),
  ];
}

function megabytes(bytes: number | undefined): string {
  return bytes === undefined ? 'unknown' : `${(bytes / 1e6).toFixed(0)} MB`;
}

function report(rows: ReadonlyMap<string, Row>, faults: readonly string[]): void {
  for (const [area, { cases, slowestMs, slowestCase, answers }] of rows) {
    const common = [...answers].sort((a, b) => b[1] - a[1]).slice(0, 6);
    const told = common.map(([answer, count]) => `${answer}: ${count}`).join(', ');
    console.log(
      `${area.padEnd(18)} ${String(cases).padStart(6)} cases, slowest ${slowestMs.toFixed(0).padStart(5)} ms (case ${slowestCase})   ${told}`,
    );
  }
  for (const fault of faults) console.error(`FAULT ${fault}`);
  console.log(faults.length === 0 ? 'No crash, no hang; memory returned.' : `${faults.length} faults.`);
}

const values = readOptions(process.argv.slice(2), HELP, {
  seed: { type: 'string' },
  cases: { type: 'string', default: '3900' },
  case: { type: 'string' },
});
const { seed, numbers } = withUsageErrors(() => ({
  seed: values.seed === undefined ? randomInt(2 ** 31) : wholeNumber(values.seed, 'seed'),
  numbers:
    values.case === undefined
      ? Array.from({ length: wholeNumber(values.cases, 'cases', 1) }, (_, i) => i)
      : [wholeNumber(values.case, 'case')],
}));
console.log(`seed ${seed}`);
process.exitCode = (await run(seed, numbers)) ? 0 : 1;
