import { z } from 'zod';
import { EpochMs, Stamp } from './common.js';

const LearnedMinutes = z.int().min(1).max(180);

/** What a kitchen needs at some hours: `minutes` at its usual load then, `calmMinutes` with an empty kitchen. */
const Learned = z.strictObject({ minutes: LearnedMinutes, calmMinutes: LearnedMinutes });

/** The bucket of an hour of the week: see `toPrepHour`. */
const PrepHour = z.string().regex(/^([1-3]?\d|4[0-7])$/);

/**
 * Preparation times learned from a restaurant's orders of the last weeks, every night. In the restaurant's document,
 * which a quote reads anyway.
 */
export const PrepTimes = z.strictObject({
  /** At hours without enough orders. */
  all: Learned,
  hours: z.record(PrepHour, Learned),
  /** Minutes more than `calmMinutes` with some, many and very many orders in the kitchen: see `toLoadLevel`. */
  loads: z.array(z.int().min(0).max(180)).length(3),
  /** The number of orders behind it. */
  orders: z.int().min(1),
  learnedAtMs: EpochMs,
});
export type PrepTimes = z.infer<typeof PrepTimes>;

/** The most orders from which preparation times are learned; the oldest go first. */
export const MAX_PREP_SAMPLES = 1000;

/** The preparation of one order: when it was accepted, beside how many other orders, and how long it took. */
export const PrepSample = z.strictObject({
  atMs: EpochMs,
  load: z.int().min(0),
  minutes: z.number().min(0).max(180),
});
export type PrepSample = z.infer<typeof PrepSample>;

/**
 * `restaurants/{restaurantId}/stats/prepSamples`: server only. The preparations of the last weeks, so that each order is
 * read in one night only.
 */
export const PrepSamples = z.strictObject({
  samples: z.array(PrepSample).max(MAX_PREP_SAMPLES),
  /** Orders that were created until then are among them. */
  throughMs: EpochMs,
  /** The TTL policy deletes the document then. */
  expireAt: Stamp,
});
export type PrepSamples = z.infer<typeof PrepSamples>;
