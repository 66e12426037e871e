import { z } from 'zod';
import { DocumentId, EpochMs, Stamp, Uid } from './common.js';

/** `limits/{kind-digest}`: server only. What is left of what somebody may do; deleted by TTL once it is full again. */
export const LimitBucket = z.strictObject({ tokens: z.int().min(0), atMs: EpochMs, expireAt: Stamp });
export type LimitBucket = z.infer<typeof LimitBucket>;

/** `users/{uid}/private/origin`: server only. The device on which the account was made, by its digest. */
export const Origin = z.strictObject({ device: z.string().length(32) });
export type Origin = z.infer<typeof Origin>;

/** `blockedDevices/{digest}`: operators read it. No account can be made on it. */
export const BlockedDevice = z.strictObject({ by: Uid, uid: Uid, atMs: EpochMs });
export type BlockedDevice = z.infer<typeof BlockedDevice>;

/**
 * An account is linked with so many accounts that came to a signal first, and with so many that came just before it.
 */
export const LINKED_PER_SIGNAL = 10;
/** Besides them a signal keeps so many accounts that have ordered or used a promotion. */
export const USERS_PER_SIGNAL = 40;
/** Of each kind, so that no number of made-up devices takes the place of a card. */
export const MAX_SIGNALS_OF = { device: 8, card: 8, address: 4 } as const;
export const MAX_SIGNALS = 20;
export const MAX_LINKED = 2 * LINKED_PER_SIGNAL * MAX_SIGNALS;
/** Accounts that come at the same time may be more than stay: idle ones are taken out after the next has come. */
const MAX_ACCOUNTS = 1_000;
const SignalId = z.string().regex(/^(device|card|address)-[0-9a-f]{32}$/);

/**
 * Uses of limited promotions by accounts that were erased, under the name of the promotion; they count until `untilMs`.
 */
export const FormerUses = z.strictObject({ count: z.int().min(1), untilMs: EpochMs });
export type FormerUses = z.infer<typeof FormerUses>;

/**
 * `signals/{kind-digest}`: server only. The accounts that use one device, card or address, which only the digest names.
 */
export const AccountSignal = z.strictObject({
  accounts: z.array(Uid).max(MAX_ACCOUNTS).default([]),
  /** Of a device or card: what erased accounts had used, without their uids. */
  used: z.record(z.string().max(64), FormerUses).optional(),
  /**
   * The TTL policy deletes it then, unless an account has used it since. Absent in documents from before the policy.
   */
  expireAt: Stamp.optional(),
});
export type AccountSignal = z.infer<typeof AccountSignal>;

/**
 * `links/{uid}`: server only. The signals of an account, and the other accounts that have one of them too: by a device
 * or a card, and by an address, which many people share and anybody can order to.
 */
export const AccountLinks = z.strictObject({
  signals: z.array(SignalId).max(MAX_SIGNALS).default([]),
  linked: z.array(Uid).max(MAX_LINKED).default([]),
  /** When each of the signals was last put off from expiring. */
  renewedAtMs: z.record(SignalId, EpochMs).optional(),
  neighbours: z.array(Uid).max(MAX_LINKED).optional(),
  /** Restaurants whose staff the account has left, and until when that counts. */
  formerStaffOf: z.record(DocumentId, EpochMs).optional(),
});
export type AccountLinks = z.infer<typeof AccountLinks>;
