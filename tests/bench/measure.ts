import { type Clients, enter, type Entrant, putRules } from './entrants.js';
import { type Rival } from './rivals.js';
import { type Sizes, type Task, TASKS } from './tasks.js';
import { deviceSets, seed } from './work.js';

const WARM_UP_TURNS = 30;
const WARM_UP_SETS = 200;
const WARM_UP_BATCHES = 20;
const BATCH = 500;
/** A task that takes longer counts as failed. */
const TASK_MS = 60_000;
/** With the longest round this keeps the whole within eight minutes. */
const LAST_ROUND_BEGINS_MS = 300_000;

/** Figures by "task/rival". */
export type Figures = Map<string, number[]>;
type Note = (key: string, figure: number) => unknown;

export async function measure(rivals: readonly Rival[], sizes: Sizes, rounds: number): Promise<Figures> {
  const figures: Figures = new Map();
  const note: Note = (key, figure) => figures.set(key, [...(figures.get(key) ?? []), figure]);
  const begun = performance.now();
  for (let round = 0; round < rounds && performance.now() - begun < LAST_ROUND_BEGINS_MS; round++) {
    const tell = (what: string): unknown => process.stderr.write(`round ${round + 1} of ${rounds}: ${what}\n`);
    const entrants = await enterAll(rivals, note);
    tell('warm-up');
    for (const { clients } of entrants) await warmUp(clients);
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

async function enterAll(rivals: readonly Rival[], note: Note): Promise<Entrant[]> {
  const entrants: Entrant[] = [];
  for (const rival of rivals) {
    const entrant = await enter(rival);
    entrants.push(entrant);
    note(`start-up/${rival.name}`, entrant.running.bootMs);
    note(`idle megabytes/${rival.name}`, ((await entrant.running.residentBytes()) ?? NaN) / 1e6);
    if (rival.name === 'emulator') await putRules(entrant);
  }
  return entrants;
}

/** Who has failed at a task is not asked again: a task that hangs would be waited for each time. */
const failures = new Set<string>();

/** The first thousands of calls to a process measure its compiler. */
async function warmUp({ db, unruled, ruled }: Clients): Promise<void> {
  for (const client of [db, unruled, ruled])
    for (let turn = 0; turn < WARM_UP_TURNS; turn++) await deviceSets(client, WARM_UP_SETS);
  for (let i = 0; i < WARM_UP_BATCHES; i++) await seed(db, `warm${i}`, BATCH);
}

/** Short tasks are done several times in turn, or a moment in which the machine is busy would fall on one rival. */
async function runTask(
  task: Task,
  entrants: readonly Entrant[],
  sizes: Sizes,
  round: number,
  note: Note,
): Promise<void> {
  for (let turn = 0; turn < (task.isShort ? sizes.turns : 1); turn++) {
    for (const { rival, clients } of rotated(entrants, round + turn)) {
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

/** Who goes first changes with each round and turn. */
function rotated<T>(items: readonly T[], by: number): T[] {
  const at = by % items.length;
  return [...items.slice(at), ...items.slice(0, at)];
}

/** What a process holds after so many documents and nothing else. */
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
