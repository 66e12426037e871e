import { z } from 'zod';
import { Vehicle } from '../couriers.js';
import { DocumentId, ShownName, Uid } from '../common.js';
import { PhoneLocale } from '../notifications.js';
import { Reason } from '../moves.js';
import { MEMBER_ROLES } from '../restaurants.js';

export const CreateProfileInput = z.strictObject({
  displayName: ShownName,
  locale: PhoneLocale,
  /** The same for every account on a phone: `identifierForVendor`, `ANDROID_ID`. Only its digest is kept. */
  deviceId: z.string().min(8).max(128).optional(),
});
export const CreateProfileOutput = z.strictObject({ uid: Uid, claimsVersion: z.int() });

export const GrantRoleInput = z.strictObject({
  uid: Uid,
  role: z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('customer') }),
    z.strictObject({ type: z.literal('operator') }),
    z.strictObject({ type: z.literal('courier'), zoneId: DocumentId, vehicle: Vehicle }),
    z.strictObject({ type: z.literal('merchant'), restaurantId: DocumentId, as: z.enum(MEMBER_ROLES) }),
  ]),
});
export const GrantRoleOutput = CreateProfileOutput;

export const BlockUserInput = z.strictObject({ uid: Uid, reason: Reason });
export const BlockUserOutput = z.strictObject({ blocked: z.boolean() });

const Nothing = z.strictObject({});

export const ACCOUNT_CALLS = {
  blockUser: { input: BlockUserInput, output: BlockUserOutput },
  unblockUser: { input: BlockUserInput, output: BlockUserOutput },
  signOutEverywhere: { input: Nothing, output: Nothing },
  createProfile: { input: CreateProfileInput, output: CreateProfileOutput },
  grantRole: { input: GrantRoleInput, output: GrantRoleOutput },
} as const;
