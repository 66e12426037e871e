import { z } from 'zod';
import { Vehicle } from '../contract/couriers.js';
import { OPERATOR_ROLES } from '../contract/accounts.js';
import { DocumentId, ShownName, Uid } from '../contract/common.js';
import { PhoneLocale } from '../contract/notifications.js';
import { Reason } from '../contract/moves.js';
import { MEMBER_ROLES } from '../contract/restaurants.js';
import { defineCallable } from './define-callable.js';

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
    z.strictObject({ type: z.literal('operator'), as: z.enum(OPERATOR_ROLES).default('admin') }),
    z.strictObject({ type: z.literal('courier'), zoneId: DocumentId, vehicle: Vehicle }),
    z.strictObject({ type: z.literal('merchant'), restaurantId: DocumentId, as: z.enum(MEMBER_ROLES) }),
  ]),
  /** For the audit. */
  reason: Reason.optional(),
});
export const GrantRoleOutput = CreateProfileOutput;

export const BlockUserInput = z.strictObject({ uid: Uid, reason: Reason });
export const BlockUserOutput = z.strictObject({ blocked: z.boolean() });

const Nothing = z.strictObject({});

export const ACCOUNT_CALLS = {
  blockUser: defineCallable({
    description:
      'Blocks a user within half a minute: sessions end, memberships no longer count, a courier goes offline and devices receive no notification',
    audience: 'operator',
    input: BlockUserInput,
    output: BlockUserOutput,
    roles: ['operator'],
    reasons: ['USER_NOT_FOUND', 'OTHER_OPERATOR_REQUIRED'],
    example: { input: { uid: 'customer-7', reason: 'Claims with photos of other orders' }, output: { blocked: true } },
    handler: async () => (await import('../accounts/block-user.js')).blockUser,
  }),
  unblockUser: defineCallable({
    description: 'Ends a block; a suspended courier stays suspended',
    audience: 'operator',
    input: BlockUserInput,
    output: BlockUserOutput,
    roles: ['operator'],
    reasons: ['USER_NOT_FOUND', 'OTHER_OPERATOR_REQUIRED'],
    example: { input: { uid: 'customer-7', reason: 'The photos were mixed up' }, output: { blocked: false } },
    handler: async () => (await import('../accounts/block-user.js')).unblockUser,
  }),
  signOutEverywhere: defineCallable({
    description: 'Ends every session of the caller on every device and removes the devices',
    audience: 'signed in',
    input: Nothing,
    output: Nothing,
    reasons: [],
    example: { input: {}, output: {} },
    handler: async () => (await import('../accounts/block-user.js')).signOutEverywhere,
  }),
  createProfile: defineCallable({
    description: 'Creates the caller’s profile with the role customer; refresh the ID token afterwards',
    audience: 'signed in',
    input: CreateProfileInput,
    output: CreateProfileOutput,
    reasons: ['USER_NOT_FOUND', 'DEVICE_BLOCKED'],
    example: {
      input: { displayName: 'Olga Kowalski', locale: 'de-AT', deviceId: '7D1B4F4E-2C0A-4B7E' },
      output: { uid: 'customer-1', claimsVersion: 1 },
    },
    handler: async () => (await import('../accounts/create-profile.js')).createProfile,
  }),
  grantRole: defineCallable({
    description:
      'Gives or takes a role: courier, merchant (owner, manager or kitchen of one restaurant) or operator (admin, dispatcher, support or finance)',
    audience: 'operator',
    input: GrantRoleInput,
    output: GrantRoleOutput,
    roles: ['operator'],
    reasons: [
      'USER_NOT_FOUND',
      'ZONE_NOT_FOUND',
      'RESTAURANT_NOT_FOUND',
      'LAST_OWNER',
      'OTHER_OPERATOR_REQUIRED',
      'CASH_CARRIED',
      'ORDERS_OPEN',
    ],
    example: {
      input: { uid: 'courier-1', role: { type: 'courier', zoneId: 'demoville', vehicle: 'scooter' } },
      output: { uid: 'courier-1', claimsVersion: 2 },
    },
    handler: async () => (await import('../accounts/grant-role.js')).grantRole,
  }),
};
