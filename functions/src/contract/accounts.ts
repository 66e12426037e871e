import { z } from 'zod';
import { Currency, DocumentId, EpochMs, EpochSeconds, LIMITS, Name, Uid } from './common.js';
import { Preferences } from './notifications.js';
import { MEMBER_ROLES } from './restaurants.js';

/**
 * `users/{uid}`: its owner reads it; the server writes it. `claimsVersion` rises when the app must refresh its token.
 */
export const User = z.strictObject({
  displayName: Name,
  locale: z.string().min(2).max(35),
  claimsVersion: z.int().min(1),
  createdAtMs: EpochMs,
  /** Sign-ins before this time are revoked. Rules compare it with `auth_time`. Absent: none was revoked. */
  signedInAfter: EpochSeconds.optional(),
});
export type User = z.infer<typeof User>;

/** The number of a user's devices that are notified; an account that registers more loses the oldest registrations. */
export const MAX_DEVICES = 20;
/** `users/{uid}/devices/{deviceId}`: written by its owner under rules. */
export const Device = z.strictObject({
  token: z.string().min(1).max(LIMITS.tokenChars),
  platform: z.enum(['android', 'ios', 'web']),
  ...Preferences.shape,
});
export type Device = z.infer<typeof Device>;

/** `deviceTokens/{digest}`: server only. The device that last registered an FCM token, by the token's digest. */
export const DeviceToken = z.strictObject({ uid: Uid, deviceId: DocumentId });
export type DeviceToken = z.infer<typeof DeviceToken>;

/** `users/{uid}/private/billing`: server only. */
export const Billing = z.strictObject({ stripeCustomerId: z.string().max(100) });
export type Billing = z.infer<typeof Billing>;

/** Counts a customer's only first order among the uses of promotions. A promotion cannot have this name. */
export const FIRST_ORDER = '*first';
/** Counts the claims of an erased account among the uses that it leaves. A promotion cannot have this name. */
export const FORMER_CLAIMS = '*claims';
/** The place in a kitchen's quarter of an hour that the newest quote holds. */
export const SlotHold = z.strictObject({ quoteId: DocumentId, restaurantId: DocumentId, slotMs: EpochMs });
export type SlotHold = z.infer<typeof SlotHold>;

/**
 * `users/{uid}/private/standing`: its owner reads it, the server writes it. The customer's credit, uses of promotions
 * and history.
 */
export const CustomerBalance = z.strictObject({
  /** Credit to spend, by currency, in minor units. */
  credits: z.record(Currency, z.int()).default({}),
  /** Uses of limited promotions, by id. */
  uses: z.record(z.string(), z.int()).default({}),
  /** An order of the customer was delivered, collected or returned: there is no first order any more. */
  hasOrdered: z.literal(true).optional(),
  /** A customer holds one place at a time, over all kitchens. */
  slotHold: SlotHold.optional(),
});
export type CustomerBalance = z.infer<typeof CustomerBalance>;

/** A user's role besides memberships of restaurants. */
export const USER_ROLES = ['customer', 'courier', 'operator'] as const;
export type UserRole = (typeof USER_ROLES)[number];

/** The roles of operators. `admin` may do everything; for the others see authority/operator-calls.ts. */
export const OPERATOR_ROLES = ['admin', 'dispatcher', 'support', 'finance'] as const;
export type OperatorRole = (typeof OPERATOR_ROLES)[number];

/**
 * The number of restaurants that the claims name. Twelve of them with the longest ids and roles make 970 bytes;
 * Firebase allows 1,000. Source: Firebase docs, "Control access with custom claims".
 */
export const CLAIMED_RESTAURANTS = 12;

const MemberRole = z.enum(MEMBER_ROLES);

/** The memberships of a token that this version knows. */
const KnownMemberships = z.record(z.string(), z.unknown()).transform((claimed) =>
  Object.fromEntries(
    Object.entries(claimed).flatMap(([id, role]) => {
      const known = MemberRole.safeParse(role);
      return known.success && DocumentId.safeParse(id).success ? [[id, known.data] as const] : [];
    }),
  ),
);

/**
 * Custom claims: small, since every token carries them. `role` is absent for a customer without a profile. A role that
 * this version does not know counts as none: during a deployment a newer version may have given it.
 */
export const Claims = z.object({
  role: z.enum(USER_ROLES).optional().catch(undefined),
  /** The operator role; absent for an admin. One that this version does not know may do nothing. */
  desk: z.union([z.enum(OPERATOR_ROLES), z.unknown().transform((): 'unknown' => 'unknown')]).optional(),
  /** Restaurants whose staff the user is, with the role there. */
  merchant: KnownMemberships.optional().catch(undefined),
  /** The user works for more restaurants than `merchant` names: for the others the membership document decides. */
  manyRestaurants: z.literal(true).optional().catch(undefined),
});
export type Claims = z.infer<typeof Claims>;

/**
 * `authorities/{uid}`: server only. The document from which the user's claims are derived. It is written in the
 * transaction that changes the role or a membership document, so that the documents always agree.
 */
export const Authority = z.strictObject({
  /** Null before the user has a profile. */
  role: z.enum(USER_ROLES).nullable(),
  /** Of an operator; absent: `admin`. Null for any other user. */
  operatorRole: z.enum(OPERATOR_ROLES).nullable().optional(),
  /** The user's role in each restaurant: a copy of `restaurants/{id}/members/{uid}`. */
  merchant: z.record(DocumentId, z.enum(MEMBER_ROLES)),
  /** An operator has blocked the user. */
  blocked: z.boolean(),
  /** Rises with every change. */
  version: z.int().min(0),
  /** The version that the claims were derived from; lower than `version` while they are not up to date. */
  appliedVersion: z.int().min(0),
  /** All sessions are to be revoked when the claims are next written. */
  endSessions: z.boolean(),
});
export type Authority = z.infer<typeof Authority>;
