import { z } from 'zod';
import { Currency, DocumentId, EpochMs, line, Name, NonNegativeMinor, Place } from '../contract/common.js';
import { OrderKind } from '../contract/orders.js';
import { Diets } from '../contract/food-facts.js';
import { MediaHash } from '../contract/media.js';
import { CartLine, OfferedKinds } from '../contract/restaurants.js';
import { ANY_ROLE, defineCallable } from './define-callable.js';

export const DiscoverInput = z.strictObject({
  place: Place,
  /** Where `text` is looked for. Absent: in the zone that serves the place. */
  zoneId: DocumentId.optional(),
  /** A name, a dish, a cuisine, or how one begins; a slip of one letter is forgiven. */
  text: line(80).min(1).optional(),
  radiusMeters: z.int().min(100).max(20_000).default(5_000),
  cuisines: z.array(Name).max(10).default([]),
  /** Restaurants with at least three items for each of these. */
  diets: Diets.default([]),
  /** `isOpen` holds for this kind of order. Restaurants that do not offer it are not found. For pickup, those that do not deliver to the place are. */
  kind: OrderKind.default('delivery'),
  openOnly: z.boolean().default(false),
  /** 0: free delivery only. Of no effect for pickup. By the distance in a straight line: the quote knows the way. */
  maxDeliveryFeeMinor: NonNegativeMinor.optional(),
  limit: z.int().min(1).max(50).default(20),
  /** Of the page before. */
  cursor: z.string().max(200).optional(),
  /** `asOfMs` of an earlier answer: only what has changed since. */
  changedSinceMs: EpochMs.optional(),
});

/** A restaurant in a list. Its own document has the rest, and is what an open page listens to. */
export const RestaurantCard = z.strictObject({
  restaurantId: DocumentId,
  name: Name,
  cuisines: z.array(Name),
  logo: MediaHash.nullable(),
  cover: MediaHash.nullable(),
  diets: Diets,
  /** The kinds of orders that it offers; without the kind that was asked for only in an answer to `changedSinceMs`. */
  kinds: OfferedKinds,
  location: Place,
  isOpen: z.boolean(),
  prepMinutes: z.int(),
  distanceMeters: z.int(),
  /**
   * An estimate by the fees and the present surge of the restaurant’s own zone; null: the place is further than the zone
   * delivers, or outside the area of the zone or the restaurant.
   */
  deliveryFeeMinor: NonNegativeMinor.nullable(),
  /** Of the restaurant’s zone. */
  currency: Currency,
  /** The mean of its reviews, to a tenth; null before the first. */
  rating: z.strictObject({ stars: z.number().min(1).max(5), count: z.int().min(1) }).nullable(),
  /** One of its own promotions that need no code runs now: its document has them. */
  hasPromotion: z.boolean(),
});
export type RestaurantCard = z.infer<typeof RestaurantCard>;

export const DiscoverOutput = z.strictObject({
  restaurants: z.array(RestaurantCard),
  cursor: z.string().nullable(),
  asOfMs: EpochMs,
});

export const ReorderInput = z.strictObject({ orderId: DocumentId });
/** What has become of each line of an earlier order, and the cart that is left of it. Nothing is stored. */
export const ReorderOutput = z.strictObject({
  restaurantId: DocumentId,
  isOpen: z.boolean(),
  lines: z.array(
    z.discriminatedUnion('outcome', [
      z.strictObject({ outcome: z.literal('kept'), line: CartLine, unitMinor: NonNegativeMinor }),
      z.strictObject({
        outcome: z.literal('repriced'),
        line: CartLine,
        unitMinor: NonNegativeMinor,
        beforeMinor: NonNegativeMinor,
      }),
      z.strictObject({ outcome: z.literal('gone'), itemId: DocumentId, name: z.string(), reason: z.string() }),
    ]),
  ),
  cart: z.array(CartLine),
});
export type Reordered = z.infer<typeof ReorderOutput>;

export const FindZoneInput = Place;
export const FindZoneOutput = z.strictObject({
  /** Null: no zone with an area has the place in it. */
  zone: z
    .strictObject({
      zoneId: DocumentId,
      name: Name,
      currency: Currency,
      /** Of its fees and limits: an app that has read this version of `zones/{zoneId}` need not read it again. */
      version: z.int().min(1),
    })
    .nullable(),
});

export const DISCOVERY_CALLS = {
  findZone: defineCallable({
    description: 'Finds the zone that serves a place; of several, the one with the smallest area',
    audience: 'signed in',
    input: FindZoneInput,
    output: FindZoneOutput,
    reasons: [],
    example: {
      input: { lat: 48.21545, lng: 16.37229 },
      output: { zone: { zoneId: 'demoville', name: 'Demoville', currency: 'EUR', version: 2 } },
    },
    handler: async () => (await import('../discovery/find-zone.js')).findZone,
  }),
  discover: defineCallable({
    description:
      'Finds restaurants around a place or by name, dish, cuisine or diet, ranked by route and rating, page by page, or those changed since a time; for delivery or pickup',
    audience: 'signed in',
    input: DiscoverInput,
    output: DiscoverOutput,
    reasons: ['ZONE_NOT_FOUND'],
    example: {
      input: { place: { lat: 48.21545, lng: 16.37229 }, text: 'margherita', openOnly: true },
      output: {
        restaurants: [
          {
            restaurantId: 'restaurant-1',
            name: 'Forno Lento',
            cuisines: ['Pizza'],
            logo: '5d41402abc4b2a76b9719d911017c592',
            cover: null,
            diets: ['vegetarian'],
            kinds: ['delivery', 'pickup'],
            location: { lat: 48.21183, lng: 16.36982 },
            isOpen: true,
            prepMinutes: 5,
            distanceMeters: 442,
            deliveryFeeMinor: 199,
            currency: 'EUR',
            rating: { stars: 4.6, count: 38 },
            hasPromotion: true,
          },
        ],
        cursor: null,
        asOfMs: 1_772_474_400_000,
      },
    },
    handler: async () => (await import('../discovery/discover.js')).discover,
  }),
  reorder: defineCallable({
    description: 'Turns an earlier order into a cart of today, line by line: kept, repriced or gone',
    audience: 'customer',
    input: ReorderInput,
    output: ReorderOutput,
    roles: ANY_ROLE,
    reasons: ['ORDER_NOT_FOUND', 'RESTAURANT_NOT_FOUND'],
    example: {
      input: { orderId: 'Hk3VYq0sWm8RtZ1bNcX7' },
      output: {
        restaurantId: 'restaurant-1',
        isOpen: true,
        lines: [
          {
            outcome: 'repriced',
            line: { itemId: 'pizza-2', quantity: 1, modifiers: [{ optionId: 'large', quantity: 1, modifiers: [] }] },
            unitMinor: 1590,
            beforeMinor: 1540,
          },
          { outcome: 'gone', itemId: 'pizza-4', name: 'Burrata', reason: 'ITEM_SOLD_OUT' },
        ],
        cart: [{ itemId: 'pizza-2', quantity: 1, modifiers: [{ optionId: 'large', quantity: 1, modifiers: [] }] }],
      },
    },
    handler: async () => (await import('../discovery/reorder.js')).reorder,
  }),
};
