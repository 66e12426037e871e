import { z } from 'zod';
import { DocumentId, EpochMs, Place, ShownName, shownText, TimeZone } from '../contract/common.js';
import { Hours } from '../contract/hours.js';
import { OrderKind } from '../contract/orders.js';
import { MediaHash } from '../contract/media.js';
import { MAX_STORE_TEXT, OfferedKinds, Restaurant } from '../contract/restaurants.js';
import { ANY_ROLE, defineCallable } from './define-callable.js';

export const PublishMenuInput = z.strictObject({
  restaurantId: DocumentId,
  /** The published version that the draft was made from, so that a version published since then is not lost. */
  basedOnVersion: z.int().min(1),
});
export const PublishMenuOutput = z.strictObject({
  version: z.int().min(1),
  /** Of 1 048 576 that one document may have. */
  bytes: z.int(),
});

/** The switches at the till. All staff may pause, wake and slow the store; managers open and close it. */
export const SwitchStoreInput = z.strictObject({
  restaurantId: DocumentId,
  to: z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('online') }),
    z.strictObject({ type: z.literal('offline') }),
    z.strictObject({
      type: z.literal('paused'),
      minutes: z
        .int()
        .min(1)
        .max(24 * 60),
    }),
    z.strictObject({
      type: z.literal('busy'),
      extraMinutes: z.int().min(1).max(120),
      minutes: z
        .int()
        .min(1)
        .max(24 * 60),
    }),
    z.strictObject({ type: z.literal('quiet') }),
  ]),
});
export const SwitchStoreOutput = z.strictObject({
  availability: Restaurant.shape.availability,
  pausedUntilMs: Restaurant.shape.pausedUntilMs,
  busyUntilMs: EpochMs.nullable(),
});

/** How the store works; what is not named stays as it is. */
export const UpdateStoreInput = z.strictObject({
  restaurantId: DocumentId,
  changes: z
    .strictObject({
      name: ShownName,
      cuisines: z.array(ShownName).max(10),
      timeZone: TimeZone,
      /** Photos of the restaurant that are ready; null: none. */
      logo: MediaHash.nullable(),
      cover: MediaHash.nullable(),
      /** Contacts are masked: customers read the telephone number in `phone`. */
      description: shownText(MAX_STORE_TEXT).nullable(),
      phone: z.e164().nullable(),
      kinds: OfferedKinds,
      acceptance: Restaurant.shape.acceptance,
      prepMinutes: Restaurant.shape.prepMinutes,
      usesLearnedPrep: z.boolean(),
      ticketColumns: Restaurant.shape.ticketColumns.unwrap(),
      slotCapacity: z.int().min(1).max(1000).nullable(),
      hours: Hours.nullable(),
      deliveryArea: z.array(Place).min(3).max(100).nullable(),
    })
    .partial(),
});
export const UpdateStoreOutput = z.strictObject({ restaurantId: DocumentId });

export const SetSoldOutInput = z.strictObject({
  restaurantId: DocumentId,
  /** Items and options. */
  ids: z.array(DocumentId).min(1).max(100),
  /** Null: until further notice; 0: to be had again. */
  untilMs: EpochMs.nullable(),
});
export const SetSoldOutOutput = z.strictObject({ soldOut: Restaurant.shape.soldOut });

export const SetStockInput = z.strictObject({
  restaurantId: DocumentId,
  /** Portions left by item; null: not counted any more. */
  left: z.record(DocumentId, z.int().min(0).max(1_000_000).nullable()),
});
export const SetStockOutput = z.strictObject({ countsStock: z.boolean() });

export const SlotsInput = z.strictObject({
  restaurantId: DocumentId,
  /** By the restaurant's calendar. */
  day: z.iso.date(),
  /** A restaurant may have other hours for pickup. */
  kind: OrderKind.default('delivery'),
});
export const SlotsOutput = z.strictObject({
  /** Quarters of an hour in which the food can be ready: a delivery is at the door a ride later. */
  slots: z.array(z.strictObject({ startMs: EpochMs, /** Null: not counted. */ free: z.int().min(0).nullable() })),
});

export const CATALOG_CALLS = {
  publishMenu: defineCallable({
    description: 'Checks `menus/draft` and publishes it as the next version',
    audience: 'owner, manager',
    input: PublishMenuInput,
    output: PublishMenuOutput,
    roles: ['merchant'],
    reasons: [
      'RESTAURANT_NOT_FOUND',
      'ROLE_NOT_ALLOWED',
      'MENU_INVALID',
      'MENU_TOO_LARGE',
      'MENU_CHANGED',
      'ZONE_NOT_FOUND',
    ],
    example: { input: { restaurantId: 'restaurant-1', basedOnVersion: 3 }, output: { version: 4, bytes: 2718 } },
    handler: async () => (await import('../catalog/publish-menu.js')).publishMenu,
  }),
  switchStore: defineCallable({
    description: 'Switches a restaurant to `online`, `offline`, `paused`, `busy` or `quiet`',
    audience: 'staff',
    input: SwitchStoreInput,
    output: SwitchStoreOutput,
    roles: ['merchant'],
    reasons: ['RESTAURANT_NOT_FOUND', 'ROLE_NOT_ALLOWED', 'CANNOT_GO_ONLINE'],
    example: {
      input: { restaurantId: 'restaurant-1', to: { type: 'paused', minutes: 15 } },
      output: { availability: 'paused', pausedUntilMs: 1_772_475_300_000, busyUntilMs: null },
    },
    handler: async () => (await import('../catalog/store-settings.js')).switchStore,
  }),
  updateStore: defineCallable({
    description:
      'Saves name, logo, cover, description and telephone number, the kinds of orders offered, hours by kind with holidays and last orders, time zone, acceptance, preparation time (its own or learned), places per quarter of an hour and delivery area',
    audience: 'owner, manager',
    input: UpdateStoreInput,
    output: UpdateStoreOutput,
    roles: ['merchant'],
    reasons: ['RESTAURANT_NOT_FOUND', 'ROLE_NOT_ALLOWED', 'TIME_ZONE_UNKNOWN', 'PHOTO_NOT_FOUND'],
    example: {
      input: {
        restaurantId: 'restaurant-1',
        changes: {
          prepMinutes: 12,
          logo: '5d41402abc4b2a76b9719d911017c592',
          description: 'Wood-fired pizza, dough of two days.',
          phone: '+431234567',
          kinds: ['delivery', 'pickup'],
          hours: { weekly: [{ days: [0, 1, 2, 3, 4], fromMinute: 660, toMinute: 1320 }], lastOrderMinutes: 15 },
        },
      },
      output: { restaurantId: 'restaurant-1' },
    },
    handler: async () => (await import('../catalog/store-settings.js')).updateStore,
  }),
  setSoldOut: defineCallable({
    description:
      'Marks items and options as sold out until a time or until further notice, or as available again; customers with one in their cart are notified',
    audience: 'staff',
    input: SetSoldOutInput,
    output: SetSoldOutOutput,
    roles: ['merchant'],
    reasons: ['RESTAURANT_NOT_FOUND'],
    example: {
      input: { restaurantId: 'restaurant-1', ids: ['pizza-4'], untilMs: 1_772_557_200_000 },
      output: { soldOut: { 'pizza-4': 1_772_557_200_000 } },
    },
    handler: async () => (await import('../catalog/store-settings.js')).setSoldOut,
  }),
  setStock: defineCallable({
    description: 'Sets the portions left of counted items',
    audience: 'staff',
    input: SetStockInput,
    output: SetStockOutput,
    roles: ['merchant'],
    reasons: ['RESTAURANT_NOT_FOUND'],
    example: {
      input: { restaurantId: 'restaurant-1', left: { 'pizza-5': 8, 'pizza-4': null } },
      output: { countsStock: true },
    },
    handler: async () => (await import('../catalog/store-settings.js')).setStock,
  }),
  slots: defineCallable({
    description:
      'Lists the quarters of an hour of a day for which food ordered now can be ready and the kitchen has a place left',
    audience: 'any role',
    input: SlotsInput,
    output: SlotsOutput,
    roles: ANY_ROLE,
    reasons: ['RESTAURANT_NOT_FOUND', 'ZONE_NOT_FOUND'],
    example: {
      input: { restaurantId: 'restaurant-1', day: '2026-03-02', kind: 'pickup' },
      output: {
        slots: [
          { startMs: 1_772_474_400_000, free: 4 },
          { startMs: 1_772_475_300_000, free: null },
        ],
      },
    },
    handler: async () => (await import('../catalog/slots.js')).slots,
  }),
};
