import { z } from 'zod';
import { EpochMs, LIMITS, Uid } from './common.js';

/** Returns the schema of the uploaded documents of an application. */
export const toUploads = <T extends z.ZodType>(upload: T) => z.array(upload).max(10);

/** What the applications of couriers and of merchants have in common: their versions and the operator's decision. */
export const reviewable = {
  /**
   * Rises with each submission, and a courier's with each decision as well: an operator decides on the version that was
   * reviewed.
   */
  version: z.int().min(1).default(1),
  createdAtMs: EpochMs,
  review: z.strictObject({ by: Uid, atMs: EpochMs, reason: z.string().max(LIMITS.reasonChars) }).nullable(),
};
