import { enter, type Entrant, putRules } from './entrants.js';
import { type Rival, start } from './rivals.js';
import { type Sizes, type Task, TASKS } from './tasks.js';
import { deviceSets, latency, seed } from './work.js';

const WARM_UP_SETS = 200;
const BATCH = 500;
/** A task that takes longer counts as failed. */
const TASK_MS = 60_000;
/** Together with the longest round this limits the whole run to eight minutes. */
const LAST_ROUND_BEGINS_MS = 300_000;

/** Figures by "task/program". */
export type Figures = Map<string, number[]>;
type Note = (key: string, figure: number) => unknown;

export async function measure(rivals: readonly Rival[], sizes: Sizes, rounds: number): Promise<Figures> {
  const figures: Figures = new Map();
  const note: Note = (key, figure) => figures.set(key, [...(figures.get(key) ?? []), figure]);
  await timeStartUps(rivals, sizes.turns, note);
  const begun = performance.now();
  for (let round = 0; round < rounds && performance.now() - begun < LAST_ROUND_BEGINS_MS; round++) {
    const tell = (what: string): unknown => process.stderr.write(`round ${round + 1} of ${rounds}: ${what}\n`);
    const entrants = await enterAll(rivals, note);
    tell('warm-up');
    for (let turn = 0; turn < sizes.warmUps; turn++) for (const entrant of entrants) await warmUp(entrant, turn);
    for (const task of TASKS) {
      tell(task.name);
      await runTask(task, entrants, sizes, round, note);
    }
    for (const entrant of entrants) await entrant.close();
    tell('memory');
    for (const rival of rivals) if (rival.name === 'emulator') await weigh(rival, sizes, note);
  }
  return figures;
}

/** Each starts alone and in changing order: otherwise the first one of a round would always follow the longest task. */
async function timeStartUps(rivals: readonly Rival[], turns: number, note: Note): Promise<void> {
  for (let turn = 0; turn < turns; turn++) {
    for (const rival of ordered(rivals, turn)) {
      const running = await start(rival);
      note(`start-up/${rival.name}`, running.bootMs);
      await running.stop();
    }
  }
}

async function enterAll(rivals: readonly Rival[], note: Note): Promise<Entrant[]> {
  const entrants: Entrant[] = [];
  for (const rival of rivals) {
    const entrant = await enter(rival);
    entrants.push(entrant);
    note(`idle megabytes/${rival.name}`, ((await entrant.running.residentBytes()) ?? NaN) / 1e6);
    if (rival.name === 'emulator') await putRules(entrant);
  }
  return entrants;
}

/** A program that failed at a task does not get it again: a task that hangs would cost its timeout each time. */
const failures = new Set<string>();

/**
 * The first thousands of calls to a process measure its compiler, so all programs warm up together. A program that
 * waited for a slow one would be cold again, because V8 discards the compiled code of an idle process.
 */
async function warmUp({ rival, clients }: Entrant, turn: number): Promise<void> {
  const { db, unruled, ruled } = clients;
  for (const client of [db, unruled, ruled]) await deviceSets(client, WARM_UP_SETS);
  await seed(db, `warm${turn}`, BATCH);
  if (rival.name === 'emulator') await latency(db, WARM_UP_SETS);
}

/** Short tasks run several times in turn, so that a busy moment of the machine does not affect one program only. */
async function runTask(
  task: Task,
  entrants: readonly Entrant[],
  sizes: Sizes,
  round: number,
  note: Note,
): Promise<void> {
  for (let turn = 0; turn < (task.isShort ? sizes.turns : 1); turn++) {
    for (const { rival, clients } of ordered(entrants, round + turn)) {
      const key = `${task.name}/${rival.name}`;
      const isSpared = failures.has(key) || (round > 0 && task.onceFor === rival.name);
      if (isSpared || !task.of.includes(rival.name)) continue;
      const aside = (name: string, value: number): unknown => note(`${name}/${rival.name}`, value);
      const figure = await withinTime(task.run(clients, sizes, aside));
      note(key, figure);
      if (!Number.isNaN(figure)) continue;
      failures.add(key);
      process.stderr.write(`failed: ${key}\n`);
    }
  }
}

async function withinTime(work: Promise<number>): Promise<number> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<number>((resolve) => (timer = setTimeout(() => resolve(NaN), TASK_MS)));
  const figure = await Promise.race([work.catch(() => NaN), late]);
  clearTimeout(timer);
  return figure;
}

/**
 * Uses every permutation. With a rotation one program would always follow the slowest and find the processor's caches
 * in that state.
 */
function ordered<T>(items: readonly T[], by: number): T[] {
  const orders = permutations(items);
  return orders[by % orders.length] ?? [];
}

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length < 2) return [[...items]];
  return items.flatMap((first) => permutations(items.filter((item) => item !== first)).map((rest) => [first, ...rest]));
}

/** Measures the memory of a process with this many documents and no other load. */
async function weigh(rival: Rival, { documents, batched }: Sizes, note: Note): Promise<void> {
  const entrant = await enter(rival);
  for (const [name, count] of [
    ['fewer', documents],
    ['more', batched],
  ] as const) {
    await seed(entrant.clients.db, name, count);
    note(`megabytes with ${count} documents/${rival.name}`, ((await entrant.running.residentBytes()) ?? NaN) / 1e6);
  }
  await entrant.close();
}
