import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readOptions, withUsageErrors, wholeNumber } from '#local/command-line.js';

const run = promisify(execFile);
const FUNCTIONS = join(import.meta.dirname, '../../functions');
const GOAL = 1.5;

const HELP = `Measures how long a deployed function takes to load its entry, beside a function of the same kind that does nothing.

  npm run bench:cold -- [--rounds N]

  --rounds N   processes for each figure, in turn; 15 without it

Each figure is the median over new processes, in milliseconds. Goal: at most ${GOAL} times a callable that does nothing, or a
function of the same kind where the SDK itself takes longer for that kind.
`;

const values = readOptions(process.argv.slice(2), HELP, { rounds: { type: 'string', default: '15' } });
const rounds = withUsageErrors(() => wholeNumber(values.rounds, 'rounds', 1));

/** One function of each kind, beside an empty function of the same kind for comparison. */
const KINDS: Readonly<Record<string, string>> = {
  quote: "const { onCall: on } = require(\'firebase-functions/https\'); exports.quote = on(() => 1);",
  track: "const { onRequest: on } = require(\'firebase-functions/https\'); exports.track = on(() => {});",
  onDevice:
    "const { onDocumentWritten: on } = require(\'firebase-functions/firestore\'); exports.onDevice = on('a/{b}', () => 1);",
  sweep:
    "const { onSchedule: on } = require(\'firebase-functions/scheduler\'); exports.sweep = on('every 1 minutes', () => {});",
  wakeUp: "const { onTaskDispatched: on } = require(\'firebase-functions/tasks\'); exports.wakeUp = on(() => {});",
  onPhotoUploaded:
    "const { onObjectFinalized: on } = require(\'firebase-functions/storage\'); exports.onPhotoUploaded = on({ bucket: 'demo-bucket' }, () => 1);",
};

/** A callable that does nothing, measured first. */
let callableMs = 0;

const folder = await mkdtemp(join(FUNCTIONS, '.cold-'));
try {
  await run(process.execPath, [join(FUNCTIONS, 'build.mjs'), join(folder, 'lib')]);
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  console.log('ms to load                 ours   nothing   ratio');
  for (const [name, source] of Object.entries(KINDS)) await compare(name, source);
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function compare(name: string, source: string): Promise<void> {
  const nothing = join(folder, `${name}.cjs`);
  await writeFile(nothing, source);
  const [ours, theirs]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    ours.push(await loadMs(join(folder, 'lib/index.cjs'), name));
    theirs.push(await loadMs(nothing, name));
  }
  callableMs = name === 'quote' ? median(theirs) : callableMs;
  const ratio = median(ours) / Math.max(median(theirs), callableMs);
  const verdict = ratio <= GOAL ? 'met' : 'MISSED';
  console.log(
    `${name.padEnd(20)} ${[median(ours), median(theirs)].map((ms) => ms.toFixed(0).padStart(9)).join('')} ${ratio.toFixed(2).padStart(8)}  ${verdict}`,
  );
}

/** In a process of its own, as the platform starts it. */
async function loadMs(file: string, target: string): Promise<number> {
  const program = `import { createRequire } from 'node:module'; const began = performance.now(); createRequire('/')(${JSON.stringify(file)}); console.log(performance.now() - began);`;
  const env = {
    PATH: process.env['PATH'],
    FUNCTION_TARGET: target,
    GCLOUD_PROJECT: 'demo-cold',
    FIREBASE_CONFIG: '{"projectId":"demo-cold"}',
  };
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', program], { env });
  return Number(stdout.trim());
}

function median(figures: readonly number[]): number {
  return figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)] ?? NaN;
}
