import { type Figures } from './measure.js';
import { type Rival } from './rivals.js';
import { TASKS } from './tasks.js';
import { median } from './work.js';

const RIVALS = ['emulator', 'floor', 'peer'] as const;

/** NaN where one round failed. */
function medianOf(figures: Figures, task: string, rival: Rival['name']): number {
  const known = figures.get(`${task}/${rival}`) ?? [];
  return known.some(Number.isNaN) ? NaN : median(known);
}

export function report(figures: Figures): void {
  console.log(`${'median, ms per'.padEnd(44)}${RIVALS.map((n) => n.padStart(12)).join('')}`);
  const units = new Map(TASKS.map(({ name, unit }) => [name, unit]));
  for (const name of new Set([...figures.keys()].map((key) => key.slice(0, key.lastIndexOf('/'))))) {
    const unit = units.get(name);
    const cells = RIVALS.map((rival) => shown(medianOf(figures, name, rival)));
    console.log(`${`${name}${unit === undefined ? '' : ` (${unit})`}`.padEnd(44)}${cells.join('')}`);
  }
}

/** A dash: not measured, or failed. A program that loses increments has no valid time for them. */
function shown(figure: number): string {
  return (Number.isNaN(figure) ? '—' : figure.toFixed(2)).padStart(12);
}

/** The goals G5 to G9, each with the measured value. Speed ratios are of rates, so more is better. */
export function reportGoals(figures: Figures): void {
  const own = (task: string): number => medianOf(figures, task, 'emulator');
  const floor = (task: string): number => medianOf(figures, task, 'floor');
  const goals: readonly [string, number, '≤' | '≥', number][] = [
    ['G5 start-up, of the floor', own('start-up') / floor('start-up'), '≤', 1.25],
    ['G5 idle megabytes', own('idle megabytes'), '≤', 65],
    ['G6 sequential sets, of the floor', floor('sequential sets') / own('sequential sets'), '≥', 0.85],
    ['G6 parallel sets, of the floor', floor('parallel sets') / own('parallel sets'), '≥', 0.8],
    ['G6 batch of 500, of the floor', own('batches of 500') / floor('batches of 500'), '≤', 1.5],
    ['G6 rules on, of off', own('parallel sets, rules on') / own('parallel sets, rules off'), '≤', 1.3],
    ['G7 query, ms', own('equality, order, limit 20'), '≤', 5],
    ['G7 seeding, ms', own('seeding'), '≤', 1500],
    ['G8 listened to, of not', own('batched writes, listened to') / own('batched writes'), '≤', 1.3],
    ['G8 last batches, of the first', own('  their last tenth, of the first'), '≤', 1.3],
    ['G9 write to snapshot, of a set', own('write to snapshot') / own('  the same unlistened to'), '≤', 1.2],
    ['G9 20 contended increments, ms', own('20 contended increments'), '≤', 1000],
  ];
  for (const [goal, figure, relation, bound] of goals) {
    const isMet = relation === '≤' ? figure <= bound : figure >= bound;
    const verdict = `goal ${relation} ${bound}`.padEnd(12);
    console.log(`${goal.padEnd(44)}${figure.toFixed(2).padStart(12)}   ${verdict} ${isMet ? 'met' : 'MISSED'}`);
  }
}
