import { computePrepTimes } from '../../../functions/src/catalog/model/prep-times.js';
import type { PrepSample, PrepTimes } from '../../../functions/src/contract/prep-times.js';
import { listPreparations } from '../../../functions/src/orders/model/preparations.js';
import type { Random } from '../random.js';
import { runKitchen } from './cook.js';

const DAY_MS = 24 * 3_600_000;
const WEEKS_MS = 21 * DAY_MS;
/** A kitchen is a little faster than it says. */
const PACE = 0.8;

/** What a kitchen has learned from its orders. */
export interface Experience {
  samples: PrepSample[];
  prepTimes: PrepTimes;
}

/** Lets a kitchen cook for the weeks before `nowMs`, most orders somewhat faster than the minutes that it says. */
export function gainExperience(random: Random, prepMinutes: number, timeZone: string, nowMs: number): Experience {
  const cooked = listPreparations(runKitchen(random, nowMs - WEEKS_MS, nowMs).map(({ order }) => order));
  const sorted = cooked.map(({ minutes }) => minutes).toSorted((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)] ?? 1;
  const samples = cooked.slice(-MOST_SAMPLES).map((one) => ({
    ...one,
    minutes: (one.minutes * prepMinutes * PACE) / middle,
  }));
  const prepTimes = computePrepTimes(samples, timeZone, nowMs);
  if (!prepTimes) throw new Error('a kitchen has cooked too little to learn from');
  return { samples, prepTimes };
}

const MOST_SAMPLES = 400;
