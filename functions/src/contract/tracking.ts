import { z } from 'zod';
import { DocumentId, EpochMs, Stamp, Uid } from './common.js';

/** `shares/{token}`: server only. A client with the token may see where an order is, until it is delivered. */
export const Share = z.strictObject({
  orderId: DocumentId,
  customerId: Uid,
  createdAtMs: EpochMs,
  /** The TTL policy deletes it then. */
  expireAt: Stamp,
});
export type Share = z.infer<typeof Share>;

/** The actual ride to the door divided by the quoted ride: its median, and the 90th percentile. */
export const RideRatio = z.strictObject({ p50: z.number().min(0), p90: z.number().min(0), rides: z.int().min(0) });
export type RideRatio = z.infer<typeof RideRatio>;

/** `zones/{zoneId}/stats/eta`: signed-in apps read it; computed every night from delivered orders. */
export const EtaTable = z.strictObject({
  all: RideRatio,
  /** By hour of the day, UTC; an hour with few rides is missing. */
  hours: z.record(z.string().regex(/^\d{1,2}$/), RideRatio),
  updatedAtMs: EpochMs,
});
export type EtaTable = z.infer<typeof EtaTable>;
