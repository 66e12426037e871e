import { parseArgs } from 'node:util';
import { deleteApp, initializeApp } from 'firebase-admin/app';
import { type Firestore, initializeFirestore } from 'firebase-admin/firestore';
import { gather, type Rival, type Running, start } from './rivals.js';
import { FULL, median, QUICK, type Sizes, TASKS } from './tasks.js';

const HELP = `Measures the Firestore drop-in beside the floor (a server that answers a canned Commit) and a peer from npm.

  npm run bench:emulator -- [--quick] [--rounds N]

All take turns in each round, so that what else the machine does falls on all alike. Ratios are of medians.
`;

const WARM_UP_SETS = 200;

/** Figures by "task/rival", one per round. */
type Figures = Map<string, number[]>;

interface Entrant {
  readonly rival: Rival;
  readonly running: Running;
  readonly db: Firestore;
  close(): Promise<void>;
}

async function enter(rival: Rival): Promise<Entrant> {
  const running = await start(rival);
  const app = initializeApp({ projectId: 'demo-bench' }, `${rival.name}${running.port}`);
  const db = initializeFirestore(app, {});
  db.settings({ host: `127.0.0.1:${running.port}`, ssl: false, customHeaders: { Authorization: 'Bearer owner' } });
  const close = async (): Promise<void> => {
    await deleteApp(app);
    await running.stop();
  };
  return { rival, running, db, close };
}

async function measure(rivals: readonly Rival[], sizes: Sizes, rounds: number): Promise<Figures> {
  const figures: Figures = new Map();
  const note = (key: string, figure: number): unknown => figures.set(key, [...(figures.get(key) ?? []), figure]);
  for (let round = 0; round < rounds; round++) {
    const entrants: Entrant[] = [];
    for (const rival of rivals) {
      const entrant = await enter(rival);
      entrants.push(entrant);
      note(`start-up/${rival.name}`, entrant.running.bootMs);
      note(`idle megabytes/${rival.name}`, ((await entrant.running.residentBytes()) ?? NaN) / 1e6);
    }
    for (const { db } of entrants) await warmUp(db);
    for (const task of TASKS)
      for (const { rival, db } of rotated(entrants, round))
        if (task.of.includes(rival.name))
          note(`${task.name}/${rival.name}`, await task.run(db, sizes).catch(() => NaN));
    for (const entrant of entrants) await entrant.close();
  }
  return figures;
}

/** The first calls of a process measure its compiler. */
async function warmUp(db: Firestore): Promise<void> {
  for (let i = 0; i < WARM_UP_SETS; i++) await db.doc(`warm/${i}`).set({ i });
}

/** Who goes first changes with each round. */
function rotated<T>(items: readonly T[], by: number): T[] {
  const at = by % items.length;
  return [...items.slice(at), ...items.slice(0, at)];
}

function medianOf(figures: Figures, task: string, rival: Rival['name']): number {
  return median(figures.get(`${task}/${rival}`) ?? []);
}

function report(figures: Figures): void {
  console.log(`${'median, ms per'.padEnd(40)}${['emulator', 'floor', 'peer'].map((n) => n.padStart(12)).join('')}`);
  const rows = [{ name: 'start-up', unit: 'start' }, { name: 'idle megabytes', unit: '' }, ...TASKS];
  for (const { name, unit } of rows) {
    const cells = (['emulator', 'floor', 'peer'] as const).map((rival) => shown(medianOf(figures, name, rival)));
    console.log(`${`${name}${unit === '' ? '' : ` (${unit})`}`.padEnd(40)}${cells.join('')}`);
  }
}

/** A dash: not asked of it, or failed: a peer that loses increments has no time for them. */
function shown(figure: number): string {
  return (Number.isNaN(figure) ? '—' : figure.toFixed(2)).padStart(12);
}

/** The goals G5 to G9, each with what was measured. Speed ratios are of rates, so more is better there. */
function reportGoals(figures: Figures): void {
  const own = (task: string): number => medianOf(figures, task, 'emulator');
  const floor = (task: string): number => medianOf(figures, task, 'floor');
  const goals: readonly [string, number, '≤' | '≥', number][] = [
    ['G5 start-up, of the floor', own('start-up') / floor('start-up'), '≤', 1.25],
    ['G5 idle megabytes', own('idle megabytes'), '≤', 65],
    ['G6 sequential sets, of the floor', floor('sequential sets') / own('sequential sets'), '≥', 0.85],
    ['G6 parallel sets, of the floor', floor('parallel sets') / own('parallel sets'), '≥', 0.8],
    ['G6 batch of 500, of the floor', own('batches of 500') / floor('batches of 500'), '≤', 1.5],
    ['G7 query, ms', own('equality, order, limit 20'), '≤', 5],
    ['G7 seeding, ms', own('seeding'), '≤', 1500],
    ['G8 listened to, of not', own('batched writes, listened to') / own('batched writes'), '≤', 1.3],
    ['G9 write to snapshot, of a set', own('write to snapshot') / own('sequential sets'), '≤', 1.2],
    ['G9 20 contended increments, ms', own('20 contended increments'), '≤', 1000],
  ];
  for (const [goal, figure, relation, bound] of goals) {
    const isMet = relation === '≤' ? figure <= bound : figure >= bound;
    console.log(
      `${goal.padEnd(40)}${figure.toFixed(2).padStart(12)}   goal ${relation} ${bound}   ${isMet ? 'met' : 'MISSED'}`,
    );
  }
}

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(HELP);
} else {
  const { rivals, missing, remove } = await gather();
  try {
    for (const reason of missing) console.log(reason);
    const figures = await measure(rivals, values.quick ? QUICK : FULL, Number(values.rounds ?? (values.quick ? 1 : 5)));
    report(figures);
    reportGoals(figures);
    if (values.quick) console.log('With --quick the sizes are smaller than the goals speak of.');
  } finally {
    await remove();
  }
}
