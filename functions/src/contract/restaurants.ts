import { z } from 'zod';
import {
  Currency,
  DocumentId,
  EpochMs,
  KitchenNote,
  LIMITS,
  Name,
  Minor,
  NonNegativeMinor,
  OrderKind,
  ORDER_KINDS,
  Place,
  Ppm,
  Stamp,
  TaxCategory,
  text,
} from './common.js';
import { Additives, AgeLimit, Allergens, Diets } from './food-facts.js';
import { MediaHash } from './media.js';
import { MAX_TEXT_LANGUAGES, MenuLanguage, MenuTextsDraft } from './menu-texts.js';
import { Daypart, Hours } from './hours.js';
import { PrepTimes } from './prep-times.js';
import { Rating } from './reviews.js';
import { StaffKeys } from './staff-keys.js';
import { OfferedPromotions } from './store-promotions.js';
import { TicketColumns } from './tickets.js';

/** The kinds of orders that a restaurant offers. */
export const OfferedKinds = z
  .array(OrderKind)
  .min(1)
  .max(ORDER_KINDS.length)
  .refine((kinds) => new Set(kinds).size === kinds.length, 'must name each kind once');

/** The length of a restaurant's description. */
export const MAX_STORE_TEXT = 1000;

/** `restaurants/{restaurantId}`: public, with the live facts that a quote needs. */
export const Restaurant = z.strictObject({
  name: Name,
  cuisines: z.array(Name).max(10),
  zoneId: DocumentId,
  currency: Currency,
  timeZone: z.string().min(1).max(60),
  /** A photo of the restaurant's: see contract/media.ts. */
  logo: MediaHash.nullable().default(null),
  /** The wide photo above its page, of the restaurant's photos, too. */
  cover: MediaHash.nullable().default(null),
  description: text(MAX_STORE_TEXT).nullable().default(null),
  /** For customers. */
  phone: z.e164().nullable().default(null),
  /** Quotes of another kind are refused. */
  kinds: OfferedKinds.default([...ORDER_KINDS]),
  location: Place,
  geohash: z.string().min(1).max(12),
  addressLine: z.string().max(200),
  /** `online` accepts orders; `paused` does so again at `pausedUntilMs`; `offline` does not. */
  availability: z.enum(['online', 'paused', 'offline']),
  pausedUntilMs: EpochMs.nullable(),
  acceptance: z.enum(['manual', 'auto']),
  /** As the restaurant sets it; a quote may use the learned time instead. */
  prepMinutes: z.int().min(1).max(180),
  /** Learned from its orders; absent while there are too few. */
  prepTimes: PrepTimes.optional(),
  /** False: quotes use `prepMinutes` alone. Absent: as the zone says. */
  usesLearnedPrep: z.boolean().optional(),
  /** The published menu's version: a quote of another version is priced again. */
  menuVersion: z.int().min(1),
  /** The diets for which at least three items of the published menu are suited. */
  diets: Diets.default([]),
  /** Items and options sold out ("86ed") until the given time; a far time means until further notice. */
  soldOut: z.record(DocumentId, z.int().min(0)),
  /** Orders that the kitchen accepts per quarter of an hour; null: unlimited. */
  slotCapacity: z.int().min(1).nullable().default(null),
  /** Some items are counted: see `live/stock`. */
  countsStock: z.boolean().default(false),
  /** An operator has approved it and the payment provider pays out to it: only then it may go online. */
  canGoOnline: z.boolean().default(false),
  /** Null: open whenever it is online. */
  hours: Hours.nullable().default(null),
  /** Until then the kitchen needs this many minutes more. */
  busy: z
    .strictObject({ extraMinutes: z.int().min(1).max(120), untilMs: EpochMs })
    .nullable()
    .default(null),
  /** The corners of the delivery area; null: as far as the zone's fees reach. */
  deliveryArea: z.array(Place).min(3).max(100).nullable().default(null),
  /** Keys of the members who are not blocked, sorted. New orders copy them. */
  staffKeys: StaffKeys.default([]),
  /** The width of the kitchen's printer; null: no tickets are made. New orders copy it. */
  ticketColumns: TicketColumns.nullable().default(null),
  /**
   * The restaurant's own promotions that need no code and are not paused, for quotes and apps; those that have not
   * begun, or apply at other times of the week, are among them. Absent: none.
   */
  promotions: OfferedPromotions.optional(),
  /** Counted every hour; absent before the first review. */
  rating: Rating.optional(),
});
export type Restaurant = z.infer<typeof Restaurant>;

/** A quarter of an hour of a kitchen, in milliseconds. */
export const SLOT_MS = 15 * 60_000;
/**
 * `restaurants/{restaurantId}/slots/{startMs}`: the customers who hold a place in a quarter of an hour, by quote. A
 * quote's hold expires with the quote, an order's has no end; expired holds are removed with the next write.
 * `accountId` identifies the customer as the ledger does.
 */
export const Slot = z.strictObject({
  holds: z.record(DocumentId, z.strictObject({ accountId: DocumentId, untilMs: EpochMs.nullable() })),
  /** The TTL policy deletes the document then. */
  expireAt: Stamp,
});
export type Slot = z.infer<typeof Slot>;

/**
 * `restaurants/{restaurantId}/live/stock`: remaining portions of counted items; an item without an entry is not
 * counted.
 */
export const Stock = z.strictObject({ left: z.record(DocumentId, z.int()) });
export type Stock = z.infer<typeof Stock>;

export const ModifierOption = z.strictObject({
  id: DocumentId,
  name: Name,
  /** May be negative (without cheese); the price of a unit never is. */
  priceMinor: Minor,
  maxQuantity: z.int().min(1).max(20).default(1),
  /** So many of it are chosen when the app opens the item. Absent: none. The server adds nothing by itself. */
  preselected: z.int().min(1).max(20).optional(),
  /** Groups that open when this option is chosen: two levels in all. */
  groupIds: z.array(DocumentId).max(5).default([]),
  /** Those that it adds. */
  allergens: Allergens.optional(),
  ageLimit: AgeLimit.optional(),
});
export const ModifierGroup = z.strictObject({
  id: DocumentId,
  name: Name,
  min: z.int().min(0).max(20),
  max: z.int().min(1).max(20),
  /** How many different options, beside `min` and `max` of all units. Absent: any number. */
  minDistinct: z.int().min(0).max(20).optional(),
  maxDistinct: z.int().min(1).max(20).optional(),
  /** This many chosen units, the cheapest first, are free. */
  free: z.int().min(0).max(20).default(0),
  options: z.array(ModifierOption).min(1).max(50),
});
export const MenuItem = z.strictObject({
  id: DocumentId,
  name: Name,
  description: text(500).default(''),
  category: Name,
  priceMinor: NonNegativeMinor,
  /** The price for pickup. Absent: the same. */
  pickupPriceMinor: NonNegativeMinor.optional(),
  taxCategory: TaxCategory,
  groupIds: z.array(DocumentId).max(20).default([]),
  /** A photo of the restaurant's: see contract/media.ts. */
  photo: MediaHash.optional(),
  /** Without its options. Absent: not stated; customers then ask the restaurant. */
  allergens: Allergens.optional(),
  diets: Diets.optional(),
  additives: Additives.optional(),
  /** Sold and handed only to people of this age. Absent: to all. */
  ageLimit: AgeLimit.optional(),
  /** Absent: always served. Otherwise only in these, at the price of the first one that applies. */
  dayparts: z
    .array(
      z.strictObject({
        daypartId: DocumentId,
        priceMinor: NonNegativeMinor.optional(),
        pickupPriceMinor: NonNegativeMinor.optional(),
      }),
    )
    .max(10)
    .optional(),
});
export type MenuItem = z.infer<typeof MenuItem>;
export type ModifierGroup = z.infer<typeof ModifierGroup>;

/** `restaurants/{restaurantId}/menus/published`: one document, one read. */
export const Menu = z.strictObject({
  version: z.int().min(1),
  currency: Currency,
  items: z.array(MenuItem).max(500),
  groups: z.array(ModifierGroup).max(300),
  dayparts: z.array(Daypart).max(20).optional(),
  /** Of its texts. Absent: not stated. */
  language: MenuLanguage.optional(),
  /** The other languages in which it has texts, in `menuTexts`. Absent: none. */
  languages: z.array(MenuLanguage).max(MAX_TEXT_LANGUAGES).optional(),
});
export type Menu = z.infer<typeof Menu>;

/** `restaurants/{restaurantId}/menus/draft`: written by managers under rules, checked when it is published. */
export const MenuDraft = Menu.omit({ version: true, languages: true }).extend({
  /** In other languages, published with it. */
  texts: z.record(MenuLanguage, MenuTextsDraft).optional(),
});
export type MenuDraft = z.infer<typeof MenuDraft>;

/**
 * `searchEntries/{restaurantId}`: server only. The tokens by which a restaurant is found, written with its menu and its
 * name.
 */
export const SearchEntry = z.strictObject({ zoneId: DocumentId, tokens: z.array(z.string()) });
export type SearchEntry = z.infer<typeof SearchEntry>;

/** `restaurants/{restaurantId}/private/terms`: server only. The platform's terms with the restaurant. */
export const RestaurantTerms = z.strictObject({
  commissionPpm: Ppm,
  stripeAccountId: z.string().max(64).nullable(),
  /** As the provider last reported. */
  payoutsEnabled: z.boolean().default(false),
  /**
   * What the merchant owes the platform: deducted from the next payouts. `sinceMs` is set every night where it is absent,
   * and removed by a payout that deducts something. Absent: nothing.
   */
  debt: z.strictObject({ owedMinor: z.int().min(0), sinceMs: EpochMs.optional() }).optional(),
});
export type RestaurantTerms = z.infer<typeof RestaurantTerms>;

export const MEMBER_ROLES = ['owner', 'manager', 'kitchen'] as const;
/**
 * `restaurants/{restaurantId}/members/{uid}`: a member of the restaurant's staff. Rules and payments read it, not the
 * token.
 */
export const Member = z.strictObject({
  role: z.enum(MEMBER_ROLES),
  displayName: Name,
  addedAtMs: EpochMs,
  /** Set while an operator blocks the user: the membership has no effect. */
  blocked: z.literal(true).optional(),
});
export type Member = z.infer<typeof Member>;

/** A customer's choice of one item: modifiers may carry modifiers, one level down. */
const ChosenLeaf = z.strictObject({ optionId: DocumentId, quantity: z.int().min(1).max(20) });
export const ChosenModifier = ChosenLeaf.extend({
  modifiers: z.array(ChosenLeaf).max(LIMITS.modifiersPerLine).default([]),
});
export type ChosenModifier = z.infer<typeof ChosenModifier>;
export const CartLine = z.strictObject({
  itemId: DocumentId,
  quantity: z.int().min(1).max(LIMITS.quantityPerLine),
  modifiers: z.array(ChosenModifier).max(LIMITS.modifiersPerLine).default([]),
  /** The kitchen reads it. */
  note: KitchenNote.optional(),
});
export type CartLine = z.infer<typeof CartLine>;

/** The rules have the same limit. */
const MAX_CART_IDS = 200;

/** `carts/{uid}`: written by its owner under rules, which do not check its lines; invalid lines are left out. */
export const Cart = z.object({
  restaurantId: DocumentId,
  /**
   * The items and options in the lines: the server queries them when something is sold out, without reading the lines.
   */
  itemIds: z.array(DocumentId).max(MAX_CART_IDS).default([]),
  lines: z
    .array(z.unknown())
    .transform((lines) => lines.filter((one) => CartLine.safeParse(one).success))
    .pipe(z.array(CartLine)),
  /** The server's time of the last change. */
  updatedAt: Stamp,
});
export type Cart = z.infer<typeof Cart>;
