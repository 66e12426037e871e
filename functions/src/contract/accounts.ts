import { z } from 'zod';
import { Currency, DocumentId, EpochMs, LIMITS, Name } from './common.js';
import { Preferences } from './notifications.js';

/** `users/{uid}`: its owner reads it; the server writes it. `claimsVersion` rises when the app must refresh its token. */
export const User = z.strictObject({
  displayName: Name,
  locale: z.string().min(2).max(35),
  claimsVersion: z.int().min(1),
  createdAtMs: EpochMs,
});
export type User = z.infer<typeof User>;

/** `users/{uid}/devices/{deviceId}`: written by its owner under rules. */
export const Device = z.strictObject({
  token: z.string().min(1).max(LIMITS.tokenChars),
  platform: z.enum(['android', 'ios', 'web']),
  ...Preferences.shape,
});
export type Device = z.infer<typeof Device>;

/** `users/{uid}/private/billing`: server only. */
export const Billing = z.strictObject({ stripeCustomerId: z.string().max(100) });
export type Billing = z.infer<typeof Billing>;

/** Counts a customer's only first order among the uses of promotions. No promotion can have this name. */
export const FIRST_ORDER = '*first';
/** `users/{uid}/private/standing`: its owner reads it, the server writes it. What a customer has, and has had. */
export const Standing = z.strictObject({
  /** Credit to spend, by currency, in minor units. */
  credits: z.record(Currency, z.int()).default({}),
  /** Uses of limited promotions, by id. */
  uses: z.record(z.string(), z.int()).default({}),
});
export type Standing = z.infer<typeof Standing>;

/** Custom claims: small, since every token carries them. `role` is absent for a customer without a profile. */
export const Claims = z.object({
  role: z.enum(['customer', 'courier', 'operator']).optional(),
  /** Restaurants whose staff the user is, with the role there. */
  merchant: z.record(DocumentId, z.enum(['owner', 'manager', 'kitchen'])).optional(),
});
export type Claims = z.infer<typeof Claims>;
