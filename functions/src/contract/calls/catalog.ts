import { z } from 'zod';
import { DocumentId, EpochMs, Place, ShownName, TimeZone } from '../common.js';
import { Hours } from '../hours.js';
import { OrderKind } from '../orders.js';
import { Restaurant } from '../restaurants.js';

export const PublishMenuInput = z.strictObject({
  restaurantId: DocumentId,
  /** The published version that the draft was made from: what somebody else published meanwhile is not lost. */
  basedOnVersion: z.int().min(1),
});
export const PublishMenuOutput = z.strictObject({
  version: z.int().min(1),
  /** Of 1 048 576 that one document may have. */
  bytes: z.int(),
});

/** The switches at the till. Everybody on the staff may pause, wake and slow the store; managers open and close it. */
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
      acceptance: Restaurant.shape.acceptance,
      prepMinutes: Restaurant.shape.prepMinutes,
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
  publishMenu: { input: PublishMenuInput, output: PublishMenuOutput },
  switchStore: { input: SwitchStoreInput, output: SwitchStoreOutput },
  updateStore: { input: UpdateStoreInput, output: UpdateStoreOutput },
  setSoldOut: { input: SetSoldOutInput, output: SetSoldOutOutput },
  setStock: { input: SetStockInput, output: SetStockOutput },
  slots: { input: SlotsInput, output: SlotsOutput },
} as const;
