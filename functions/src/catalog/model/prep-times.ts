import type { Restaurant } from '../../contract/restaurants.js';
import { MAX_PREP_SAMPLES, type PrepSample, type PrepTimes } from '../../contract/prep-times.js';
import type { ZoneLimits } from '../../contract/zones.js';
import { lookUp } from '../../core/look-up.js';
import { toMinuteOfWeek } from '../../hours/hours.js';

const DAY_MS = 24 * 3_600_000;
const HOUR_MINUTES = 60;
const DAY_MINUTES = 24 * HOUR_MINUTES;

/** Preparation times are learned from so many days. */
export const LEARNED_DAYS = 28;
/** Fewer orders show nothing: the restaurant's own number is used. */
const MIN_SAMPLES = 30;
/** An hour, or a load, has its own value once it has this many orders. */
const MIN_PART = 8;
/** What was learned is used for this long: a kitchen that was closed for weeks may have changed. */
const USED_MS = 21 * DAY_MS;
/** The orders of an hour with a load say something about both from this number on. */
const MIN_CELL = 3;
/** The fit converges within a few rounds. */
const ROUNDS = 30;

/** Monday to Thursday, Friday, Saturday, Sunday: by day of the week, Monday is 0. */
const DAY_GROUPS = [0, 0, 0, 0, 1, 2, 3] as const;
const BLOCK_HOURS = 2;

/** Returns the bucket of a time: two hours of the day, Monday to Thursday together; 0 to 47. In the restaurant's time zone. */
export function toPrepHour(timeZone: string, atMs: number): number {
  const minute = toMinuteOfWeek(timeZone, atMs);
  const group = DAY_GROUPS[Math.floor(minute / DAY_MINUTES)] ?? 0;
  const block = Math.floor((minute % DAY_MINUTES) / (BLOCK_HOURS * HOUR_MINUTES));
  return (group * 24) / BLOCK_HOURS + block;
}

/** From this number of other orders in the kitchen on it has some, many and very many of them. */
const LOAD_STEPS = [2, 4, 7] as const;
const LEVELS = LOAD_STEPS.length + 1;

/** Returns the level of a load: 0 with at most one other order, 3 with very many. */
export function toLoadLevel(load: number): number {
  return LOAD_STEPS.filter((step) => load >= step).length;
}

/** Selects the samples from which the times are learned: of the last weeks, the latest where there are too many. */
export function selectSamples(samples: readonly PrepSample[], nowMs: number): PrepSample[] {
  const recent = samples.filter(({ atMs }) => atMs > nowMs - LEARNED_DAYS * DAY_MS);
  return recent.toSorted((a, b) => a.atMs - b.atMs).slice(-MAX_PREP_SAMPLES);
}

interface Fact {
  hour: number;
  level: number;
  minutes: number;
}

/**
 * Learns the preparation times. The median of an hour is what an order takes then at the usual load. The medians of each
 * hour with each load, as sums of an effect of the hour and one of the load, say what it takes at another load. Medians,
 * so that a single order, or a few false reports, move nothing. Null for too few samples.
 */
export function computePrepTimes(samples: readonly PrepSample[], timeZone: string, nowMs: number): PrepTimes | null {
  if (samples.length < MIN_SAMPLES) return null;
  const facts = samples.map(({ atMs, load, minutes }) => ({
    hour: toPrepHour(timeZone, atMs),
    level: toLoadLevel(load),
    minutes,
  }));
  const { hours, loads } = fitEffects(toCells(facts));
  const least = Math.min(...facts.map(({ minutes }) => minutes));
  const calmAnyHour = median(facts.map(({ minutes, level }) => minutes - (loads[level] ?? 0)));
  const learned = (some: readonly Fact[], calm: number) => {
    const minutes = median(some.map((one) => one.minutes));
    return { minutes: toMinutes(minutes), calmMinutes: toMinutes(Math.max(least, Math.min(minutes, calm))) };
  };
  const own = [...groupBy(facts, ({ hour }) => hour)].filter(([, some]) => some.length >= MIN_PART);
  return {
    all: learned(facts, calmAnyHour),
    hours: Object.fromEntries(own.map(([hour, some]) => [String(hour), learned(some, hours.get(hour) ?? calmAnyHour)])),
    loads: loads.slice(1).map((more) => Math.min(MAX_MINUTES, Math.round(more))),
    orders: samples.length,
    learnedAtMs: nowMs,
  };
}

/** The orders of one hour with one load. */
interface Cell extends Fact {
  /** The number of orders; `minutes` is their median. */
  weight: number;
}

function toCells(facts: readonly Fact[]): Cell[] {
  const cells = groupBy(facts, ({ hour, level }) => hour * LEVELS + level);
  return [...cells.values()].flatMap((some) => {
    const [first] = some;
    const minutes = median(some.map((one) => one.minutes));
    return first && some.length >= MIN_CELL ? [{ ...first, minutes, weight: some.length }] : [];
  });
}

interface Effects {
  /** Minutes with an empty kitchen, by hour. */
  hours: ReadonlyMap<number, number>;
  /** Minutes more by level, from 0 on; never less with more orders. */
  loads: readonly number[];
}

/** Fits the sums by least squares: each effect in turn is the mean of what the other one leaves. */
function fitEffects(cells: readonly Cell[]): Effects {
  let hours = new Map<number, number>();
  let loads: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    hours = meanBy(
      cells,
      ({ hour }) => hour,
      ({ level, minutes }) => minutes - (loads[level] ?? 0),
    );
    const byLevel = meanBy(
      cells,
      ({ level }) => level,
      ({ hour, minutes }) => minutes - (hours.get(hour) ?? 0),
    );
    const levels = Array.from({ length: LEVELS }, (_, level) => byLevel.get(level) ?? -Infinity);
    // A level without enough orders takes as long as the one below it.
    const raised = levels.map((_, level) =>
      Math.max(...levels.slice(0, level + 1), levels[0] === -Infinity ? 0 : -Infinity),
    );
    loads = raised.map((one) => one - (raised[0] ?? 0));
  }
  return { hours, loads };
}

function meanBy(
  cells: readonly Cell[],
  by: (cell: Cell) => number,
  value: (cell: Cell) => number,
): Map<number, number> {
  const sums = new Map<number, { sum: number; weight: number }>();
  for (const cell of cells) {
    const { sum, weight } = sums.get(by(cell)) ?? { sum: 0, weight: 0 };
    sums.set(by(cell), { sum: sum + cell.weight * value(cell), weight: weight + cell.weight });
  }
  return new Map([...sums].map(([key, { sum, weight }]) => [key, sum / weight]));
}

function groupBy(facts: readonly Fact[], by: (fact: Fact) => number): Map<number, Fact[]> {
  const groups = new Map<number, Fact[]>();
  for (const fact of facts) {
    const group = groups.get(by(fact));
    if (group) group.push(fact);
    else groups.set(by(fact), [fact]);
  }
  return groups;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2;
}

const MAX_MINUTES = 180;
const toMinutes = (minutes: number): number => Math.min(MAX_MINUTES, Math.max(1, Math.round(minutes)));

/** How quotes use the learned times, and how many orders are in the kitchen; null: not counted. */
export interface PrepFacts {
  nowMs: number;
  mode: ZoneLimits['learnedPrep'];
  load: number | null;
}

type Kitchen = Pick<Restaurant, 'prepMinutes' | 'prepTimes' | 'usesLearnedPrep' | 'timeZone'>;

/** A full kitchen that takes only a little longer is not worth a read for each quote. */
const COUNTED_MINUTES = 3;

/** True where a quote depends on the orders in the kitchen. */
export function needsLoad(kitchen: Kitchen, { nowMs, mode }: Pick<PrepFacts, 'nowMs' | 'mode'>): boolean {
  const learned = mode === 'load' ? selectLearned(kitchen, { nowMs, mode }) : null;
  return learned !== null && learned.loads.some((more) => more >= COUNTED_MINUTES);
}

/** Learned times are at least half, and at most three times, what the restaurant says. */
const LEAST = 0.5;
const MOST = 3;

/**
 * Proposes the preparation time of an order for now, in minutes: the learned one where the zone and the restaurant use
 * it and enough is known, otherwise the restaurant's own.
 */
export function proposePrepMinutes(kitchen: Kitchen, facts: PrepFacts): number {
  const { prepMinutes, timeZone } = kitchen;
  const learned = selectLearned(kitchen, facts);
  if (!learned) return prepMinutes;
  const { minutes, calmMinutes } = lookUp(learned.hours, String(toPrepHour(timeZone, facts.nowMs))) ?? learned.all;
  const level = facts.load === null ? null : toLoadLevel(facts.load);
  const proposed = level === null ? minutes : calmMinutes + (level === 0 ? 0 : (learned.loads[level - 1] ?? 0));
  const [least, most] = [Math.ceil(prepMinutes * LEAST), Math.min(MAX_MINUTES, prepMinutes * MOST)];
  return Math.min(most, Math.max(least, proposed));
}

function selectLearned(
  { prepTimes, usesLearnedPrep }: Kitchen,
  { nowMs, mode }: Pick<PrepFacts, 'nowMs' | 'mode'>,
): PrepTimes | null {
  if (mode === 'off' || usesLearnedPrep === false || !prepTimes) return null;
  return nowMs - prepTimes.learnedAtMs <= USED_MS ? prepTimes : null;
}
