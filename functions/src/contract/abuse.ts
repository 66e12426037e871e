import { z } from 'zod';
import { DocumentId, EpochMs, Stamp, Uid } from './common.js';

/** `limits/{kind-digest}`: server only. The remaining tokens of a limit; deleted by TTL once it is full again. */
export const LimitBucket = z.strictObject({ tokens: z.int().min(0), atMs: EpochMs, expireAt: Stamp });
export type LimitBucket = z.infer<typeof LimitBucket>;

/** `users/{uid}/private/origin`: server only. The device on which the account was made, by its digest. */
export const Origin = z.strictObject({ device: z.string().length(32) });
export type Origin = z.infer<typeof Origin>;

/** `blockedDevices/{digest}`: operators read it. No account can be made on it. */
export const BlockedDevice = z.strictObject({ by: Uid, uid: Uid, atMs: EpochMs });
export type BlockedDevice = z.infer<typeof BlockedDevice>;

/** The number of a signal's first accounts, and of its accounts just before, with which an account is linked. */
export const LINKED_PER_SIGNAL = 10;
/** The number of further accounts that a signal keeps because they have ordered or used a promotion. */
export const USERS_PER_SIGNAL = 40;
/**
 * Per kind, so that made-up devices cannot displace a card, however many there are. An account has the two doors and the
 * telephone number of one order at most; older documents have more.
 */
export const MAX_SIGNALS_OF = { device: 8, card: 8, address: 4, door: 8, phone: 4 } as const;
const MAX_SIGNALS = 32;
/** The signals of the kinds by which accounts are linked: device, card and address. */
const MAX_LINKING_SIGNALS = 20;
export const MAX_LINKED = 2 * LINKED_PER_SIGNAL * MAX_LINKING_SIGNALS;
/** Concurrent accounts may exceed the number that is kept: idle ones are removed when the next account is added. */
const MAX_ACCOUNTS = 1_000;
const SignalId = z.string().regex(/^(device|card|address|door|phone)-[0-9a-f]{32}$/);

/**
 * Uses of limited promotions by accounts that were erased, under the name of the promotion; they count until `untilMs`.
 */
export const FormerUses = z.strictObject({ count: z.int().min(1), untilMs: EpochMs });
export type FormerUses = z.infer<typeof FormerUses>;

/**
 * `signals/{kind-digest}`: server only. The accounts that use one device, card, address, door or telephone number, which
 * only the digest names.
 */
export const AccountSignal = z.strictObject({
  accounts: z.array(Uid).max(MAX_ACCOUNTS).default([]),
  /** Except for an address: the uses of erased accounts, without their uids. */
  used: z.record(z.string().max(64), FormerUses).optional(),
  /** The TTL policy deletes the document then, unless an account has used it since. Absent in older documents. */
  expireAt: Stamp.optional(),
});
export type AccountSignal = z.infer<typeof AccountSignal>;

/**
 * `links/{uid}`: server only. The signals of an account, and the other accounts with the same signals: by a device or a
 * card, and by an address, which many people share and to which any customer can order.
 */
export const AccountLinks = z.strictObject({
  signals: z.array(SignalId).max(MAX_SIGNALS).default([]),
  linked: z.array(Uid).max(MAX_LINKED).default([]),
  /** When the expiry of each signal was last extended. */
  renewedAtMs: z.record(SignalId, EpochMs).optional(),
  neighbours: z.array(Uid).max(MAX_LINKED).optional(),
  /** Restaurants whose staff the account has left, and until when that counts. */
  formerStaffOf: z.record(DocumentId, EpochMs).optional(),
});
export type AccountLinks = z.infer<typeof AccountLinks>;
