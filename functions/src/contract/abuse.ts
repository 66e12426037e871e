import { z } from 'zod';
import { EpochMs, Stamp, Uid } from './common.js';

/** `limits/{kind-digest}`: server only. What is left of what somebody may do; deleted by TTL once it is full again. */
export const LimitBucket = z.strictObject({ tokens: z.int().min(0), atMs: EpochMs, expireAt: Stamp });
export type LimitBucket = z.infer<typeof LimitBucket>;

/** `users/{uid}/private/origin`: server only. The device on which the account was made, by its digest. */
export const Origin = z.strictObject({ device: z.string().length(32) });
export type Origin = z.infer<typeof Origin>;

/** `blockedDevices/{digest}`: operators read it. No account can be made on it. */
export const BlockedDevice = z.strictObject({ by: Uid, uid: Uid, atMs: EpochMs });
export type BlockedDevice = z.infer<typeof BlockedDevice>;
