import { z } from 'zod';
import { EpochMs } from './common.js';

/** The factor of a delivery fee without surge. */
export const NO_SURGE_PPM = 1_000_000;
/** The greatest factor that an operator may set, or allow. */
export const MAX_SURGE_PPM = 5_000_000;

const SurgePpm = z.int().min(NO_SURGE_PPM).max(MAX_SURGE_PPM);

/**
 * How the delivery fee of a zone rises with the orders that wait for a courier. The pressure is their number for each
 * free courier, of whom at least one is assumed.
 */
export const AutoSurge = z.strictObject({
  /** Fewer waiting orders never raise it. */
  minWaiting: z.int().min(1).max(1_000).default(3),
  /** The pressure up to which there is none, in millionths: by default one order for each free courier. */
  startsAtPpm: z.int().min(0).max(100_000_000).default(1_000_000),
  /** What each further order for each free courier adds to the factor. */
  perOrderPpm: z.int().min(1_000).max(4_000_000).default(250_000),
  /** The factor is rounded down to such steps, and changes by whole ones. */
  stepPpm: z.int().min(10_000).max(1_000_000).default(100_000),
  maxPpm: SurgePpm.default(2_000_000),
  /** After a change the factor stays for so long. */
  holdMinutes: z.int().min(1).max(60).default(5),
});
export type AutoSurge = z.infer<typeof AutoSurge>;

/** `zones/{zoneId}/live/surge`: the automatic surge. Written when it changes, and renewed while it is above none. */
export const Surge = z.strictObject({
  /** Multiplies the delivery fee of quotes; frozen in each. */
  surgePpm: SurgePpm,
  /** The counts from which it was computed: orders that waited for a courier, and free couriers. */
  waiting: z.int().min(0),
  free: z.int().min(0),
  /** When it last changed. */
  atMs: EpochMs,
  /** From then on there is none, unless it was renewed. */
  untilMs: EpochMs,
});
export type Surge = z.infer<typeof Surge>;
