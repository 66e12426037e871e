import {
  computePrepTimes,
  proposePrepMinutes,
  selectSamples,
  type PrepFacts,
} from '../../../functions/src/catalog/model/prep-times.js';
import { listPreparations } from '../../../functions/src/orders/model/preparations.js';
import { Random } from '../random.js';
import { runKitchen, TIME_ZONE, type Cooked } from './cook.js';

const DAY_MS = 24 * 3_600_000;
/** A Monday. */
const FROM_MS = Date.parse('2026-03-02T00:00:00+01:00');
const LEARNING_DAYS = 28;
const TESTED_DAYS = 7;
const KITCHENS = 20;

/** The mean absolute error of the promised preparation times, in minutes. */
export interface PrepErrors {
  /** Of a number that the restaurant sets: its median, to five minutes. */
  fixed: number;
  /** Learned by the hour of the week. */
  hours: number;
  /** Learned by the hour and the load. */
  load: number;
  orders: number;
}

/**
 * Lets kitchens cook for four weeks by hour and load, learns from what they and the couriers reported, and compares the
 * promises for the fifth week with what the orders really took.
 */
export function comparePrepTimes(seed: number): PrepErrors {
  const random = new Random(seed).fork('kitchens');
  const errors = Array.from({ length: KITCHENS }, (_, kitchen) => errorsOf(random.fork(`kitchen ${kitchen}`))).flat();
  const mean = (of: (one: OrderErrors) => number) => errors.reduce((sum, one) => sum + of(one), 0) / errors.length;
  return {
    fixed: mean(({ fixed }) => fixed),
    hours: mean(({ hours }) => hours),
    load: mean(({ load }) => load),
    orders: errors.length,
  };
}

type OrderErrors = Omit<PrepErrors, 'orders'>;

function errorsOf(random: Random): OrderErrors[] {
  const learnedMs = FROM_MS + LEARNING_DAYS * DAY_MS;
  const cooked = runKitchen(random, FROM_MS, learnedMs + TESTED_DAYS * DAY_MS);
  const before = cooked.filter(({ atMs }) => atMs < learnedMs);
  const samples = selectSamples(listPreparations(before.map(({ order }) => order)), learnedMs);
  const prepTimes = computePrepTimes(samples, TIME_ZONE, learnedMs);
  const prepMinutes = toRestaurantsNumber(before);
  if (!prepTimes) throw new Error('a kitchen has cooked too little to learn from');
  const kitchen = { prepMinutes, prepTimes, timeZone: TIME_ZONE };
  return cooked.slice(before.length).map(({ atMs, load, minutes }) => {
    const error = (mode: PrepFacts['mode'], known: number | null) =>
      Math.abs(proposePrepMinutes(kitchen, { nowMs: atMs, mode, load: known }) - minutes);
    return { fixed: error('off', null), hours: error('hours', null), load: error('load', load) };
  });
}

function toRestaurantsNumber(cooked: readonly Cooked[]): number {
  const sorted = cooked.map(({ minutes }) => minutes).toSorted((a, b) => a - b);
  return 5 * Math.round((sorted[Math.floor(sorted.length / 2)] ?? 0) / 5);
}
